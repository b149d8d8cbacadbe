import Chemistry

/// What may stand on one site of a host: up to `mix` substituents at a time, each with a fraction.
///
/// The arrangements of a site are listed (there are thousands, not billions); a space is the
/// product of its sites.
struct SubstitutionSite: Sendable {
  /// An ion, or a vacancy.
  struct Substituent: Sendable, Equatable {
    let element: Element?
    let charge: Int

    var name: String { element.map { "\(Ion(element: $0, charge: charge))" } ?? "vacancy" }
  }

  let host: Element
  let hostCharge: Int
  /// Atoms of the host element in the formula.
  let multiplicity: Double
  let substituents: [Substituent]
  let fractions: [Double]
  let mix: Int
  /// For each arrangement, `mix` pairs: substituent or −1, and fraction.
  private let members: [Int16]
  private let steps: [Int16]

  var count: Int { members.count / mix }

  /// More arrangements of one site than this are refused.
  static let largest = 4_000_000

  /// - Parameter total: largest sum of the fractions.
  /// - Returns: nil for more than `largest` arrangements.
  init?(
    host: Element, hostCharge: Int, multiplicity: Double, substituents: [Substituent], fractions: [Double],
    mix: Int, total: Double, keepsHost: Bool
  ) {
    self.host = host
    self.hostCharge = hostCharge
    self.multiplicity = multiplicity
    self.substituents = substituents
    self.fractions = fractions
    self.mix = mix
    var members: [Int16] = []
    var steps: [Int16] = []
    var chosen: [(Int16, Int16)] = []
    func add(from first: Int, _ sum: Double) -> Bool {
      if !chosen.isEmpty || keepsHost {
        for place in 0..<mix {
          members.append(place < chosen.count ? chosen[place].0 : -1)
          steps.append(place < chosen.count ? chosen[place].1 : 0)
        }
        if members.count / mix > Self.largest { return false }
      }
      guard chosen.count < mix else { return true }
      for next in first..<max(first, substituents.count) {
        for (step, fraction) in fractions.enumerated() where fraction > 0 && sum + fraction <= total + 1e-9 {
          chosen.append((Int16(next), Int16(step)))
          defer { chosen.removeLast() }
          if !add(from: next + 1, sum + fraction) { return false }
        }
      }
      return true
    }
    guard add(from: 0, 0) else { return nil }
    self.members = members
    self.steps = steps
  }

  /// Calls `body(substituent, amount)` for what an arrangement puts in; returns the share of the
  /// host that is left and the charge that is gained.
  @inline(__always)
  func forEach(of arrangement: Int, _ body: (Substituent, Double) -> Void) -> (left: Double, gained: Double) {
    var left = 1.0
    var gained = 0.0
    for place in arrangement * mix..<(arrangement + 1) * mix where members[place] >= 0 {
      let fraction = fractions[Int(steps[place])]
      let substituent = substituents[Int(members[place])]
      left -= fraction
      gained += fraction * multiplicity * Double(substituent.charge - hostCharge)
      body(substituent, fraction * multiplicity)
    }
    return (left, gained)
  }

  func label(of arrangement: Int) -> String {
    var parts: [String] = []
    for place in arrangement * mix..<(arrangement + 1) * mix where members[place] >= 0 {
      let percent = SpaceTable.rounded(100 * fractions[Int(steps[place])])
      parts.append("\(percent == percent.rounded() ? "\(Int(percent))" : "\(percent)")% \(substituents[Int(members[place])].name)")
    }
    return parts.isEmpty ? "" : "\(Ion(element: host, charge: hostCharge)) → \(parts.joined(separator: " + "))"
  }
}
