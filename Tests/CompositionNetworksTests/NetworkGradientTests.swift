import Chemistry
import CompositionNetworks
import LinearAlgebra
import Testing

/// The whole network against central differences, the embeddings of the elements included.
@Suite struct NetworkGradientTests {
  private let formulas = ["Li2O", "NaCl", "LiCl", "Li3PO4", "Na3PO4", "Li6PS5Cl", "MgO", "Li"]

  private func known() throws -> KnownCompositions {
    let compositions = try formulas.map { try Composition(formula: $0) }
    let energies = [-2, -2.1, -2.1, -2.8, -2.7, -1.4, -3, 0.0]
    return KnownCompositions(compositions, values: energies, hull: .always)
  }

  @Test(arguments: [0, 3]) func everyParameterHasItsGradient(neighbours: Int) throws {
    let known = try known()
    var shape = CompositionNetwork.Shape()
    (shape.width, shape.hidden, shape.layers, shape.headWidth, shape.headBlocks) = (16, 32, 1, 32, 1)
    (shape.neighbours, shape.recallHidden, shape.recallHeads, shape.extras) = (neighbours, 32, 2, 1)
    let network = CompositionNetwork(shape)
    let extras = Matrix(rows: formulas.count, columns: 1, elements: formulas.indices.map { 0.2 * Double($0) - 0.5 })
    var input = NetworkInput(known.compositions, standardized: extras)
    input.recall = known.describeThemselves(neighbours: neighbours).recall

    var generator = SeededGenerator(seed: 5)
    var weights = network.layout.initialValues(&generator).map { $0 + 0.1 * Float(generator.normal()) }
    let memory = NetworkMemory(network, elements: input.largestElementCount)
    let drop = StepDropout(seed: 9, .init(neighbours: 0.2, pooled: 0.3))
    // The binaries, all at once.
    let rows = [0, 1, 2, 6]
    let factors: [Float] = [0.7, -1.1, 0.4, 0.9, -0.3, 0.6, 1.2, -0.8]

    func value() -> Double {
      input.withView { view in
        network.forward(weights, view, rows: rows, count: rows.count, elements: 2, drop: drop, memory)
      }
      return factors.indices.reduce(0) { $0 + Double(factors[$1]) * Double(memory.result[$1]) }
    }
    _ = value()
    for (i, factor) in factors.enumerated() { memory.resultGradient[i] = factor }
    var arena = FloatArena()
    defer { arena.free() }
    let gradient = arena.take(network.layout.count)
    input.withView { view in
      network.backward(weights, gradient, view, rows: rows, count: rows.count, elements: 2, drop: drop, memory)
    }
    // Lithium, oxygen, sodium, chlorine, and phosphorus, which only neighbours have.
    let elements = [3, 8, 11, 17, 15]
    let embedded = elements.flatMap { z in (0..<6).map { network.embedding + (z - 1) * CompositionNetwork.embeddingWidth + $0 * 7 } }
    let others = (0..<150).map { _ in generator.index(below: network.layout.count) }
    let largest = Double((0..<network.layout.count).map { abs(gradient[$0]) }.max() ?? 0)
    var worst = 0.0
    for i in embedded + others {
      let (kept, step) = (weights[i], Float(4e-3))
      weights[i] = kept + step
      let above = value()
      weights[i] = kept - step
      let below = value()
      weights[i] = kept
      worst = max(worst, abs((above - below) / Double(2 * step) - Double(gradient[i])) / (largest + 0.1))
    }
    #expect(largest > 1e-2)
    #expect(worst < 5e-3, "worst relative error \(worst)")
    let phosphorus = network.embedding + 14 * CompositionNetwork.embeddingWidth
    let isFelt = (0..<CompositionNetwork.embeddingWidth).contains { gradient[phosphorus + $0] != 0 }
    #expect(isFelt == (neighbours > 0))
  }

  /// What known compositions bring can be multiplied once for all rows, or row by row for each neighbour.
  @Test func preparedKeysPredictWhatNeighboursOneByOneDo() throws {
    let known = try known()
    var shape = CompositionNetwork.Shape()
    (shape.neighbours, shape.extras) = (5, 1)
    let network = CompositionNetwork(shape)
    var generator = SeededGenerator(seed: 8)
    let weights = network.layout.initialValues(&generator).map { $0 + 0.1 * Float(generator.normal()) }
    let queries = try ["Li3N", "NaBr", "Li4SiO4", "K2O", "Li10GeP2S12", "Li2O"].map { try Composition(formula: $0) }
    let extras = Matrix(rows: queries.count, columns: 1, elements: queries.indices.map { 0.3 * Double($0) })
    var input = NetworkInput(queries, standardized: extras)
    input.recall = known.describe(queries, neighbours: 5).recall
    let rows = Array(queries.indices)
    let keys = network.recallKeys(known.vectors, weights: weights)
    #expect(keys.count == formulas.count * shape.recallHidden)
    let plain = network.predict(input, rows: rows, weights: weights)
    let prepared = network.predict(input, rows: rows, weights: weights, keys: keys)
    #expect(plain.count == 2 * rows.count)
    for (a, b) in zip(plain, prepared) { #expect(abs(a - b) < 1e-4 * (1 + abs(a))) }
    #expect(Set(plain).count == plain.count)
    // Without the keys of the right compositions it is another prediction.
    let turned = network.predict(input, rows: rows, weights: weights, keys: keys.reversed())
    #expect(zip(plain, turned).contains { abs($0 - $1) > 1e-3 })
  }

  /// A row must not find its own energy in the distance of a neighbour from a hull that the row is part of.
  @Test func whatIsRecalledDoesNotHoldTheRowsOwnEnergy() throws {
    let compositions = try ["Li2O", "Li2O2", "LiO2", "Na2O", "Li3PO4", "P2O5"].map { try Composition(formula: $0) }
    func facts(_ own: Double) -> [Float] {
      let values = [-2, own, -0.4, -1.4, -2.8, -2.2]
      let known = KnownCompositions(compositions, values: values, hull: .always)
      let table = known.describeThemselves(neighbours: 5).recall
      // The scale of all values moves with one of them; the distances themselves must not.
      return (0..<5).compactMap { k in table.map { Float(known.residualScale) * $0.facts[(5 + k) * RecallAttention.facts + 1] } }
    }
    let (low, high) = (facts(-1.9), facts(-1.7))
    #expect(low.contains { abs($0) > 0.01 })
    for (a, b) in zip(low, high) { #expect(abs(a - b) < 1e-4) }
  }

  @Test func knownCompositionsComeBackFromTheirArchive() throws {
    let known = try known()
    let restored = try KnownCompositions(archive: known.archive())
    let query = [try Composition(formula: "Na2O"), try Composition(formula: "NaCl")]
    let (a, b) = (known.describe(query, neighbours: 4), restored.describe(query, neighbours: 4))
    #expect(a.priors == b.priors && a.hullColumns == b.hullColumns && a.recall?.facts == b.recall?.facts)
    // The composition itself is not among its neighbours.
    let own = try Composition(formula: "NaCl")
    #expect(restored.nearest(to: [own], limit: 8)[0].allSatisfy { !known.compositions[$0.index].hasSameFractions(as: own) })
  }
}
