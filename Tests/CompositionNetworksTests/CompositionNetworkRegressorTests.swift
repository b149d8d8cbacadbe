import Chemistry
import CompositionNetworks
import Descriptors
import LinearAlgebra
import ModelFiles
import Regression
import Testing

@Suite(.serialized) struct CompositionNetworkRegressorTests {
  /// Binary and ternary compounds whose value is a smooth law of electronegativity.
  private func data(rows: Int, seed: UInt64 = 1, censoring: Bool = false) throws -> TrainingSet {
    var generator = SeededGenerator(seed: seed)
    let symbols = ["Li", "Na", "K", "Mg", "Al", "Si", "P", "S", "O", "F", "Cl", "N"]
    let pull = [0.98, 0.93, 0.82, 1.31, 1.61, 1.9, 2.19, 2.58, 3.44, 3.98, 3.16, 3.04]
    var features = Matrix(rows: rows, columns: Element.count)
    var targets: [Double] = []
    for row in 0..<rows {
      let chosen = generator.permutation(symbols.count).prefix(2 + row % 2)
      let amounts = chosen.map { _ in Double(1 + generator.index(below: 4)) }
      let total = amounts.reduce(0, +)
      var (mean, square) = (0.0, 0.0)
      for (k, amount) in zip(chosen, amounts) {
        let z = try #require(Element(symbols[k])).atomicNumber
        features[row, z - 1] = amount / total
        mean += pull[k] * amount / total
        square += pull[k] * pull[k] * amount / total
      }
      targets.append(mean - square)
    }
    return try TrainingSet(
      features: features, targets: targets,
      censoring: censoring ? targets.indices.map { $0 % 5 == 0 ? .left : .none } : nil,
      featureNames: ElementFractions().columns.map(\.label))
  }

  private let regressor = CompositionNetworkRegressor(epochs: 12, members: 2, seed: 7)

  @Test func learnsASmoothLawOfTheElements() throws {
    let model = try CompositionNetworkRegressor(epochs: 40, members: 1).fit(data(rows: 400))
    let test = try data(rows: 100, seed: 2)
    let metrics = RegressionMetrics(targets: test.targets, prediction: try model.predict(test.features))
    #expect(metrics.rSquared ?? 0 > 0.9, "R² of \(metrics.rSquared ?? 0)")
  }

  @Test func bytesDoNotDependOnThreads() throws {
    let all = try data(rows: 90, censoring: true)
    let kept = Threads.limit
    defer { Threads.limit = kept }
    Threads.limit = 1
    let one = try regressor.fit(all).archive()
    Threads.limit = 3
    #expect(try regressor.fit(all).archive() == one)
  }

  @Test func archiveRestoresTheModelExactly() throws {
    let model = try regressor.fit(data(rows: 60))
    let restored = try CompositionNetworkModel(archive: model.archive())
    let new = try data(rows: 20, seed: 9).features
    #expect(try restored.predict(new) == model.predict(new))
    #expect(restored.archive() == model.archive())
    #expect(throws: ArchiveError.self) { _ = try CompositionNetworkModel(archive: TensorArchive()) }
    var cut = model.archive()
    cut.set("member1.weights", [Float](repeating: 0, count: 3))
    #expect(throws: ArchiveError.self) { _ = try CompositionNetworkModel(archive: cut) }
  }

  @Test func scaleOfTheFormulaDoesNotMatter() throws {
    let model = try regressor.fit(data(rows: 60))
    let new = try data(rows: 10, seed: 9).features
    var doubled = new
    for i in doubled.elements.indices { doubled.elements[i] *= 4 }
    #expect(try model.predict(doubled) == model.predict(new))
  }

  @Test func refusesWhatItCannotRead() throws {
    let plain = try TrainingSet(features: Matrix(rows: 20, columns: 3), targets: [Double](repeating: 1, count: 20))
    #expect(throws: FitError.self) { try regressor.fit(plain) }
    #expect(throws: FitError.tooFewRows(needed: 10, found: 4)) { try regressor.fit(data(rows: 4)) }
    let model = try regressor.fit(data(rows: 30))
    #expect(throws: PredictionError.featureCount(expected: 118, found: 3)) { try model.predict(Matrix(rows: 2, columns: 3)) }
    #expect(try model.predict(Matrix(rows: 0, columns: 118)).count == 0)
    let empty = try model.predict(Matrix(rows: 1, columns: 118))
    #expect(empty.mean[0].isFinite)
  }

  @Test func reportsEveryEpoch() throws {
    var seen: [CompositionNetworkRegressor.Progress] = []
    _ = try regressor.fit(data(rows: 60)) {
      seen.append($0)
      return true
    }
    #expect(seen.map(\.epoch) == Array(1...24))
    #expect(seen.allSatisfy { $0.loss.isFinite && $0.heldBackError >= 0 && $0.epochs == 24 })
    #expect(seen[11].loss < seen[0].loss)
  }

