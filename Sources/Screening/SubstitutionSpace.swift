import Chemistry
import LinearAlgebra
import Modeling

/// Candidates made from known hosts by exchanging ions.
///
/// Three moves, each of which keeps the charges balanced:
/// - isovalent: an ion is replaced, wholly or in part, by one of the same charge and like size;
/// - aliovalent: a part of a cation is replaced by one of another charge and like size, and
///   lithium is added or removed to balance it (Li₁₊ₓAlₓTi₂₋ₓ(PO₄)₃ from LiTi₂(PO₄)₃);
/// - halide or chalcogenide exchange, which is the isovalent move on anions.
///
/// Sizes are Shannon radii in sixfold coordination. The rules are Goldschmidt's: radii within 15%
/// exchange freely, and charges that differ by one. An electrolyte must not conduct electrons, so ions
/// with a partly filled d shell, and charges an element seldom has, take no part. Whether a phase forms is not known from that;
/// the ranking attaches stability hints.
public struct SubstitutionSpace: Sendable {
  /// A substituted composition and where it came from.
  public struct Candidate: Sendable, Equatable {
    public let composition: Composition
    /// The formula of the host as given.
    public let host: String
    /// Such as `Ti4+ → Al3+, 15%, Li balanced`.
    public let substitution: String
  }

  /// Largest difference of radii, relative to the ion replaced.
  public var radiusTolerance = 0.15
  /// Shares of an ion that a partial replacement takes.
  public var shares = [0.05, 0.1, 0.15, 0.25, 0.5]
  /// A candidate this near a known composition, in summed differences of atomic fractions, is the
  /// known one.
  public var identityDistance = 0.01
  /// A charge counts as usual from this share of an element's occurrences in the ICSD on.
  public var leastOccurrence = 0.1
  /// Elements that no candidate may hold.
  public var excluded: Set<Element>

  /// Radioactive elements, and those whose toxicity rules them out in a cell: Be, As, Cd, Hg, Tl.
  public static let defaultExclusions = Set(
    (["Be", "As", "Cd", "Hg", "Tl", "Tc", "Pm"].compactMap { Element($0) })
      + Element.all.filter { $0.atomicNumber >= 84 })

  public init(excluded: Set<Element> = SubstitutionSpace.defaultExclusions) {
    self.excluded = excluded
  }

  /// All candidates of some hosts that are none of the hosts, each composition once.
  ///
  /// Hosts whose charges cannot be balanced yield nothing. Candidates are dealt out host by host, each
  /// host's in an order drawn once and for all, so that the first N spread over hosts and substitutions.
  /// - Complexity: O(hosts · ions · elements), and a comparison with every host for each candidate.
  public func candidates(from hosts: [(formula: String, composition: Composition)]) -> [Candidate] {
    let known = CompositionNeighbours(hosts.map(\.composition))
    var seen = Set<Composition>()
    var perHost: [[Candidate]] = []
    let root = SeededGenerator(seed: 0)
    for host in hosts where seen.insert(host.composition.normalized).inserted {
      guard let ions = HostIons(host.composition) else { continue }
      var found: [Candidate] = []
      for ion in ions.replaceable {
        for substitute in substitutes(for: ion) {
          found += exchanges(ion, substitute, in: ions, host: host.formula)
        }
      }
      var generator = root.stream(perHost.count)
      perHost.append(generator.permutation(found.count).map { found[$0] })
    }
    var result: [Candidate] = []
    let longest = perHost.map(\.count).max() ?? 0
    for place in 0..<longest {
      for candidates in perHost where place < candidates.count {
        let candidate = candidates[place]
        guard seen.insert(candidate.composition.normalized).inserted,
          let nearest = known.nearest(to: candidate.composition, limit: 1).first,
          nearest.distance > identityDistance
        else { continue }
        result.append(candidate)
      }
    }
    return result
  }

  /// Ions of like size and of the same charge, or of a neighbouring charge for cations.
  private func substitutes(for ion: Ion) -> [Ion] {
    guard let radius = ion.radius else { return [] }
    var result: [(ion: Ion, difference: Double)] = []
    for element in Element.all where element != ion.element && !excluded.contains(element) {
      for charge in element.commonOxidationStates {
        let step = charge - ion.charge
        guard charge.signum() == ion.charge.signum(), abs(step) <= (ion.charge > 0 ? 1 : 0) else { continue }
        if charge > 0, !element.formsCations { continue }
        let other = Ion(element: element, charge: charge)
        guard !other.hasOpenDShell, other.occurrence >= leastOccurrence else { continue }
        guard let otherRadius = other.radius else { continue }
        let difference = abs(otherRadius - radius) / radius
        if difference <= radiusTolerance { result.append((other, difference)) }
      }
    }
    return result.sorted { ($0.difference, $0.ion.element) < ($1.difference, $1.ion.element) }.map(\.ion)
  }

  private func exchanges(_ ion: Ion, _ substitute: Ion, in host: HostIons, host formula: String) -> [Candidate] {
    let isovalent = ion.charge == substitute.charge
    let steps = isovalent ? shares.filter { $0 >= 0.25 } + [1] : shares
    return steps.compactMap { share in
      let amount = share * host.composition[ion.element]
      let lithium = host.composition[.lithium] + amount * Double(ion.charge - substitute.charge)
      // A host that gives up most of its lithium, or doubles it, is another compound.
      guard lithium >= 0.5 * host.composition[.lithium], lithium <= 1.5 * host.composition[.lithium]
      else { return nil }
      var amounts = host.composition.entries.filter { $0.element != .lithium }.map { entry in
        (entry.element, entry.element == ion.element ? max(0, entry.amount - amount) : entry.amount)
      }
      amounts += [(substitute.element, amount), (.lithium, lithium)]
      // Sums of decimal fractions carry dust such as 0.43000000000000005.
      guard let sum = Composition(amounts),
        let composition = Composition(sum.entries.map { ($0.element, ($0.amount * 1e6).rounded() / 1e6) })
      else { return nil }
      let note = "\(ion) → \(substitute), \(Int((share * 100).rounded()))%" + (isovalent ? "" : ", Li balanced")
      return Candidate(composition: composition, host: formula, substitution: note)
    }
  }
}

extension Element {
  /// Whether a solid electrolyte may hold the element as a cation: no halogen, chalcogen, nitrogen or
  /// noble gas.
  fileprivate var formsCations: Bool {
    !["H", "N", "O", "F", "S", "Cl", "Se", "Br", "Te", "I"].contains(symbol)
  }
}
