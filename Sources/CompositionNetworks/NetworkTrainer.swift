import Chemistry
import Foundation
import LinearAlgebra
import Regression

/// Trains one network of an ensemble on some rows of a table.
struct NetworkTrainer: Sendable {
  let design: NetworkDesign
  let isSmall: Bool
  let isCompact: Bool
  let epochs: Int
  let batch: Int?
  let learningRate: Double
  let weightDecay: Double
  /// Whether no value is below zero, and many are there.
  let hasFloor: Bool
  /// Whether there is no other network whose errors could average out this one's.
  let isAlone: Bool
  /// A network of the formula alone to begin with.
  let pretrained: NetworkMember?

  /// Whether to predict probabilities of bins; else mean and scale of a Laplace distribution, which cannot be at one value.
  var usesBins: Bool { !isSmall || hasFloor }

  /// Share of the numbers of a composition that a step passes over where values are held at zero.
  private static let dropoutAtFloor = 0.1

  /// - Parameters:
  ///   - others: the columns beside the formula.
  ///   - memory: of the training rows that are numbers.
  ///   - earlier: where a run with the same arguments stood.
  ///   - progress: also gets the unit of the error, in units of the target; returns whether to go on.
  func fit(
    _ data: TrainingSet, _ compositions: [Composition], others: Matrix, rows: [Int], heldBack: [Int],
    memory: KnownCompositions?, generator: SeededGenerator, resuming earlier: NetworkRun.State?,
    progress: (NetworkRun.Progress, Double, NetworkRun.State) throws(FitError) -> Bool
  ) throws(FitError) -> (NetworkMember, held: NetworkMember.Output) {
    let description = design == .direct ? nil : memory.map { describe(data, compositions, rows: rows, heldBack, $0) }
    let columns = NetworkMember.columns(design, others: others, description)
    let standardizer = Standardizer(of: columns.selectingRows(rows))
    let (input, priors) = NetworkMember.input(design, compositions, others: others, description, standardizer)

    let residuals = data.targets.indices.map { data.targets[$0] - priors[$0] }
    let numbers = rows.filter { data.censoring[$0] == .none }
    let (center, scale) = KnownCompositions.spread((numbers.isEmpty ? rows : numbers).map { residuals[$0] })
    let targets = NetworkRun.Targets(
      values: residuals.map { Float(($0 - center) / scale) },
      sides: data.censoring.map { $0 == .none ? 0 : $0 == .left ? -1 : 1 })

    let likelihood: NetworkLikelihood =
      usesBins
      ? .bins(ValueBins(of: rows.map { targets.values[$0] }, atom: hasFloor ? Float(-center / scale) : nil)) : .laplace
    let isNarrow = hasFloor && !isSmall && !isCompact
    var shape = isSmall || isCompact ? CompositionNetwork.Shape.compact : isNarrow ? .narrow : .init()
    if let pretrained { shape = pretrained.network.shape }
    shape.outputs = likelihood.outputs
    shape.extras = columns.columns
    shape.neighbours = design.neighbours
    let network = CompositionNetwork(shape)
    let run = NetworkRun(
      network: network, epochs: epochs, batch: batch ?? (isSmall ? 32 : 512), peakRate: Float(learningRate),
      decay: Float(weightDecay), likelihood: likelihood, dropout: .init(pooled: isNarrow ? Self.dropoutAtFloor : 0),
      keepsLast: isNarrow && !isAlone)
    if let earlier, earlier.weights.count != network.layout.count || earlier.epoch > epochs {
      throw .invalidSetting("the checkpoint is of a network of another version of this program; remove it")
    }
    let weights = try run.fit(
      input, targets, rows: rows, heldBack: heldBack, generator: generator, pretrained: pretrained,
      resuming: earlier
    ) { (step, state) throws(FitError) in try progress(step, scale, state) }
    guard weights.allSatisfy(\.isFinite) else {
      throw .numericalFailure("the network diverged; use a lower learning rate")
    }
    let member = NetworkMember(
      design: design, network: network, weights: weights, likelihood: likelihood, standardizer: standardizer,
      center: center, scale: scale)
    return (member, member.output(input, priors, rows: heldBack))
  }

  /// All rows, as the known ones among them describe them: the known ones leave themselves out.
  private func describe(
    _ data: TrainingSet, _ compositions: [Composition], rows: [Int], _ heldBack: [Int], _ memory: KnownCompositions
  ) -> KnownCompositions.Description {
    let known = rows.filter { data.censoring[$0] == .none }
    let others = rows.filter { data.censoring[$0] != .none } + heldBack
    let first = memory.describeThemselves(neighbours: design.neighbours)
    let second = memory.describe(others.map { compositions[$0] }, neighbours: design.neighbours)
    return .merging(first, at: known, second, at: others, count: data.count)
  }
}

extension KnownCompositions.Description {
  /// Two descriptions of disjoint rows as one.
  static func merging(_ a: Self, at first: [Int], _ b: Self, at second: [Int], count: Int) -> Self {
    var priors = [Double](repeating: 0, count: count)
    var columns = Matrix(rows: count, columns: a.hullColumns.columns)
    for (part, rows) in [(a, first), (b, second)] {
      for (i, row) in rows.enumerated() {
        priors[row] = part.priors[i]
        for j in 0..<columns.columns { columns[row, j] = part.hullColumns[i, j] }
      }
    }
    let recall = a.recall.flatMap { one in b.recall.map { RecallTable.merging(one, at: first, $0, at: second, count: count) } }
    return Self(priors: priors, hullColumns: columns, recall: recall)
  }
}
