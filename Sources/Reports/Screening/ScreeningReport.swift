import Foundation
import Screening

/// A screening result for people and programs.
public struct ScreeningReport: Sendable {
  private let result: ScreeningResult

  public init(_ result: ScreeningResult) { self.result = result }

  /// The best twenty.
  public func lines(width: Int) -> [String] {
    var columns: [(String, TextTable.Alignment)] = [("rank", .right), ("formula", .left)]
    for model in result.description.models {
      let level = Int((result.description.settings.intervalLevel * 100).rounded())
      columns += [(model.name, .right), ("\(level)% interval", .right), ("domain", .right)]
    }
    let isConstrained = !result.description.settings.constraints.isEmpty
    if isConstrained { columns.append(("feasible", .right)) }
    columns += [("nearest known", .left), ("origin", .left)]
    var table = TextTable(columns)
    for (place, row) in result.rows.prefix(20).enumerated() {
      var cells = ["\(place + 1)", row.formula]
      for p in row.predictions {
        cells += [p.mean.fixed(2), "\(p.lower.fixed(2)) to \(p.upper.fixed(2))", p.domain.fixed(2)]
      }
      if isConstrained { cells.append(row.feasibility.fixed(2)) }
      table.append(cells + [row.nearest, row.origin])
    }
    return table.lines(width: width)
  }

  /// What became of the candidates, in one sentence.
  public func footnote(seconds: Double?) -> String {
    let tally = result.tally
    var parts = ["\(result.rows.count.grouped) kept of \(tally.candidates.grouped) candidates (about \(Int(result.distinctEstimate.rounded()).grouped) different formulas)"]
    let filtered = tally.filtered.values.reduce(0, +)
    if filtered > 0 {
      let reasons = tally.filtered.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value.grouped)" }
      parts.append("filtered out \(filtered.grouped): \(reasons.joined(separator: ", "))")
    }
    if tally.pruned > 0 { parts.append("\(tally.pruned.grouped) could not be among the best and were left after the first stage") }
    if tally.infeasible > 0 { parts.append("\(tally.infeasible.grouped) miss the constraints") }
    if let seconds, seconds > 0 {
      parts.append("\(seconds.fixed(1)) s, \(Int(Double(tally.candidates) / seconds).grouped) candidates/s")
    }
    return parts.joined(separator: "; ")
  }

  public struct Document: Encodable {
    let provenance: ScreeningDocument
    let output: String
    let seconds: Double?
    let candidatesPerSecond: Double?
    let threads: Int?
  }

  public func document(seconds: Double?, threads: Int?, output: String) -> Document {
    Document(
      provenance: ScreeningDocument(result, columns: ScreeningTable(result).columns), output: output, seconds: seconds,
      candidatesPerSecond: seconds.map { Double(result.tally.candidates) / max($0, 1e-9) }, threads: threads)
  }
}

extension Int {
  /// With commas between thousands.
  public var grouped: String {
    var text = ""
    for (place, digit) in "\(abs(self))".reversed().enumerated() {
      if place > 0, place % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + String(text.reversed())
  }
}

/// Rate and time left of a screening run, a few times a minute in a log and often on a terminal.
public final class ScreeningProgress {
  private let reporter: ProgressReporter
  private let isTerminal = Terminal.error.isTerminal
  private var lastLine = -Double.infinity

  public init(quiet: Bool) { reporter = ProgressReporter("screening", quiet: quiet) }

  public func report(_ progress: ScreeningRun.Progress) {
    guard isTerminal || progress.done == progress.total || progress.seconds - lastLine >= 10 else { return }
    lastLine = progress.seconds
    let rate = Double(progress.doneNow) / max(progress.seconds, 1e-9)
    reporter.report(progress.done, of: progress.total, note: "\(Int(rate).grouped) indices/s")
  }
}
