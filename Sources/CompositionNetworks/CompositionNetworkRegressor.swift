import Foundation
import LinearAlgebra
import Regression

/// Networks over the elements of a composition, several of them, each stopped on groups it has not seen.
///
/// Reads the columns named as by `ElementFractions`, one for each of the 118 elements, as the composition
/// of a row; further columns, such as 1000/T, join where the composition is one vector. The model is the
/// mean of `members` networks, each of which holds back one fold of the groups: the weights of its best
/// epoch there are kept, and the errors there calibrate deviations and intervals (`ResidualCalibration`).
/// Censored rows are used as bounds (`LaplaceLikelihood`). Known noise variances are not used.
public struct CompositionNetworkRegressor: Regressor, Hashable, Codable {
  /// Passes over the rows; nil for what suits the number of rows.
  public var epochs: Int?
  /// Networks to average, 1 to 10; nil for 5 up to 5,000 rows and 1 beyond.
  public var members: Int?
  /// Rows of a step; nil for 512, and 32 up to 5,000 rows.
  public var batch: Int?
  /// The highest rate of the cycle.
  public var learningRate: Double
  public var weightDecay: Double
  public var seed: UInt64

  public init(
    epochs: Int? = nil, members: Int? = nil, batch: Int? = nil, learningRate: Double = 3e-3, weightDecay: Double = 0.05,
    seed: UInt64 = 0
  ) {
    self.epochs = epochs
    self.members = members
    self.batch = batch
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.seed = seed
  }

  /// What is known at the end of an epoch, in units of the target.
  public struct Progress: Sendable {
    /// Counts all epochs of all members.
    public let epoch: Int
    public let epochs: Int
    /// Mean −ln p of the training rows.
    public let loss: Double
    /// Mean absolute error of the rows held back.
    public let heldBackError: Double
  }

  /// Tables up to this size get a small network, and several of them.
  static let smallTable = 5000
  static let leastRows = 10

  func check(rows: Int) throws(FitError) {
    guard epochs ?? 1 >= 1, members ?? 1 >= 1, members ?? 1 <= 10, batch ?? 1 >= 1 else {
      throw .invalidSetting("a network needs at least one epoch and one row a batch, and 1 to 10 members")
    }
    guard learningRate > 0, learningRate < 1, weightDecay >= 0, weightDecay * learningRate < 1 else {
      throw .invalidSetting("a network needs a learning rate between 0 and 1 and a weight decay of at least 0")
    }
    guard rows >= Self.leastRows else { throw .tooFewRows(needed: Self.leastRows, found: rows) }
  }

  public func fit(_ data: TrainingSet) throws(FitError) -> CompositionNetworkModel {
    try fit(data) { _ in }
  }

  /// - Throws: `FitError.invalidSetting` also where the columns of the elements are missing.
  /// - Complexity: O(members · epochs · rows · parameters). Products run on all cores.
  public func fit(_ original: TrainingSet, progress: (Progress) -> Void) throws(FitError) -> CompositionNetworkModel {
    try check(rows: original.count)
    guard let columns = ElementColumns(names: original.featureNames) else {
      throw .invalidSetting("a composition network reads the descriptor set \"fractions\"; add it to the descriptors")
    }
    let data = original.canonicallyOrdered()
    let isSmall = data.count <= Self.smallTable
    let others = data.features.selectingColumns(columns.others)
    let standardizer = Standardizer(of: others)
    let input = NetworkInput(data.features, columns: columns, standardized: standardizer.standardize(others))
    let numbers = data.targets.indices.filter { data.censoring[$0] == .none }.map { data.targets[$0] }
    let moments = Standardizer.moments(of: numbers.isEmpty ? data.targets : numbers)
    let scale = moments.deviation > 0 ? moments.deviation : 1
    let targets = NetworkRun.Targets(
      values: data.targets.map { Float(($0 - moments.mean) / scale) },
      sides: data.censoring.map { $0 == .none ? 0 : $0 == .left ? -1 : 1 })

    var shape = CompositionNetwork.Shape()
    shape.extras = columns.others.count
    if isSmall { (shape.width, shape.hidden, shape.layers, shape.headWidth, shape.headBlocks) = (32, 64, 2, 128, 2) }
    let network = CompositionNetwork(shape)
    let epochs = self.epochs ?? (isSmall ? max(30, min(200, 60_000 / data.count)) : 50)
    let run = NetworkRun(
      network: network, epochs: epochs, batch: batch ?? (isSmall ? 32 : 512), peakRate: Float(learningRate),
      decay: Float(weightDecay))

    let folds = try GroupedFolds.upTo(isSmall ? 10 : 20, groups: Self.groups(of: data, input), seed: seed)
    let memberCount = min(folds.count, members ?? (isSmall ? 5 : 1))
    let root = SeededGenerator(seed: seed)
    var weights: [[Float]] = []
    var heldOut: [Int] = []
    var means: [Double] = []
    var variances: [Double] = []
    for member in 0..<memberCount {
      let fitted = run.fit(
        input, targets, rows: folds.trainingRows(member).sorted(), heldBack: folds.heldOut[member],
        generator: root.stream(member + 1)
      ) { step in
        progress(
          Progress(
            epoch: member * epochs + step.epoch, epochs: memberCount * epochs, loss: step.loss + log(scale),
            heldBackError: step.heldBackError * scale))
      }
      guard fitted.allSatisfy(\.isFinite) else {
        throw .numericalFailure("the network diverged; use a lower learning rate")
      }
      let predicted = network.predict(input, rows: folds.heldOut[member], weights: fitted)
      heldOut += folds.heldOut[member]
      means += predicted.means.map { moments.mean + scale * Double($0) }
      variances += predicted.logScales.map { CompositionNetworkModel.variance(logScale: $0, scale: scale) }
      weights.append(fitted)
    }
    let calibration = ResidualCalibration(
      targets: heldOut.map { data.targets[$0] }, censoring: heldOut.map { data.censoring[$0] }, means: means,
      variances: variances, smallest: leastDeviation(of: data.targets))
    return CompositionNetworkModel(
      network: network, columns: columns, featureCount: data.featureCount, standardizer: standardizer,
      center: moments.mean, scale: scale, weights: weights, calibration: calibration)
  }

  /// The groups of the data; where every row is its own, chemical systems, so that what is held back is new.
  private static func groups(of data: TrainingSet, _ input: NetworkInput) -> [Int] {
    guard Set(data.groups).count == data.count else { return data.groups }
    var known: [[UInt8]: Int] = [:]
    return (0..<data.count).map { row in
      let system = Array(input.numbers[input.starts[row]..<input.starts[row + 1]])
      let group = known[system] ?? known.count
      known[system] = group
      return group
    }
  }
}
