import GaussianProcesses
import Regression

/// What a model is to learn, from which columns, and how.
///
/// Written into every model file, so that a model can be made again from its data.
public struct ModelingOptions: Sendable, Codable, Equatable {
  /// The column to predict.
  public var target: String
  /// Whether log10 of the target is modelled; predictions are then in log10 units.
  public var log10: Bool
  public var formulaColumn: String
  /// Temperatures in °C; a model with one predicts at any temperature.
  public var temperatureColumn: String?
  /// Rows that belong together, such as those of one publication: names separated by `|`. Or
  /// `Measurements.chemicalSystem`.
  public var groupColumn: String?
  /// Further columns of numbers; an empty cell is unknown.
  public var numericColumns: [String]
  /// Further columns of names; an empty cell is unknown.
  public var categoryColumns: [String]
  /// Names of descriptor sets, separated by commas.
  public var descriptors: String
  public var model: ModelKind
  /// How a Gaussian process is conditioned; nil, as in older model files, is `auto`.
  public var method: GaussianProcessMethod?
  /// Of a Gaussian process; nil, as in older model files, is normal.
  public var likelihood: GaussianProcessLikelihood?
  /// How a Gaussian process uses bounds such as `<1E-10`; nil is as if measured there.
  public var bounds: GaussianProcessRegressor.CensoredRows?
  /// Where the intervals of a Gaussian process come from; nil is `conformal`.
  public var intervals: IntervalMethod?
  /// What Gaussian processes take as known about noise; nil is nothing.
  public var noise: NoiseSource?
  /// Known compositions that networks of more than 5,000 rows listen to, 0 to 64; nil for as many as suit the target,
  /// and none for `compactNetwork`.
  public var neighbours: Int?
  /// Networks that `network` averages, 1 to 10; nil for as many as the budget affords.
  public var members: Int?
  /// For classifiers: they learn the probability of a target of at most this, in the units that are modelled.
  public var threshold: Double?
  /// Intervals of a model are calibrated on rows of groups it has not seen, in this many folds.
  public var calibrationFolds: Int
  /// What `auto` may spend on comparing models, and `network` on epochs, in seconds on two cores as `ModelKind`
  /// estimates them; nil for `defaultBudget`, and `defaultNetworkBudget` for networks of more than 5,000 rows.
  public var budget: Double?
  public var seed: UInt64

  public static let defaultBudget = 60.0
  public static let defaultNetworkBudget = 900.0

  public init(
    target: String, log10: Bool = false, formulaColumn: String = "formula",
    temperatureColumn: String? = nil, groupColumn: String? = nil, numericColumns: [String] = [],
    categoryColumns: [String] = [], descriptors: String = "magpie", model: ModelKind = .auto,
    method: GaussianProcessMethod? = nil, likelihood: GaussianProcessLikelihood? = nil,
    bounds: GaussianProcessRegressor.CensoredRows? = nil, intervals: IntervalMethod? = nil, noise: NoiseSource? = nil,
    neighbours: Int? = nil, members: Int? = nil, threshold: Double? = nil, calibrationFolds: Int = 5,
    budget: Double? = nil, seed: UInt64 = 0
  ) {
    self.target = target
    self.log10 = log10
    self.formulaColumn = formulaColumn
    self.temperatureColumn = temperatureColumn
    self.groupColumn = groupColumn
    self.numericColumns = numericColumns
    self.categoryColumns = categoryColumns
    self.descriptors = descriptors
    self.model = model
    self.method = method
    self.likelihood = likelihood
    self.bounds = bounds
    self.intervals = intervals
    self.noise = noise
    self.neighbours = neighbours
    self.members = members
    self.threshold = threshold
    self.calibrationFolds = calibrationFolds
    self.budget = budget
    self.seed = seed
  }

  var gaussianProcessMethod: GaussianProcessMethod { method ?? .auto }

  /// The columns that describe a row, for training and prediction alike.
  public var sampleColumns: SampleColumns {
    SampleColumns(
      formula: formulaColumn, temperature: temperatureColumn, numeric: numericColumns,
      categories: categoryColumns)
  }

  /// Whether the target is an energy per atom, of which a hull of known phases may be made.
  var targetsAreEnergies: Bool { !log10 && target.hasSuffix("eV_per_atom") }

  /// The descriptor sets that the model reads.
  public var descriptorsInUse: String {
    // `auto` compares models of descriptors and models of element fractions.
    model == .auto ? "\(descriptors),fractions" : model.requiredDescriptors ?? descriptors
  }

  /// The name of what is predicted, with `log10_` where that is modelled.
  public var predictedName: String {
    let name = modelledName
    guard model.isClassifier, let threshold else { return name }
    return "probability of \(name) ≤ \(threshold)"
  }

  /// The name of the modelled quantity.
  private var modelledName: String { log10 ? "log10_\(target)" : target }

  /// - Throws: `FitError.invalidSetting` for options that inducing points do not know.
  func checkInducing() throws(FitError) {
    guard likelihood ?? .normal == .normal, intervals ?? .conformal == .conformal, bounds ?? .measured == .measured else {
      throw .invalidSetting(
        "--likelihood student-t, --intervals jackknife+ and --bounds bounds need --method exact; with more than "
          + "\(GaussianProcessMethod.exactRows) rows the process has inducing points")
    }
  }
}
