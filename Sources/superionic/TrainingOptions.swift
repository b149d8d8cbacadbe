import ArgumentParser
import GaussianProcesses
import Modeling

extension ModelKind: ExpressibleByArgument {}
extension GaussianProcessMethod: ExpressibleByArgument {}
extension GaussianProcessLikelihood: ExpressibleByArgument {}
extension GaussianProcessRegressor.CensoredRows: ExpressibleByArgument {}
extension IntervalMethod: ExpressibleByArgument {}
extension NoiseSource: ExpressibleByArgument {}

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

  @Option(
    parsing: .unconditional,
    help: "Of a target of at most this value: what the models classifier and probit learn the probability of, and what validate scores other models as classifiers of; in the units that are modelled.")
  var classify: Double?

  func validate() throws {
    if model != .gp {
      for (name, isGiven) in [
        ("method", columns.method != nil), ("likelihood", columns.likelihood != nil), ("bounds", columns.bounds != nil),
        ("intervals", columns.intervals != nil),
      ] where isGiven { throw ValidationError("--\(name) is about --model gp; leave it out") }
    }
    if model.isClassifier, classify == nil {
      throw ValidationError("--model \(model.rawValue) needs --classify VALUE: it learns the probability of at most that")
    }
  }

  func modelingOptions(seed: UInt64) -> ModelingOptions {
    var options = columns.modelingOptions(target: target, model: model, seed: seed)
    options.threshold = model.isClassifier ? classify : nil
    return options
  }
}

/// The columns of a table of measurements beside the target.
struct MeasuredColumns: ParsableArguments {
  @Flag(help: "Model log10 of the target.")
  var log10 = false

  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @Option(help: "A column of temperatures in °C; the model then predicts at any temperature.")
  var temperatureColumn: String?

  @Option(help: "A column that says which rows belong together, such as a DOI; several names in a cell are separated by |. Or chemical-system: rows of the same elements.")
  var groupColumn: String?
}

/// Which columns a model learns from, and how: the options of training beside its target and kind.
struct LearningOptions: ParsableArguments {
  @OptionGroup var measured: MeasuredColumns

  @Option(name: .customLong("numeric-column"), help: "A further column of numbers (repeatable).")
  var numericColumns: [String] = []

  @Option(name: .customLong("category-column"), help: "A further column of names (repeatable); optional at prediction.")
  var categoryColumns: [String] = []

  @Option(help: "Descriptor sets, separated by commas: magpie, stoichiometry, valence, fractions, all of these, learned.")
  var descriptors = "magpie"

  @Option(help: "How gp learns: exact, with inducing points, iterative (all rows by conjugate gradients, certified), or auto: exact up to 5,000 rows, inducing beyond.")
  var method: GaussianProcessMethod?

  @Option(help: "How measurements scatter about gp: normal, or student-t for tables with outliers.")
  var likelihood: GaussianProcessLikelihood?

  @Option(help: "How gp uses cells such as <1E-10: measured (at the bound, the default) or bounds.")
  var bounds: GaussianProcessRegressor.CensoredRows?

  @Option(help: "Intervals of gp: conformal, or jackknife+ for few rows.")
  var intervals: IntervalMethod?

  @Option(help: "What gp and composition-gp take as known noise: learned (none), or repeats: the scatter of repeated compositions.")
  var noise: NoiseSource?

  @Option(help: "Known compositions that network and compact-network listen to, for tables above 5,000 rows: 0 to 64 (default 16, 64 where values are held at zero, and 0 for compact-network).")
  var neighbours: Int?

  @Option(help: "Networks that network averages, 1 to 10 (default 8, or 4 or 2 where the budget affords no more; 5 up to 5,000 rows).")
  var members: Int?

  @Option(
    help: """
      What auto may spend on comparing models (default 60s), and network on epochs for tables above 5,000 rows (default \
      15m), such as 60s or 40m; counted from the size of the table, not by the clock.
      """)
  var budget: Budget?

  func modelingOptions(target: String, model: ModelKind, seed: UInt64) -> ModelingOptions {
    ModelingOptions(
      target: target, log10: measured.log10, formulaColumn: measured.formulaColumn,
      temperatureColumn: measured.temperatureColumn, groupColumn: measured.groupColumn, numericColumns: numericColumns, categoryColumns: categoryColumns,
      descriptors: descriptors, model: model, method: method, likelihood: likelihood, bounds: bounds, intervals: intervals,
      noise: noise, neighbours: neighbours, members: members, budget: budget?.seconds, seed: seed)
  }
}
