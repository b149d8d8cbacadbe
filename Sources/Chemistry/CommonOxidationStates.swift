import BundledData

/// The oxidation states an element usually has, one for all its atoms at a time.
enum CommonOxidationStates {
  static let states: [[Int]] = BundledData.oxidationStates.table.texts("common_oxidation_states").map {
    $0.split(separator: " ").compactMap { Int($0) }
  }

  /// The same, with the states that the ICSD counts in at least one of a hundred entries.
  static let wider: [[Int]] = zip(states, BundledData.oxidationStates.table.texts("icsd_oxidation_states")).map {
    Set($0 + $1.split(separator: " ").compactMap { Int($0) }).sorted()
  }

  /// Whether some choice of one common state for each element makes the sum of charges zero.
  ///
  /// At most 4096 choices are tried; beyond, and for elements without a state, the answer is no.
  static func canBalance(_ composition: Composition) -> Bool {
    balance(composition, charge: 0, of: states) != nil
  }

  /// How usual the most usual choice is that makes the sum of charges `charge`: the sum of the logarithms of the
  /// states' shares in the ICSD; nil where no choice does.
  static func logFrequency(_ composition: Composition, charge: Int) -> Double? {
    balance(composition, charge: charge, of: wider)
  }

  private static func balance(_ composition: Composition, charge wanted: Int, of states: [[Int]]) -> Double? {
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
        charge += Double(state) * entry.amount
        frequency += entry.element.logOccurrence(of: state)
        rest /= own.count
      }
      if abs(charge) <= tolerance { best = max(best ?? frequency, frequency) }
    }
    return best
  }
}
