import Chemistry
import LinearAlgebra
import Testing

import CompositionNetworks

/// Which epoch's weights a run leaves.
@Suite struct NetworkRunTests {
  /// Two kinds of compounds; the rows held back have the values of the other kind, so that learning makes them worse.
  private func run(
    keepsLast: Bool, until stop: Int = .max
  ) throws -> (weights: [Float], averages: [[Float]], errors: [Double]) {
    let formulas = ["LiF", "NaF", "KF", "RbF", "LiCl", "NaCl", "KCl", "RbCl", "LiBr", "NaBr", "LiI", "NaI"]
    let compositions = try formulas.map { try Composition(formula: $0) }
    let values: [Float] = formulas.enumerated().map { $0 < 10 ? ($1.hasSuffix("F") ? 1 : -1) : 1 }
    let input = NetworkInput(compositions, standardized: Matrix(rows: formulas.count, columns: 0))
    let shape = CompositionNetwork.Shape.compact
    let run = NetworkRun(
      network: CompositionNetwork(shape), epochs: 12, batch: 5, peakRate: 3e-3, decay: 0.05,
      dropout: .init(pooled: 0.1), keepsLast: keepsLast)
    var averages: [[Float]] = []
    var errors: [Double] = []
    let weights = run.fit(
      input, .init(values: values, sides: [Int8](repeating: 0, count: values.count)), rows: Array(0..<10),
      heldBack: [10, 11], generator: SeededGenerator(seed: 2)
    ) { (progress, state) throws(Never) in
      averages.append(state.optimizer.average)
      errors.append(progress.heldBackError)
      return progress.epoch < stop
    }
    return (weights, averages, errors)
  }

  @Test func theBestEpochOnRowsHeldBackIsKept() throws {
    let (weights, averages, errors) = try run(keepsLast: false)
    let best = try #require(errors.indices.min { errors[$0] < errors[$1] })
    #expect(averages.count == 12 && best < 11, "the rows held back get worse: \(errors)")
    #expect(weights == averages[best])
  }

  @Test func theLastOneIsKeptWhereThatIsAskedFor() throws {
    let (weights, averages, errors) = try run(keepsLast: true)
    #expect(weights == averages[11] && errors[11] > (errors.min() ?? .infinity))
  }

  /// What ends before its rate has come down has no last epoch worth keeping.
  @Test func aRunThatIsStoppedKeepsItsBestSoFar() throws {
    let (weights, averages, errors) = try run(keepsLast: true, until: 8)
    let best = try #require(errors.indices.min { errors[$0] < errors[$1] })
    #expect(averages.count == 8 && weights == averages[best])
  }
}