  @Test func stopsWhenAskedAndKeepsWhatItHas() throws {
    var epochs = 0
    let model = try regressor.fit(data(rows: 60)) { _ in
      epochs += 1
      return epochs < 5
    }
    #expect(epochs == 5 && model.memberCount == 1)
    #expect(try model.predict(data(rows: 8, seed: 4).features).mean.allSatisfy(\.isFinite))
  }

  /// With a rate of almost nothing the weights stay where they began: at random ones, or at those learned before.
  @Test func aPretrainedNetworkBeginsWithWhatWasLearned() throws {
    func embeddings(_ isPretrained: Bool, seed: UInt64) throws -> [Float] {
      let regressor = CompositionNetworkRegressor(
        epochs: 1, members: 1, isPretrained: isPretrained, learningRate: 1e-7, seed: seed)
      let archive = try regressor.fit(data(rows: 40)).archive()
      return Array(try archive.floats("member0.weights").prefix(Element.count * CompositionNetwork.embeddingWidth))
    }
    func gap(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }
    let tuned = try embeddings(true, seed: 1)
    #expect(gap(tuned, try embeddings(true, seed: 2)) < 1e-4)
    #expect(gap(try embeddings(false, seed: 1), try embeddings(false, seed: 2)) > 0.1)
    #expect(tuned.contains { abs($0) > 0.1 })
  }

  @Test func aCompactNetworkIsOneOfTheFormulaAlone() throws {
    let large = try data(rows: 5200)
    let one = CompositionNetworkRegressor(isCompact: true).affording(seconds: 1e-3, for: large)
    #expect(one.epochs == 5)
    let model = try one.fit(large)
    #expect(model.designs == [.direct] && !model.recalls && model.parameterCount < 150_000)
  }

  @Test func networksAreAsManyAsAreAskedFor() throws {
    let large = try data(rows: 5200)
    let all = CompositionNetworkRegressor().affording(seconds: 900, for: large)
    let three = CompositionNetworkRegressor(members: 3).affording(seconds: 900, for: large)
    #expect(all.members == 8 && three.members == 3 && three.epochs == all.epochs)
    // What time they have they share.
    func epochs(_ members: Int) -> Int? { CompositionNetworkRegressor(members: members).affording(seconds: 20, for: large).epochs }
    #expect(try #require(epochs(1)) > (try #require(epochs(10))))
    #expect(CompositionNetworkRegressor(members: 1).affording(seconds: 1e300, for: large).epochs == 60)
    for wrong in [0, -1, 11] {
      let regressor = CompositionNetworkRegressor(members: wrong).affording(seconds: 900, for: large)
      #expect(throws: FitError.self) { try regressor.fit(large) }
    }
  }

  /// Large or small, a table of values held at zero has a model that knows what it means to be there.
  @Test(arguments: [5200, 300]) func valuesHeldAtZeroHaveAProbabilityThere(rows: Int) throws {
    let all = try data(rows: rows)
    let middle = all.targets.sorted()[rows / 2]
    let held = try TrainingSet(
      features: all.features, targets: all.targets.map { max(0, $0 - middle) }, featureNames: all.featureNames)
    let regressor = CompositionNetworkRegressor(neighbours: rows > 5000 ? 4 : nil)
    let model =
      rows > 5000
      ? try regressor.affording(seconds: 1e-3, for: held).fit(held) : try regressor.fit(held)
    let prediction = try model.predict(held.features)
    #expect(prediction.mean.allSatisfy { $0 >= 0 })
    #expect(prediction.interval(0.9).lower.allSatisfy { $0 >= 0 })
    // Half of the rows are at zero, and more of those that are predicted to be.
    let atZero = prediction.probabilities(below: 0)
    #expect(abs(atZero.reduce(0, +) / Double(rows) - 0.5) < 0.15)
    func mean(_ isZero: Bool) -> Double {
      let own = zip(atZero, held.targets).filter { ($0.1 == 0) == isZero }.map(\.0)
      return own.reduce(0, +) / Double(own.count)
    }
    #expect(mean(true) > mean(false) + 0.1)
    let restored = try CompositionNetworkModel(archive: model.archive())
    #expect(try restored.predict(held.features) == prediction)
  }

  @Test func listensToAsManyNeighboursAsItIsAskedTo() throws {
    let large = try data(rows: 5200)
    let compact = CompositionNetworkRegressor(neighbours: 4, isCompact: true).affording(seconds: 1e-3, for: large)
    #expect(compact.designs == [NetworkDesign(neighbours: 4)])
    let model = try compact.fit(large)
    #expect(model.recalls && model.parameterCount < 150_000)
    // Energies of which no hull can be made: as many networks as two cores manage, all alike.
    let full = CompositionNetworkRegressor(neighbours: 2).affording(seconds: 1e-3, for: large)
    #expect(try full.fit(large.selecting(Array(0..<5100))).designs == [NetworkDesign](repeating: NetworkDesign(neighbours: 2), count: 2))
    #expect(throws: FitError.self) { try CompositionNetworkRegressor(neighbours: 65).fit(large) }
    #expect(throws: FitError.self) { try CompositionNetworkRegressor(neighbours: 4).fit(large.selecting(Array(0..<100))) }
  }
}
