import Chemistry
import FileIO
import Foundation
import Tables

/// A space file: candidate spaces, one after the other, and what is filtered out of them.
///
///     [[space]]
///     kind = "substitution"
///     host = "Li7La3Zr2O12"
///     [[space.site]]
///     replace = "Zr"
///     by = ["Ta5+", "Nb5+"]
///     fractions = { from = 0.05, to = 0.5, step = 0.05 }
///
///     [filter]
///     max-price = 200
public struct SpaceFile: Sendable {
  public let name: String
  public let space: SpaceUnion
  public let filter: CandidateFilter
  /// Kind and size of each space.
  public let parts: [(kind: String, count: Int)]
  /// SHA-256 of the text, followed by those of the lists it names.
  public let digests: [String]
  /// Rows of lists that are no formulas.
  public let diagnostics: [Diagnostic]

  public static let kinds = ["list", "mixture", "palette", "solid-solution", "substitution", "template"]

  /// - Throws: `FileError`, `SpaceError`.
  public init(reading path: String) throws {
    let data = try FileContents.read(path)
    let isStream = path == FileContents.standardStream
    try self.init(
      parsing: data, file: isStream ? "<standard input>" : path,
      folder: isStream ? "." : URL(fileURLWithPath: path).deletingLastPathComponent().path)
  }

  /// - Parameters:
  ///   - data: TOML in UTF-8.
  ///   - file: the name for errors.
  ///   - folder: where the relative paths of lists start.
  public init(parsing data: Data, file: String, folder: String) throws(SpaceError) {
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .syntax(file: file, line: 1, column: 1, problem: "bytes that are not UTF-8 text")
    }
    let root = try SpaceTable.parse(text, file: file)
    name = try root.string("name") ?? URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    let tables = try root.tables("space")
    guard !tables.isEmpty else { throw root.failure("", "no space", "add [[space]] with kind = \"substitution\" or another kind") }
    var spaces: [any CandidateSpace] = []
    var parts: [(String, Int)] = []
    var digests = [Digest.sha256(data)]
    var diagnostics: [Diagnostic] = []
    for table in tables {
      let kind = try table.requiredString("kind")
      let space: any CandidateSpace
      do throws(SpaceError) {
        switch kind {
        case "list":
          let list = try ListSpace(table, folder: folder)
          digests += list.digests
          diagnostics += list.diagnostics
          space = list
        case "mixture": space = try MixtureSpace(table)
        case "palette": space = try PaletteSpace(table)
        case "solid-solution": space = try SolidSolutionSpace(table)
        case "substitution": space = try HostSpace(table)
        case "template": space = try TemplateSpace(table)
        default:
          let near = Suggestion.nearest(to: kind, among: Self.kinds).map { "did you mean \"\($0)\"?" }
          throw table.failure("kind", "\"\(kind)\" is no kind of space", near ?? "there are \(Self.kinds.joined(separator: ", "))")
        }
      } catch .tooLarge {
        throw table.failure("", "more than 2^62 candidates, or more than can be listed", "take fewer elements, amounts or steps")
      }
      spaces.append(space)
      parts.append((kind, space.count))
    }
    filter = try CandidateFilter(root.subtable("filter"))
    try root.finish()
    do throws(SpaceError) { space = try SpaceUnion(spaces) } catch {
      throw root.failure("", "the spaces together have more than 2^62 candidates", "split the file")
    }
    self.parts = parts
    self.digests = digests
    self.diagnostics = diagnostics
  }
}
