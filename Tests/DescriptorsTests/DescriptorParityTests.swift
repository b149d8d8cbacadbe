import Chemistry
import Descriptors
import TestSupport
import Testing

/// Sets against their reference implementations; how the values were made is in Golden/sets.md and Golden/moments.md.
@Suite struct DescriptorParityTests {
  /// Worst difference, relative to max(1, |value|), of the columns that a golden table and a set share.
  private func worst(_ featurizer: some Featurizer, _ file: String = "sets.csv") throws -> (difference: Double, column: String, formulas: Int) {
    let golden = try GoldenTable(folder: #filePath, file)
    let shared = featurizer.labels.enumerated().compactMap { index, label in
      golden.columns.firstIndex(of: label).map { (own: index, golden: $0) }
    }
    #expect(!shared.isEmpty)
    var result = (difference: 0.0, column: "", formulas: 0)
    for row in golden.rows {
      let values = featurizer.values(for: try Composition(formula: row[0]))
      var isCompared = false
      for (own, index) in shared {
        guard let reference = Double(row[index]) else { continue }
        isCompared = true
        let difference = abs(values[own] - reference) / max(1, abs(reference))
        if difference > result.difference {
          result.difference = difference
          result.column = "\(golden.columns[index]) of \(row[0]): \(values[own]) and \(reference)"
        }
      }
      if isCompared { result.formulas += 1 }
    }
    return result
  }

  @Test func meredig() throws {
    let result = try worst(MeredigDescriptors())
    #expect(result.formulas == 397)
    #expect(result.difference < 1e-9, "\(result.column)")
  }

  @Test func bonding() throws {
    let result = try worst(BondingDescriptors())
    #expect(result.formulas == 397)
    #expect(result.difference < 1e-9, "\(result.column)")
  }

  @Test func oliynyk() throws {
    let result = try worst(OliynykDescriptors(), "moments.csv")
    #expect(result.formulas == 71)
    #expect(result.difference < 1e-9, "\(result.column)")
  }

  @Test func weighted() throws {
    let result = try worst(WeightedDescriptors(), "moments.csv")
    #expect(result.formulas == 74)
    #expect(result.difference < 1e-9, "\(result.column)")
  }

  @Test func miedema() throws {
    let result = try worst(MiedemaDescriptors())
    #expect(result.formulas == 397)
    #expect(result.difference < 1e-9, "\(result.column)")
  }

  @Test func oxidationStates() throws {
    let result = try worst(OxidationDescriptors())
    #expect(result.formulas > 150)
    #expect(result.difference < 1e-9, "\(result.column)")
  }

  @Test func ions() throws {
    let result = try worst(IonDescriptors())
    #expect(result.formulas > 150)
    #expect(result.difference < 1e-9, "\(result.column)")
  }
}
