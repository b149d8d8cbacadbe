import ArgumentParser
import Chemistry
import LinearAlgebra
import Reports
import Synchronization
import Tables

struct BenchParse: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse", abstract: "Measure how fast formulas are read, from text to composition.",
    discussion: """
      The fast path is what plain formulas take; the full grammar reads the same texts when it is made to.

      Example:
        superionic bench parse Datasets/phases.csv
      """)

  @Argument(help: "A CSV file with formulas.")
  var table: String

  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    var texts = try Table(reading: table).column(formulaColumn).filter { (try? Composition(formula: $0)) != nil }
    guard !texts.isEmpty else { throw ValidationError("\(table) has no formula that can be read") }
    // Enough work for the clock.
    while texts.count < 200_000 { texts += texts }
    let formulas = texts
    var rows: [Row] = []
    func measure(_ step: String, threads: Int, _ read: @Sendable (String) -> Int) {
      let sum = Atomic(0)
      let seconds = MachineRate.best(of: 5) {
        sum.store(0, ordering: .relaxed)
        Threads.forEachChunk(of: formulas.count, chunkSize: 1024, limit: threads) { range in
          var own = 0
          for i in range { own += read(formulas[i]) }
          sum.add(own, ordering: .relaxed)
        }
      }
      rows.append(
        Row(
          step: step, threads: threads, count: formulas.count, perSecond: Double(formulas.count) / seconds,
          nanoseconds: seconds / Double(formulas.count) * Double(threads) * 1e9, elements: sum.load(ordering: .relaxed)))
    }
    let count: @Sendable (String) -> Int = { (try? Composition(formula: $0))?.entries.count ?? 0 }
    measure("composition", threads: 1, count)
    if Threads.limit > 1 { measure("composition", threads: Threads.limit, count) }
    measure("full grammar", threads: 1) { (try? FormulaSeries(formula: $0).composition(at: 0))?.entries.count ?? 0 }
    if common.json {
      try printJSON(rows)
      return
    }
    var table = TextTable([
      ("step", .left), ("threads", .right), ("formulas", .right), ("per second", .right), ("ns each and thread", .right),
      ("elements found", .right),
    ])
    for row in rows {
      table.append([
        row.step, "\(row.threads)", row.count.grouped, Int(row.perSecond).grouped, row.nanoseconds.fixed(0),
        row.elements.grouped,
      ])
    }
    for line in table.lines(width: common.width) { print(line) }
  }

  private struct Row: Encodable {
    let step: String
    let threads: Int
    let count: Int
    let perSecond: Double
    let nanoseconds: Double
    let elements: Int
  }
}
