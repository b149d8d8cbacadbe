import Chemistry
import CompositionNetworks
import Descriptors
import Foundation
import LinearAlgebra
import Regression
import Testing

/// What a network recalled, and what elements add, on a table large enough for recall.
@Suite struct NetworkReasonsTests {
  private static let symbols = ["Li", "Na", "K", "Mg", "Ca", "Al", "Si", "P", "S", "O", "F", "Cl", "N", "Ti", "Zr"]

  /// Ternaries and binaries whose value is the mean of a number of each element.
  private static func data(rows: Int, seed: UInt64) throws -> TrainingSet {
    var generator = SeededGenerator(seed: seed)
    var features = Matrix(rows: rows, columns: Element.count)
    var targets: [Double] = []
    for row in 0..<rows {
      let chosen = generator.permutation(symbols.count).prefix(2 + row % 2)
      let amounts = chosen.map { _ in Double(1 + generator.index(below: 6)) }
      let total = amounts.reduce(0, +)
      var value = 0.0
      for (k, amount) in zip(chosen, amounts) {
        features[row, try #require(Element(symbols[k])).atomicNumber - 1] = amount / total
        value += cos(Double(k)) * amount / total
      }
      targets.append(value)
    }
    return try TrainingSet(features: features, targets: targets, featureNames: ElementFractions().columns.map(\.label))
  }

  /// One epoch: what is asked here does not depend on how good the network is.
  private static let trained = Result {
    try CompositionNetworkRegressor(epochs: 1, designs: [NetworkDesign(neighbours: 6), .direct, NetworkDesign(neighbours: 3)])
      .fit(data(rows: 5200, seed: 1))
  }

  @Test func namesTheNearestKnownCompositionsWithTheirValues() throws {
    let model = try Self.trained.get()
    #expect(model.recalls)
    let data = try Self.data(rows: 5200, seed: 1)
    let rows = [3, 40, 41]
    let columns = try #require(ElementColumns(names: data.featureNames))
    let all = columns.compositions(of: data.features)
    let search = MendeleevNeighbours(all)
    for (answer, row) in zip(try model.recalled(data.features.selectingRows(rows)), rows) {
      #expect(answer.count == 6)
      #expect(answer.allSatisfy { $0.attention >= 0 && $0.attention <= 1 })
      #expect(answer.reduce(0) { $0 + $1.attention } < 1 + 1e-5 && answer[0].attention > 0)
      #expect(zip(answer, answer.dropFirst()).allSatisfy { $0.attention >= $1.attention })
      // Not the row itself, and not whatever else has its composition.
      let expected = search.nearest(to: all[row], limit: 200).filter { $0.distance > 1e-4 }.prefix(6)
      let distances = answer.map(\.distance).sorted()
      #expect(zip(distances, expected.map(\.distance)).allSatisfy { abs($0 - $1) < 1e-3 }, "\(distances)")
      for one in answer {
        let matches = all.indices.filter { all[$0].fractionDistance(to: one.composition) < 1e-9 }
        #expect(matches.contains { data.targets[$0] == one.value })
      }
    }
  }

  @Test func effectsOfElementsSumToTheMean() throws {
    let model = try Self.trained.get()
    let data = try Self.data(rows: 30, seed: 2)
    // Nine elements are more than are tried in every coalition.
    var many = Matrix(rows: 1, columns: Element.count)
    for symbol in Self.symbols.prefix(9) { many[0, try #require(Element(symbol)).atomicNumber - 1] = 1.0 / 9 }
    let background = try Self.data(rows: 12, seed: 3).features
    let families = FeatureFamilies(data.featureNames.map { _ in "atomic fractions" })
    for features in [data.features.selectingRows([0, 1, 2, 3]), many] {
      let parts = try model.attribution(features, background: background, families: families)
      let means = try model.predict(features).mean
      #expect(zip(parts.means, means).allSatisfy { abs($0 - $1) < 1e-4 })
      for row in 0..<features.rows {
        for (k, name) in parts.names.enumerated() {
          let element = try #require(Element(name))
          if features[row, element.atomicNumber - 1] == 0 { #expect(parts.parts[row, k] == 0) }
        }
      }
      #expect((0..<parts.names.count).contains { parts.parts[0, $0] != 0 })
    }
  }

  @Test func modelsOfTheFormulaAloneRecallNothing() throws {
    let model = try CompositionNetworkRegressor(epochs: 1, members: 1).fit(Self.data(rows: 40, seed: 4))
    #expect(!model.recalls)
    #expect(try model.recalled(Self.data(rows: 2, seed: 5).features).allSatisfy(\.isEmpty))
  }
}
