import Chemistry
import Descriptors
import LinearAlgebra
import TestSupport
import Testing

/// What every featurizer promises: as many finite numbers as labels, each label once, the same for
/// formulas that differ by a factor or by the order of elements, and the same twice.
func expectFeaturizerContract(
  _ featurizer: some Featurizer, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(featurizer.count == featurizer.columns.count, sourceLocation: sourceLocation)
  #expect(Set(featurizer.labels).count == featurizer.count, sourceLocation: sourceLocation)
  #expect(!featurizer.labels.contains(""), sourceLocation: sourceLocation)

  for formulas in [
    ["FeO", "Fe2O2", "Fe0.5O0.5", "OFe"], ["Li6PS5Cl", "ClS5PLi6", "Li12P2S10Cl2", "(Li6PS5Cl)1/3"],
    ["Li7La3Zr2O12", "Li3.5La1.5ZrO6"], ["Li10GeP2S12", "Li5Ge0.5PS6"],
  ] {
    let vectors = try formulas.map { featurizer.values(for: try Composition(formula: $0)) }
    for (formula, vector) in zip(formulas, vectors) {
      expectClose(
        vector, vectors[0], relative: 1e-9, absolute: 1e-9, "\(featurizer.name) of \(formula)",
        sourceLocation: sourceLocation)
    }
  }
  // Every element alone, and random mixtures.
  var generator = SeededGenerator(seed: 7)
  var compositions = Element.all.compactMap { Composition([($0, 1)]) }
  for _ in 0..<300 {
    let amounts = (0..<1 + generator.index(below: 7)).map { _ in
      (Element.all[generator.index(below: 118)], Double(1 + generator.index(below: 60)) / 10)
    }
    if let composition = Composition(amounts) { compositions.append(composition) }
  }
  for composition in compositions {
    let values = featurizer.values(for: composition)
    #expect(values == featurizer.values(for: composition), sourceLocation: sourceLocation)
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      Issue.record(
        "\(featurizer.name) of \(composition): \(featurizer.labels[index]) is \(values[index])",
        sourceLocation: sourceLocation)
      return
    }
  }
}
