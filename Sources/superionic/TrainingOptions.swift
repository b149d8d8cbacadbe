import ArgumentParser
import Modeling

extension ModelKind: ExpressibleByArgument {}
extension GaussianProcessMethod: ExpressibleByArgument {}

/// A length of time as people write it: `90`, `60s`, `10m`, `2h`.
struct Budget: ExpressibleByArgument {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let unit = argument.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? argument[...] : argument.dropLast()), number > 0, number.isFinite
    else { return nil }
    seconds = number * (unit ?? 1)
  }

  var defaultValueDescription: String { "\(Int(seconds))s" }
}

/// What `train` and `validate` share: the data, and what to learn from it.
struct TrainingOptions: ParsableArguments {
  @Argument(help: "CSV files with a header line; several are merged by column name. - reads standard input.", completion: .file())
  var inputs: [String]

  @Option(help: "The column to predict. Cells such as <1E-10 are bounds, not numbers.")
  var target: String

  @OptionGroup var columns: LearningOptions

  @Option(help: "The model.")
  var model = ModelKind.auto

  func validate() throws {
    if columns.method != nil, model != .gp { throw ValidationError("--method is about --model gp; leave it out") }
  }

  func modelingOptions(seed: UInt64) -> ModelingOptions {
    columns.modelingOptions(target: target, model: model, seed: seed)
  }
}

/// Which columns a model learns from, and how: the options of training beside its target and kind.
struct LearningOptions: ParsableArguments {
  @Flag(help: "Model log10 of the target.")
  var log10 = false

  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @Option(help: "A column of temperatures in °C; the model then predicts at any temperature.")
  var temperatureColumn: String?

  @Option(help: "A column that says which rows belong together, such as a DOI; several names in a cell are separated by |.")
  var groupColumn: String?

  @Option(name: .customLong("numeric-column"), help: "A further column of numbers (repeatable).")
  var numericColumns: [String] = []

  @Option(name: .customLong("category-column"), help: "A further column of names (repeatable); optional at prediction.")
  var categoryColumns: [String] = []

  @Option(help: "Descriptor sets, separated by commas: magpie, stoichiometry, valence, fractions, all of these, learned.")
  var descriptors = "magpie"

  @Option(help: "How gp learns: exact, with inducing points, or auto, which is exact up to 5,000 rows.")
  var method: GaussianProcessMethod?

  @Option(
    help: """
      What auto may spend on comparing models (default 60s), and network on epochs for tables above 5,000 rows (default \
      15m), such as 60s or 40m; counted from the size of the table, not by the clock.
      """)
  var budget: Budget?

  func modelingOptions(target: String, model: ModelKind, seed: UInt64) -> ModelingOptions {
    ModelingOptions(
      target: target, log10: log10, formulaColumn: formulaColumn, temperatureColumn: temperatureColumn,
      groupColumn: groupColumn, numericColumns: numericColumns, categoryColumns: categoryColumns,
      descriptors: descriptors, model: model, method: method, budget: budget?.seconds, seed: seed)
  }
}
