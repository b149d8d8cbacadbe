import Synchronization

/// Oxidation states of the elements of a composition.
///
///     OxidationStates.assign(try Composition(formula: "Fe3O4"))   // Fe 8/3 (⅓ 2+, ⅔ 3+), O −2
///
/// Whole formulas are ranked as by pymatgen's `Composition.oxi_state_guesses`, after division by the
/// largest common divisor; fractional and mixed-valence formulas by the same counts with shares of
/// atoms. How is said at `OxidationSolver`.
///
/// Sources: occurrences in the ICSD as in pymatgen's `icsd_bv.yaml` (`Datasets/oxidation-states.csv`);
/// S. P. Ong et al., Comput. Mater. Sci. 68, 314–319 (2013), doi 10.1016/j.commatsci.2012.10.028.
public enum OxidationStates {
  /// The most usual assignment that is neutral; nil where none is.
  ///
  /// An element alone has charge 0.
  /// - Complexity: bounded, about a millisecond at worst and a microsecond on average.
  public static func assign(_ composition: Composition) -> ChargeAssignment? {
    assignments(composition, limit: 1).first
  }

  /// The most usual assignments that differ in the mean charge of some element, best first.
  ///
  /// For whole formulas the `limit` best of all; for others those where one element alone leaves its
  /// most usual state.
  public static func assignments(_ composition: Composition, limit: Int) -> [ChargeAssignment] {
    let numbers = composition.entries.map(\.element.atomicNumber)
    let amounts = composition.entries.map(\.amount)
    let lent = solvers.withLock { $0.popLast() } ?? Lent(solver: OxidationSolver())
    defer { solvers.withLock { $0.append(lent) } }
    let solver = lent.solver
    let level = solver.solve(numbers.count, numbers, amounts)
    guard level != .unbalanced, limit > 0 else { return [] }
    let atoms = level == .whole && numbers.count > 1 ? (0..<numbers.count).map { solver.whole[$0] } : nil
    func assignment() -> ChargeAssignment {
      ChargeAssignment(
        composition, charges: (0..<numbers.count).map { solver.charges[$0] }, atoms: atoms, score: solver.score,
        level: level)
    }
    let best = assignment()
    guard limit > 1, numbers.count > 1 else { return [best] }
    switch level {
    case .whole:
      return solver.bestWhole(limit, numbers).map {
        ChargeAssignment(composition, charges: $0.charges, atoms: atoms, score: $0.score, level: level)
      }
    case .mixed:
      let signs = best.elements.map(\.meanCharge)
      var others: [ChargeAssignment] = []
      for i in numbers.indices where solver.solve(adapting: i, signs: signs, numbers.count, numbers, amounts) {
        let other = assignment()
        if !other.hasSameCharges(as: best) { others.append(other) }
      }
      return [best] + others.sorted { $0.score > $1.score }.prefix(limit - 1)
    case .rounded, .rare, .unbalanced: return [best]
    }
  }

  /// Solvers that are not in use: their tables are worth keeping.
  private static let solvers = Mutex<[Lent]>([])

  private struct Lent: @unchecked Sendable {
    let solver: OxidationSolver
  }

  /// One common state for all atoms of each element, so that the charges balance; nil where there are
  /// none. Entries in order.
  ///
  /// Among several the most usual: the largest sum over the elements of the logarithm of the state's
  /// share of the element's entries in the ICSD. A charge of up to `tolerance` for each atom may
  /// remain: the default, 1%, is what rounded amounts need.
  ///
  /// - Complexity: branch and bound, at most `uniformLimit` states looked at; nil beyond.
  public static func uniformCharges(of composition: Composition, tolerance: Double = 0.01) -> [Int]? {
    let entries = composition.entries
    let choices = entries.map { entry in
      entry.element.commonOxidationStates.filter { $0 != 0 }
        .map { (charge: $0, likelihood: entry.element.logOccurrence(of: $0)) }
        .sorted { ($0.likelihood, -$0.charge) > ($1.likelihood, -$1.charge) }
    }
    guard choices.allSatisfy({ !$0.isEmpty }) else { return nil }
    let slack = tolerance * composition.atomCount
    // What the entries from one on can add: charge, least and most, and likelihood.
    var least = [Double](repeating: 0, count: entries.count + 1)
    var (most, highest) = (least, least)
    for i in entries.indices.reversed() {
      let charges = choices[i].map { Double($0.charge) * entries[i].amount }
      least[i] = least[i + 1] + (charges.min() ?? 0)
      most[i] = most[i + 1] + (charges.max() ?? 0)
      highest[i] = highest[i + 1] + choices[i][0].likelihood
    }
    var current = [Int](repeating: 0, count: entries.count)
    var best: (charges: [Int], likelihood: Double)?
    var looked = 0
    func search(_ i: Int, _ sum: Double, _ likelihood: Double) {
      looked += 1
      guard looked <= uniformLimit, sum + least[i] <= slack, sum + most[i] >= -slack,
        likelihood + highest[i] > best?.likelihood ?? -.infinity
      else { return }
      if i == entries.count {
        best = (current, likelihood)
        return
      }
      for choice in choices[i] {
        current[i] = choice.charge
        search(i + 1, sum + Double(choice.charge) * entries[i].amount, likelihood + choice.likelihood)
      }
    }
    search(0, 0, 0)
    return looked > uniformLimit ? nil : best?.charges
  }

  /// Partial choices that `uniformCharges` looks at before it gives up, about a millisecond.
  public static let uniformLimit = 100_000
}
