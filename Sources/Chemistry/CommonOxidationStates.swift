import BundledData

/// The oxidation states an element usually has, one for all its atoms at a time.
enum CommonOxidationStates {
  static let states: [[Int]] = BundledData.oxidationStates.table.texts("common_oxidation_states").map {
    $0.split(separator: " ").compactMap { Int($0) }
  }

  /// Whether some choice of one common state for each element makes the sum of charges zero.
  ///
  /// At most 4096 choices are tried; beyond, and for elements without a state, the answer is no.
  static func canBalance(_ composition: Composition) -> Bool {
    var choices = 1
    for entry in composition.entries {
      choices *= states[entry.element.atomicNumber - 1].count
      guard choices > 0, choices <= 4096 else { return false }
    }
    let tolerance = 1e-6 * composition.atomCount
    for choice in 0..<choices {
      var rest = choice
      var charge = 0.0
      for entry in composition.entries {
        let own = states[entry.element.atomicNumber - 1]
        charge += Double(own[rest % own.count]) * entry.amount
        rest /= own.count
      }
      if abs(charge) <= tolerance { return true }
    }
    return false
  }
}
