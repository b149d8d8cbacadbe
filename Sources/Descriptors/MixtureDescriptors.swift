import Chemistry

/// What a composite or polymer electrolyte is mixed from: the shares of matrix, salt, fillers and plasticizer, what
/// each is made of, and the ratio of oxygen to lithium.
///
/// A plain formula is all matrix. Numbers of a role that is absent are 0, as are ratios without a salt; the
/// share and a flag say which zeros mean absence. The other sets describe the mixture as a whole.
public struct MixtureDescriptors: Featurizer {
  public let name = "mixture"
  public let columns: [DescriptorColumn]
  public let count: Int
  public let citations = ["Superionic, roles as in the article on the formula grammar"]

  private static let perRole = 6

  public init() {
    columns =
      [
        DescriptorColumn("mixture flag"), DescriptorColumn("mixture components"),
        DescriptorColumn("mixture EO:Li"), DescriptorColumn("mixture O:Li"), DescriptorColumn("mixture salt ratio flag"),
      ]
      + MixtureRole.allCases.flatMap { role in
        [
          DescriptorColumn("mixture \(role.rawValue) mass fraction"),
          DescriptorColumn("mixture \(role.rawValue) mole fraction"),
          DescriptorColumn("mixture \(role.rawValue) lithium fraction"),
          DescriptorColumn("mixture \(role.rawValue) oxygen fraction"),
          DescriptorColumn("mixture \(role.rawValue) mean electronegativity"),
          DescriptorColumn("mixture \(role.rawValue) mean atomic mass", unit: "u"),
        ]
      }
    count = columns.count
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    out.update(repeating: 0)
    let head = 5
    guard let mixture = input.mixture else {
      out[1] = 1
      var sums = Sums()
      for i in 0..<input.count { sums.add(input.numbers[i], input.amounts[i]) }
      out[head] = 1
      out[head + 1] = 1
      sums.write(out, head + 2)
      return
    }
    out[0] = 1
    out[1] = Double(mixture.components.count)
    out[2] = mixture.etherOxygenPerLithium ?? 0
    out[3] = mixture.oxygenPerLithium ?? 0
    out[4] = out[3] > 0 ? 1 : 0
    var start = head
    for role in MixtureRole.allCases {
      out[start] = mixture.massFraction(of: role)
      out[start + 1] = mixture.moleFraction(of: role)
      var sums = Sums()
      for part in mixture.components where part.role == role {
        for entry in part.composition.entries { sums.add(entry.element.atomicNumber, part.moles * entry.amount) }
      }
      if sums.atoms > 0 { sums.write(out, start + 2) }
      start += Self.perRole
    }
  }

  /// Sums over the atoms of a role.
  private struct Sums {
    var atoms = 0.0
    private var (lithium, oxygen, mass) = (0.0, 0.0, 0.0)
    /// Of the atoms that have an electronegativity.
    private var (electronegativity, electronegative) = (0.0, 0.0)

    mutating func add(_ number: Int, _ amount: Double) {
      guard let element = Element(atomicNumber: number) else { return }
      atoms += amount
      mass += amount * element.atomicMass
      if number == 3 { lithium += amount }
      if number == 8 { oxygen += amount }
      if let value = element.electronegativity {
        electronegativity += amount * value
        electronegative += amount
      }
    }

    func write(_ out: UnsafeMutableBufferPointer<Double>, _ start: Int) {
      out[start] = lithium / atoms
      out[start + 1] = oxygen / atoms
      out[start + 2] = electronegative > 0 ? electronegativity / electronegative : 0
      out[start + 3] = mass / atoms
    }
  }
}
