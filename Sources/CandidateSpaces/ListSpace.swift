import Chemistry
import FileIO
import Foundation
import Tables

/// A plain list of formulas, from the space file itself or from a CSV file.
///
/// A row that is no formula holds no candidate and is reported.
public struct ListSpace: CandidateSpace {
  public var count: Int { candidates.count }
  public let isDense: Bool
  /// Rows that are no formulas.
  public let diagnostics: [Diagnostic]
  /// SHA-256 of the file; empty for formulas in the space file.
  public let digests: [String]

  private let candidates: [Composition?]

  public func candidate(at index: Int) -> Composition? { candidates[index] }

  init(candidates: [Composition?], diagnostics: [Diagnostic], digests: [String]) {
    self.candidates = candidates
    self.diagnostics = diagnostics
    self.digests = digests
    isDense = diagnostics.isEmpty
  }

  /// Reads `kind = "list"`. - Parameter folder: where relative paths start.
  init(_ table: SpaceTable, folder: String) throws(SpaceError) {
    let formulas = try table.strings("formulas")
    let path = try table.string("file")
    let column = try table.string("column") ?? "formula"
    try table.finish()
    if let formulas {
      guard path == nil else { throw table.failure("file", "stands beside formulas", "keep one of them, or write two spaces") }
      var candidates: [Composition?] = []
      for formula in formulas { candidates.append(try table.composition(formula, "formulas")) }
      guard !candidates.isEmpty else { throw table.failure("formulas", "is empty", "write at least one formula") }
      self.init(candidates: candidates, diagnostics: [], digests: [])
      return
    }
    guard let path else { throw table.failure("", "file is missing", "add file = \"candidates.csv\" or formulas = [\"…\"]") }
    let full = path.hasPrefix("/") ? path : URL(fileURLWithPath: folder).appendingPathComponent(path).path
    var diagnostics: [Diagnostic] = []
    var candidates: [Composition?] = []
    let digests: [String]
    do {
      let source = try Table(reading: full)
      let index = try source.requireIndex(of: column)
      digests = source.digests
      for row in source.rows {
        if let defect = row.defect {
          diagnostics.append(defect)
          candidates.append(nil)
          continue
        }
        do {
          candidates.append(try Composition(formula: row.cells[index]))
        } catch {
          diagnostics.append(Diagnostic(at: row.location, column: column, problem: error.problem, remedy: error.remedy))
          candidates.append(nil)
        }
      }
    } catch {
      throw table.failure("file", "\(error)", "give the path of a CSV file, relative to the space file")
    }
    self.init(candidates: candidates, diagnostics: diagnostics, digests: digests)
  }
}
