import Chemistry
import Descriptors
import Foundation
import LinearAlgebra

/// Training and prediction of one network on rows of a table, to be timed beside the same network elsewhere.
package struct NetworkBenchmark {
  package let network: CompositionNetwork
  package let rows: Int
  package static let batch = 512
  private let input: NetworkInput
  private let targets: NetworkRun.Targets
  private let bins: ValueBins
  private let weights: [Float]

  /// - Parameters:
  ///   - known: the compositions, which know each other; the first `rows` of a shuffle are used.
  ///   - shape: extras must be 0.
  package init(_ known: KnownCompositions, rows: Int, shape: CompositionNetwork.Shape, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let chosen = Array(generator.permutation(known.compositions.count).prefix(rows))
    let compositions = chosen.map { known.compositions[$0] }
    var input = NetworkInput(compositions, standardized: Matrix(rows: chosen.count, columns: 0))
    if shape.neighbours > 0 { input.recall = known.describe(compositions, neighbours: shape.neighbours).recall }
    self.input = input
    self.rows = chosen.count
    targets = NetworkRun.Targets(
      values: chosen.map { Float((known.values[$0] - known.center) / known.scale) },
      sides: [Int8](repeating: 0, count: chosen.count))
    bins = ValueBins(of: targets.values)
    var shape = shape
    shape.outputs = ValueBins.count
    network = CompositionNetwork(shape)
    weights = network.layout.initialValues(&generator)
  }

  /// One pass over the rows in steps of `batch`, forward, backward and AdamW. Returns its mean loss.
  @discardableResult package func train(seed: UInt64) -> Double {
    let run = NetworkRun(network: network, epochs: 1, batch: Self.batch, peakRate: 1e-3, decay: 0.05, likelihood: .bins(bins))
    var loss = 0.0
    _ = run.fit(
      input, targets, rows: Array(0..<rows), heldBack: [], generator: SeededGenerator(seed: seed)
    ) { (step, _) throws(Never) in
      loss = step.loss
      return true
    }
    return loss
  }

  /// The results of all rows, summed.
  @discardableResult package func predict() -> Double {
    network.predict(input, rows: Array(0..<rows), weights: weights).reduce(0) { $0 + Double($1) }
  }

  /// The rows as little-endian floats: rows, neighbours, elements in all, known; then for each row its number of
  /// elements; atomic numbers; fractions; places of the targets among the bins; 118 × Magpie properties; for rows that
  /// recall also indices, facts, and the known compositions in the same way.
  package func data() -> Data {
    var all: [Float] = [
      Float(rows), Float(network.shape.neighbours), Float(input.numbers.count), Float(ElementVectors.magpieCount),
    ]
    all += (0..<rows).map { Float(input.elementCount($0)) }
    all += input.numbers.map(Float.init) + input.fractions + targets.values.map(bins.place) + ElementVectors.magpie
    if let recall = input.recall {
      let known = recall.known
      all += recall.indices.map(Float.init) + recall.facts
      all += [Float(known.starts.count - 1), Float(known.numbers.count)]
      all += zip(known.starts, known.starts.dropFirst()).map { Float($1 - $0) }
      all += known.numbers.map(Float.init) + known.fractions
    }
    return all.withUnsafeBytes { Data($0) }
  }
}
