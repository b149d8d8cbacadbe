import LinearAlgebra

/// Whether a target is a number or only a bound.
public enum Censoring: Int, Sendable, Codable {
  /// The value was measured.
  case none
  /// Below detection: the true value lies at or below the one given.
  case left
  /// Above the range: the true value lies at or above the one given.
  case right
}

/// What a regressor learns from: n rows of d features with a target each.
///
/// Groups say which rows belong together, such as the rows of one publication; a regressor that
/// resamples inside `fit` (for weights, early stopping, calibration) never splits one.
public struct TrainingSet: Sendable {
  /// n × d.
  public let features: Matrix
  /// n targets; for a censored row, the bound.
  public let targets: [Double]
  /// n entries.
  public let censoring: [Censoring]
  /// Known variance of each target's measurement error, n entries, or nil.
  public let noiseVariances: [Double]?
  /// n group numbers; every row on its own by default.
  public let groups: [Int]
  /// d names.
  public let featureNames: [String]

  public var count: Int { targets.count }
  public var featureCount: Int { features.columns }
  public var hasCensoredRows: Bool { censoring.contains { $0 != .none } }

  /// - Throws: `FitError` for no rows, for lengths that disagree, and for NaN or infinity.
  public init(
    features: Matrix, targets: [Double], censoring: [Censoring]? = nil,
    noiseVariances: [Double]? = nil, groups: [Int]? = nil, featureNames: [String]? = nil
  ) throws(FitError) {
    let n = targets.count
    guard n > 0 else { throw .noRows }
    guard features.rows == n else { throw .lengthMismatch("features", features.rows, rows: n) }
    if let censoring, censoring.count != n {
      throw .lengthMismatch("censoring", censoring.count, rows: n)
    }
    if let noiseVariances, noiseVariances.count != n {
      throw .lengthMismatch("noise variances", noiseVariances.count, rows: n)
    }
    if let groups, groups.count != n { throw .lengthMismatch("groups", groups.count, rows: n) }
    if let names = featureNames, names.count != features.columns {
      throw .lengthMismatch("feature names", names.count, rows: features.columns)
    }
    if let (row, column) = features.firstNonFinite {
      throw .nonFiniteFeature(row: row, feature: featureNames?[column] ?? "x\(column)")
    }
    if let row = targets.firstIndex(where: { !$0.isFinite }) { throw .nonFiniteTarget(row: row) }
    if let row = noiseVariances?.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .negativeNoise(row: row)
    }
    self.features = features
    self.targets = targets
    self.censoring = censoring ?? [Censoring](repeating: .none, count: n)
    self.noiseVariances = noiseVariances
    self.groups = groups ?? Array(0..<n)
    self.featureNames = featureNames ?? (0..<features.columns).map { "x\($0)" }
  }

  private init(subset rows: [Int], of whole: TrainingSet) {
    features = whole.features.selectingRows(rows)
    targets = rows.map { whole.targets[$0] }
    censoring = rows.map { whole.censoring[$0] }
    noiseVariances = whole.noiseVariances.map { noise in rows.map { noise[$0] } }
    groups = rows.map { whole.groups[$0] }
    featureNames = whole.featureNames
  }

  /// The rows at `rows`, in that order; a row may repeat.
  ///
  /// - Precondition: at least one row.
  public func selecting(_ rows: [Int]) -> TrainingSet {
    precondition(!rows.isEmpty, "a training set needs a row")
    return TrainingSet(subset: rows, of: self)
  }
}

/// Why a model could not be fitted.
public enum FitError: Error, Equatable, Sendable, CustomStringConvertible {
  case noRows
  case lengthMismatch(String, Int, rows: Int)
  case nonFiniteFeature(row: Int, feature: String)
  case nonFiniteTarget(row: Int)
  case negativeNoise(row: Int)
  /// A setting of the regressor that makes no sense, with what would.
  case invalidSetting(String)
  /// The linear algebra failed even after every rescue; says what to change.
  case numericalFailure(String)
  /// The model needs more rows than there are.
  case tooFewRows(needed: Int, found: Int)
  /// The file of a checkpoint, and why it cannot serve.
  case checkpoint(String, reason: String)

  public var description: String {
    switch self {
    case .noRows: "there are no rows to learn from"
    case .lengthMismatch(let what, let count, let rows):
      "\(count) \(what) for \(rows) rows; give one for each"
    case .nonFiniteFeature(let row, let feature):
      "feature \"\(feature)\" of row \(row) is not a finite number; impute or remove it"
    case .nonFiniteTarget(let row): "the target of row \(row) is not a finite number; remove the row"
    case .negativeNoise(let row): "the noise variance of row \(row) is not a finite number of at least 0"
    case .invalidSetting(let text): text
    case .numericalFailure(let text): text
    case .checkpoint(let path, let reason): "the checkpoint \(path) \(reason)"
    case .tooFewRows(let needed, let found):
      "\(found) rows are too few, this model needs at least \(needed)"
    }
  }
}
