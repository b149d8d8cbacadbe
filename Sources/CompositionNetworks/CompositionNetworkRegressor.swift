import Chemistry
import Foundation
import LinearAlgebra
import Regression

/// Networks over the elements of a composition, several of them, each stopped on groups it has not seen.
///
/// Reads the columns named as by `ElementFractions`, one for each of the 118 elements, as the composition
/// of a row; further columns, such as 1000/T, join where the composition is one vector.
///
/// Up to 5,000 rows the model is the mean of `members` networks of the formula alone, each of which holds back
/// another fold of the groups and predicts a Laplace distribution. Beyond, the networks of `designs` hold back the same
/// fold and predict the probabilities of bins (`ValueBins`): some learn from the formula alone, others from the known
/// compositions too, and from the hull that these form. They err differently, and the median of their mean
/// distribution is the prediction (`NetworkMixture`). Of each network the weights of its best epoch are kept; errors on
/// the rows held back calibrate deviations (`ResidualCalibration`) and intervals (`LevelCalibration`). Censored rows are
/// used as bounds. Known noise variances are not used.
///
/// Where many values are zero and none is below, as for energies above a hull, networks are narrower, with dropout, and
/// each of several keeps its last epoch. One network alone then does worse on the rows held back than it did earlier, as it is too
/// sure of what is a matter of chance; the mean of several does better, on new chemical systems too.
public struct CompositionNetworkRegressor: Regressor, Hashable, Codable {
  /// Passes over the rows; nil for what suits the number of rows.
  public var epochs: Int?
  /// Networks to average, 1 to 10; nil for 5 up to 5,000 rows, and 2 beyond.
  public var members: Int?
  /// The networks beyond 5,000 rows; nil for `members` of which half know the formula alone and half recall, or that
  /// all recall where there is no hull.
  public var designs: [NetworkDesign]?
  /// Whether targets are formation energies in eV/atom, of which a hull can be made.
  public var targetsAreEnergies: Bool
  /// Known compositions that networks of more than 5,000 rows listen to, 0 to 64; nil for 16, 64 where values are held at
  /// zero, and 0 for compact ones.
  public var neighbours: Int?
  /// Whether networks are small however many rows there are: for screening many candidates, with less accuracy.
  public var isCompact: Bool
  /// Whether networks of small tables begin with the weights of the one behind the descriptor set `learned`.
  public var isPretrained: Bool
  /// Rows of a step; nil for 512, and 32 up to 5,000 rows.
  public var batch: Int?
  /// The highest rate of the cycle.
  public var learningRate: Double
  public var weightDecay: Double
  public var seed: UInt64

