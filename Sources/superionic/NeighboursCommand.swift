import ArgumentParser
import Chemistry
import Descriptors
import Modeling
import Reports
import Tables

struct NeighboursCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbours", abstract: "Find the measured compositions nearest to a formula.",
    discussion: """
      The distance is the earth mover's distance along the Mendeleev numbers of the elements: exchanging an
      element for a similar one is a short way. 0 is the same composition.

      Example:
        superionic neighbours Datasets/landmark-electrolytes.csv Li6PS5Br Li3InCl6 --top 3
      """)

  @Argument(help: "A CSV file with formulas; - reads standard input.", completion: .file())
  var data: String

  @Argument(help: "The formulas to look up.")
  var formulas: [String]

  @Option(help: "How many neighbours of each formula.")
  var top = 5

  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @Option(
    name: .customLong("show"),
    help: "A column to print (repeatable). Default: those of conductivity, temperature, energy and DOI that there are.")
  var shown: [String] = []

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard top > 0 else { throw ValidationError("--top takes a number of at least 1, not \(top)") }
    guard !formulas.isEmpty else { throw ValidationError("give a formula to look up, such as Li6PS5Br") }
    for text in formulas {
      do { _ = try Composition(formula: text) } catch {
        throw ValidationError("formula \"\(text)\": \(error.problem); \(error.remedy)")
      }
    }
  }

  static let usualColumns = ["conductivity_S_cm", "temperature_C", "eV_per_atom", "doi"]

  func run() throws {
    common.apply()
    let table = try Table(reading: data)
    let reader = try SampleReader(SampleColumns(formula: formulaColumn), in: table, requiringAll: true)
    let names = shown.isEmpty ? Self.usualColumns.filter { table.index(of: $0) != nil } : shown
    var columns: [Int] = []
    for name in names { columns.append(try table.requireIndex(of: name)) }
    var diagnostics: [Diagnostic] = []
    var rows: [Table.Row] = []
    var known: [Composition] = []
    for row in table.rows {
      do throws(Diagnostic) {
        known.append(try reader.sample(in: row).composition)
        rows.append(row)
      } catch {
        diagnostics.append(error)
      }
    }
    common.report(diagnostics)
    let index = MendeleevNeighbours(known)
    let queries = try formulas.map { try Composition(formula: $0) }
    let formulaIndex = try table.requireIndex(of: formulaColumn)
    let answers = zip(formulas, index.nearest(toEach: queries, limit: top)).map { formula, found in
      Answer(
        formula: formula,
        neighbours: found.map { one in
          let cells = rows[one.index].cells
          return Answer.Neighbour(
            formula: cells[formulaIndex], distance: one.distance, line: rows[one.index].location.line,
            columns: Dictionary(zip(names, columns).map { ($0, cells[$1]) }, uniquingKeysWith: { a, _ in a }))
        })
    }
    if common.json { try printJSON(answers) } else { print(answers, names) }
    try common.enforceStrictness(diagnostics)
  }

  private func print(_ answers: [Answer], _ names: [String]) {
    for (place, answer) in answers.enumerated() {
      if place > 0 { common.say() }
      common.say(answer.formula)
      var table = TextTable(
        [("nearest", .left), ("distance", .right)] + names.map { ($0, .left) }, whole: ["nearest"])
      for one in answer.neighbours {
        table.append([one.formula, one.distance.fixed(3)] + names.map { one.columns[$0] ?? "" })
      }
      common.show(table.lines(width: common.width))
    }
  }

  private struct Answer: Encodable {
    struct Neighbour: Encodable {
      let formula: String
      let distance: Double
      let line: Int
      let columns: [String: String]
    }

    let formula: String
    let neighbours: [Neighbour]
  }
}
