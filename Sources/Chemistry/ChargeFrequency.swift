import BundledData
import Foundation

/// How usual the oxidation states are that a charged formula needs.
enum ChargeFrequency {
  /// The natural logarithm of the largest product of shares in the ICSD over all choices of one state for each
  /// element that add up to `charge`; nil where none does.
  ///
  /// States are the common ones and those of at least one in a hundred entries of the ICSD. At most 4096
  /// choices are tried; beyond, and for elements without a state, the answer is nil.
  static func log(_ composition: Composition, charge wanted: Int) -> Double? {
    var choices = 1
    for entry in composition.entries {
      choices *= states[entry.element.atomicNumber - 1].count
      guard choices > 0, choices <= 4096 else { return nil }
    }
    let tolerance = 1e-6 * composition.atomCount
    var best: Double?
    for choice in 0..<choices {
      var rest = choice
      var charge = -Double(wanted)
      var frequency = 0.0
      for entry in composition.entries {
        let own = states[entry.element.atomicNumber - 1]
        let state = own[rest % own.count]
        charge += Double(state.charge) * entry.amount
        frequency += state.logShare
        rest /= own.count
      }
      if abs(charge) <= tolerance { best = max(best ?? frequency, frequency) }
    }
    return best
  }

  private static let states: [[(charge: Int, logShare: Double)]] = {
    let table = BundledData.oxidationStates.table
    func lists(_ column: String) -> [[Int]] {
      table.texts(column).map { $0.split(separator: " ").compactMap { Int($0) } }
    }
    let counts: [[Int: Double]] = table.texts("icsd_occurrences").map { text in
      let pairs = text.split(separator: " ").compactMap { pair -> (Int, Double)? in
        let parts = pair.split(separator: ":")
        guard parts.count == 2, let state = Int(parts[0]), let count = Double(parts[1]) else { return nil }
        return (state, count)
      }
      return Dictionary(pairs, uniquingKeysWith: max)
    }
    let (common, icsd) = (lists("common_oxidation_states"), lists("icsd_oxidation_states"))
    return counts.indices.map { i in
      let total = max(1, counts[i].values.reduce(0, +))
      // A state without a count has less than one.
      return Set(common[i] + icsd[i]).sorted().map { ($0, Foundation.log(max(0.5, counts[i][$0] ?? 0) / total)) }
    }
  }()
}