  public init(
    epochs: Int? = nil, members: Int? = nil, designs: [NetworkDesign]? = nil, targetsAreEnergies: Bool = false,
    neighbours: Int? = nil, isCompact: Bool = false, isPretrained: Bool = false, batch: Int? = nil, learningRate: Double = 3e-3, weightDecay: Double = 0.05, seed: UInt64 = 0
  ) {
    (self.epochs, self.members, self.designs) = (epochs, members, designs)
    (self.targetsAreEnergies, self.neighbours, self.batch) = (targetsAreEnergies, neighbours, batch)
    (self.isCompact, self.isPretrained) = (isCompact, isPretrained)
    (self.learningRate, self.weightDecay, self.seed) = (learningRate, weightDecay, seed)
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
  private static let memberCounts = 1...10
  /// Known compositions that a network listens to.
  public static let defaultNeighbours = 16
  /// The same where values are held at zero: many that are zero here and far from it there, so that a frequency has to
  /// be heard (chosen on chemical systems held out of training).
  static let neighboursAtFloor = 64

  /// This regressor with the members and epochs that two cores of 2023's kind manage in a time, as measured for tables
  /// beyond 5,000 rows: 5 to 60 epochs, from 25,000 rows on at most 40; one network where it is compact, else `members`,
  /// or as many of eight, four or two as get 25 epochs each. (Four networks of 24,000 rows of decomposition energies were as
  /// good on other rows after 25 epochs as after 50; a compact one of 7,457 formation energies, on chemical systems held
  /// out, better and better calibrated after 60 than after 30 or 120.)
  public func affording(seconds: Double, for data: TrainingSet) -> CompositionNetworkRegressor {
    // `fit` says what is wrong with another number.
    guard Self.memberCounts.contains(members ?? 1) else { return self }
    var result = self
    let rows = data.count
    if isCompact {
      let design = neighbours.map { NetworkDesign(neighbours: $0) } ?? .direct
      let rate = 1e-5 + Self.secondsPerRow(design) - Self.secondsPerRow(.direct)
      result.designs = [design]
      result.epochs = Self.epochs(in: seconds, secondsPerRow: rate, rows: rows, within: 5...Self.mostEpochs)
      return result
    }
    let hasFloor = Self.isHeldAtZero(data)
    let longest = max(40, min(Self.mostEpochs, 2000 * 512 / max(1, rows)))
    for count in members.map({ [$0] }) ?? [8, 4, 2] {
      let rate = designs(hasHull: targetsAreEnergies, hasFloor: hasFloor, count: count)
        .reduce(0) { $0 + Self.secondsPerRow($1) }
      result.members = count
      let epochs = Self.epochs(in: seconds, secondsPerRow: rate, rows: rows, within: 5...longest)
      result.epochs = epochs
      if epochs >= 25 { break }
    }
    return result
  }

  private static let mostEpochs = 60

  /// Passes over so many rows in a time.
  static func epochs(in seconds: Double, secondsPerRow rate: Double, rows: Int, within range: ClosedRange<Int>) -> Int {
    // Bounded before it becomes an integer: any budget may be asked for.
    Int(max(Double(range.lowerBound), min(Double(range.upperBound), seconds / (rate * Double(max(1, rows))))))
  }

  /// Of a pass over rows beyond 5,000, forward and backward, as measured on two cores of 2023's kind.
  static func secondsPerRow(_ design: NetworkDesign) -> Double {
    design.neighbours > 0 ? 3.6e-5 + 3e-7 * Double(design.neighbours) : 3e-5
  }

  /// With a hull, networks with and without what is known err differently. Where there is none, the formula alone
  /// falls so far behind, as for decomposition energies and those above the hull, that two that recall do better.
  private func designs(hasHull: Bool, hasFloor: Bool, count: Int) -> [NetworkDesign] {
    let recalling = NetworkDesign(
      usesHull: hasHull, neighbours: neighbours ?? (hasFloor ? Self.neighboursAtFloor : Self.defaultNeighbours))
    return (0..<count).map { hasHull && $0 % 2 == 1 ? .direct : recalling }
  }

  func check(rows: Int) throws(FitError) {
    guard epochs ?? 1 >= 1, Self.memberCounts.contains(members ?? 1), batch ?? 1 >= 1 else {
      throw .invalidSetting("a network needs at least one epoch and one row a batch, and 1 to 10 members")
    }
    guard neighbours == nil || rows > Self.smallTable else {
      throw .invalidSetting("networks of up to \(Self.smallTable) rows listen to no neighbours; leave out --neighbours")
    }
    guard (0...64).contains(neighbours ?? 0) else {
      throw .invalidSetting("a network listens to 0 to 64 neighbours")
    }
    guard Self.memberCounts.contains(designs?.count ?? 1), designs?.allSatisfy({ (0...64).contains($0.neighbours) }) ?? true else {
      throw .invalidSetting("an ensemble has 1 to 10 networks of at most 64 neighbours")
    }
    guard learningRate > 0, learningRate < 1, weightDecay >= 0, weightDecay * learningRate < 1 else {
      throw .invalidSetting("a network needs a learning rate between 0 and 1 and a weight decay of at least 0")
    }
    guard rows >= Self.leastRows else { throw .tooFewRows(needed: Self.leastRows, found: rows) }
  }

  public func fit(_ data: TrainingSet) throws(FitError) -> CompositionNetworkModel {
    try fit(data) { _ in true }
  }

  /// - Parameters:
  ///   - original: rows in any order, equal rows in another order giving the same model; the columns hold those
  ///     of the descriptor set `fractions`.
  ///   - checkpoint: written as epochs pass; where the file is there, the run goes on from it.
  ///   - progress: called after each epoch; where it returns false, training ends, and the model is made of the
  ///     best weights so far of the networks that have begun.
  /// - Throws: `FitError.invalidSetting` also where the columns of the elements are missing; `FitError.checkpoint`.
  /// - Complexity: O(members · epochs · rows · parameters). Products run on all cores.
  public func fit(
    _ original: TrainingSet, checkpoint: TrainingCheckpoint? = nil, progress: (Progress) -> Bool
  ) throws(FitError) -> CompositionNetworkModel {
    try check(rows: original.count)
    guard let columns = ElementColumns(names: original.featureNames) else {
      throw .invalidSetting("a composition network reads the descriptor set \"fractions\"; add it to the descriptors")
    }
    let data = original.canonicallyOrdered()
    let isSmall = data.count <= Self.smallTable
    let compositions = columns.compositions(of: data.features)
    let others = data.features.selectingColumns(columns.others)
    let folds = try GroupedFolds.upTo(isSmall ? 10 : 20, groups: Self.groups(of: data, compositions), seed: seed)
    // Rows held back know nothing of each other: they are described by the others alone.
    let heldOut = folds.heldOut[0]
    let training = folds.trainingRows(0)
    let mayRemember = !isSmall && designs?.contains { $0 != .direct } ?? true
    let memory =
      mayRemember
      ? known(data, compositions, rows: training, hull: targetsAreEnergies ? .whereItHelps : .never) : nil
    let hasFloor = Self.isHeldAtZero(data)
    let designs =
      isSmall
      ? [NetworkDesign](repeating: .direct, count: min(folds.count, members ?? 5))
      : designs ?? self.designs(hasHull: memory?.hull != nil, hasFloor: hasFloor, count: members ?? 2)
    // What begins with weights that know chemistry needs less.
    let passes = isPretrained ? 20_000 : 60_000
    let epochs = self.epochs ?? (isSmall ? max(30, min(200, passes / data.count)) : 50)
    let pretrained = isPretrained && isSmall ? LearnedRepresentation.bundled?.member : nil
    let root = SeededGenerator(seed: seed)
    var journal = try TrainingJournal(checkpoint, run: TrainingJournal.digest(of: data, settings: "\(self)"))
    var judged: [Int] = []
    var stopped: TrainingJournal.Finished?
    var isWanted = true
    for (index, design) in designs.enumerated() where isWanted {
      // Small tables rotate what is held back; the mixture then weighs all alike.
      let fold = isSmall ? index : 0
      let held = isSmall ? folds.heldOut[fold] : heldOut
      if isSmall || index == 0 { judged += held }
      // Done by a run that was killed.
      if index < journal.finished.count { continue }
      let trainer = NetworkTrainer(
        design: design, isSmall: isSmall, isCompact: isCompact, epochs: epochs, batch: batch,
        learningRate: pretrained == nil ? learningRate : 0.3 * learningRate,
        weightDecay: weightDecay, hasFloor: hasFloor, isAlone: designs.count == 1, pretrained: pretrained)
      let (member, output) = try trainer.fit(
        data, compositions, others: others, rows: isSmall ? folds.trainingRows(fold) : training, heldBack: held,
        memory: memory, generator: root.stream(index + 1), resuming: journal.state
      ) { (step, scale, state) throws(FitError) in
        isWanted = progress(
          Progress(
            epoch: index * epochs + step.epoch, epochs: designs.count * epochs,
            loss: step.loss + (trainer.usesBins ? 0 : log(scale)), heldBackError: step.heldBackError * scale))
        try journal.record(state, atOnce: !isWanted)
        return isWanted
      }
      // What stopped early may go on from its checkpoint.
      if isWanted { try journal.finish(member, output) } else { stopped = (member, output) }
    }
    let all = journal.finished + (stopped.map { [$0] } ?? [])
    let members = all.map(\.member)
    let outputs = all.map(\.held)
    let targets = judged.map { data.targets[$0] }
    let censoring = judged.map { data.censoring[$0] }
    var mixture = NetworkMixture(equal: members.count)
    let mixed: NetworkMember.Output
    var transforms: [Double] = []
    var generator = root.stream(0)
    if isSmall {
      // Each network has held back rows of its own.
      mixed = NetworkMember.Output(means: outputs.flatMap(\.means), scales: outputs.flatMap(\.scales))
      var first = 0
      for output in outputs {
        let rows = first..<first + output.means.count
        transforms += NetworkMixture(equal: 1).transforms(
          [output], targets: Array(targets[rows]), censoring: Array(censoring[rows]), generator: &generator)
        first = rows.upperBound
      }
    } else {
      mixture = NetworkMixture(
        fitting: outputs, designs: members.map(\.design), targets: targets, censoring: censoring)
      mixed = mixture.combine(outputs)
      transforms = mixture.transforms(outputs, targets: targets, censoring: censoring, generator: &generator)
    }
    let calibration = ResidualCalibration(
      targets: targets, censoring: censoring, means: mixed.means, variances: mixed.scales.map { 2 * $0 * $0 },
      smallest: leastDeviation(of: data.targets))
    return CompositionNetworkModel(
      columns: columns, featureCount: data.featureCount, members: members, mixture: mixture, hasFloor: hasFloor,
      memory: memory.map { known(data, compositions, rows: Array(0..<data.count), hull: $0.hull == nil ? .never : .always) },
      calibration: calibration, levels: LevelCalibration(transforms))
  }

  /// Whether no value is negative and a fifth or more of them are zero, as energies above a hull are.
  ///
  /// A scale that is predicted then collapses on the zeros; the absolute error does not.
  private static func isHeldAtZero(_ data: TrainingSet) -> Bool {
    !data.hasCensoredRows && data.targets.allSatisfy { $0 >= 0 }
      && 5 * data.targets.count { $0 == 0 } >= data.count
  }

  /// The rows that are numbers, as known compositions.
  private func known(
    _ data: TrainingSet, _ compositions: [Composition], rows: [Int], hull: KnownCompositions.HullChoice
  ) -> KnownCompositions {
    let kept = rows.filter { data.censoring[$0] == .none }
    return KnownCompositions(
      kept.map { compositions[$0] }, values: kept.map { data.targets[$0] }, hull: hull)
  }

  /// The groups of the data; where every row is its own, chemical systems, so that what is held back is new.
  static func groups(of data: TrainingSet, _ compositions: [Composition]) -> [Int] {
    guard Set(data.groups).count == data.count else { return data.groups }
    var known: [[Int]: Int] = [:]
    return compositions.map { composition in
      let system = composition.entries.map(\.element.atomicNumber)
      let group = known[system] ?? known.count
      known[system] = group
      return group
    }
  }
}
