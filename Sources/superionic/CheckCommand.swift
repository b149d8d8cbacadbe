import ArgumentParser
import Modeling
import Reports
import Tables

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what in tables of measurements contradicts itself.",
    discussion: """
      Same composition with values far apart, outliers against measured neighbours by a local robust scale and whether a
      mistaken unit explains them, temperatures that look like kelvin, values given twice, and how far repeats
      scatter; each with file, line and group. Nothing is changed.

      Example:
        superionic check Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --temperature-column temperature_C --group-column doi
      """)

  @Argument(help: "CSV files with a header line; several are merged by column name. - reads standard input.")
  var inputs: [String]

  @Option(help: "The measured column.")
  var target: String

  @OptionGroup var columns: MeasuredColumns

  @Option(help: "From which spread on values of one composition are in conflict: decades under --log10.")
  var spread = 1.0

  @Option(help: "How many of each kind to print.")
  var limit = 20

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard spread > 0 else { throw ValidationError("--spread takes a number above 0, not \(spread)") }
    guard limit > 0 else { throw ValidationError("--limit takes a number of at least 1, not \(limit)") }
  }

  func run() throws {
    common.apply()
    let options = ModelingOptions(
      target: target, log10: columns.log10, formulaColumn: columns.formulaColumn,
      temperatureColumn: columns.temperatureColumn, groupColumn: columns.groupColumn, seed: common.seed)
    let data = try Measurements(common.readTables(inputs), options: options, mergingDuplicates: false)
    common.report(data.diagnostics)
    let check = DataCheck(data, options: options, spread: spread)
    if common.json {
      try printJSON(Document(check))
    } else {
      common.show(DataCheckReport(check, unit: columns.log10 ? "decades" : "units").lines(limit: limit))
    }
    try common.enforceStrictness(data.diagnostics)
  }

  private struct Document: Encodable {
    let rows: Int
    let noise: DataCheck.Noise?
    let conflicts: [DataCheck.Conflict]
    let outliers: [DataCheck.Outlier]
    let kelvin: [DataCheck.Row]
    let duplicates: [DataCheck.Duplicate]

    init(_ check: DataCheck) {
      rows = check.rowCount
      noise = check.noise
      conflicts = check.conflicts
      outliers = check.outliers
      kelvin = check.kelvin
      duplicates = check.duplicates
    }
  }
}
