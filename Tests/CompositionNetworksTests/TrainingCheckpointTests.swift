import Chemistry
import CompositionNetworks
import Descriptors
import FileIO
import Foundation
import LinearAlgebra
import ModelFiles
import Regression
import Testing

/// A run that is killed and goes on from its checkpoint ends at the bytes of one that never stopped.
@Suite(.serialized) struct TrainingCheckpointTests {
  /// Oxides and halides whose value is a law of their elements.
  private func data(rows: Int) throws -> TrainingSet {
    var generator = SeededGenerator(seed: 3)
    let symbols = ["Li", "Na", "Mg", "Al", "Si", "P", "S", "O", "F", "Cl"]
    var features = Matrix(rows: rows, columns: Element.count)
    var targets: [Double] = []
    for row in 0..<rows {
      let chosen = generator.permutation(symbols.count).prefix(2 + row % 3)
      var sum = 0.0
      for k in chosen {
        features[row, try #require(Element(symbols[k])).atomicNumber - 1] = 1 / Double(chosen.count)
        sum += sin(Double(k)) / Double(chosen.count)
      }
      targets.append(sum)
    }
    return try TrainingSet(features: features, targets: targets, featureNames: ElementFractions().columns.map(\.label))
  }

  private func temporary() -> TrainingCheckpoint {
    let name = "superionic-\(UUID().uuidString).checkpoint"
    return TrainingCheckpoint(path: FileManager.default.temporaryDirectory.appendingPathComponent(name).path, interval: .zero)
  }

  private let regressor = CompositionNetworkRegressor(epochs: 4, members: 2, seed: 5)

  /// A killed process leaves what was last written: epochs 1 to 7 of 8 leave a file, in the first network, at its end,
  /// and in the second.
  @Test(arguments: 1...7) func goesOnAfterAnyEpochToTheSameBytes(epochs: Int) throws {
    let data = try data(rows: 60)
    let checkpoint = temporary()
    defer { checkpoint.remove() }
    var saved: Data?
    var seen = 0
    _ = try regressor.fit(data, checkpoint: checkpoint) { _ in
      seen += 1
      // The file as it stands when the process would be killed inside the next epoch.
      if seen == epochs + 1 { saved = try? FileContents.read(checkpoint.path) }
      return seen <= epochs
    }
    try FileContents.write(#require(saved), to: checkpoint.path)
    var rest: [Int] = []
    let resumed = try regressor.fit(data, checkpoint: checkpoint) {
      rest.append($0.epoch)
      return true
    }
    let unbroken = try regressor.fit(data)
    #expect(try Safetensors.encode(resumed.archive()) == Safetensors.encode(unbroken.archive()))
    #expect(rest == Array(epochs + 1...8), "\(rest)")
  }

  @Test func goesOnAfterItWasAskedToStop() throws {
    let data = try data(rows: 60)
    let checkpoint = temporary()
    defer { checkpoint.remove() }
    var seen = 0
    _ = try regressor.fit(data, checkpoint: TrainingCheckpoint(path: checkpoint.path)) { _ in
      seen += 1
      return seen < 3
    }
    let resumed = try regressor.fit(data, checkpoint: checkpoint) { _ in true }
    #expect(resumed.archive() == (try regressor.fit(data).archive()))
  }

  @Test func refusesWhatIsNotItsOwn() throws {
    let data = try data(rows: 60)
    let checkpoint = temporary()
    defer { checkpoint.remove() }
    _ = try regressor.fit(data, checkpoint: checkpoint) { _ in false }
    var other = regressor
    other.learningRate = 1e-3
    #expect(throws: FitError.self) { _ = try other.fit(data, checkpoint: checkpoint) { _ in true } }
    #expect(throws: FitError.self) { _ = try regressor.fit(self.data(rows: 61), checkpoint: checkpoint) { _ in true } }
    var bytes = try FileContents.read(checkpoint.path)
    bytes.removeLast(100)
    try FileContents.write(bytes, to: checkpoint.path)
    #expect(throws: FitError.self) { _ = try regressor.fit(data, checkpoint: checkpoint) { _ in true } }
    checkpoint.remove()
    #expect(!FileManager.default.fileExists(atPath: checkpoint.path))
    let nowhere = TrainingCheckpoint(path: "/proc/none/x", interval: .zero)
    #expect(throws: FitError.self) { _ = try regressor.fit(data, checkpoint: nowhere) { _ in true } }
  }
}
