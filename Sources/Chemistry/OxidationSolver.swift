/// Finds charge-neutral oxidation states; reused from formula to formula so that nothing is
/// allocated. Not for sharing between threads: each has its own.
///
/// Three steps, the first that succeeds:
/// 1. Whole numbers of atoms (after scaling, up to `ChargeSums.largestAmount` of an element with
///    several states): every atom takes a state of its own, and the sum of their ICSD counts is as
///    large as neutrality allows. The ranking of pymatgen's `Composition.oxi_state_guesses`; exact,
///    by dynamic programming over total charges instead of products of combinations.
/// 2. Any amounts: the same objective when shares of atoms may be real numbers, each element keeping
///    to one sign. A linear program with one equation, whose dual has one variable, the price of a
///    charge; solved exactly by walking along the hulls of counts from the most usual states, the
///    cheapest step first.
/// 3. The same with rare states.
///
/// - Complexity: at most `workLimit` additions in step 1, 2⁶ walks over at most 14 steps for each
///   element in the others.
package final class OxidationSolver {
  /// Which step found the answer.
  package enum Level: Int, Sendable {
    /// None did: charges are the most usual ones and do not balance.
    case unbalanced
    /// Whole atoms in usual states.
    case whole
    /// Shares of atoms in usual states.
    case mixed
    /// Usual states that balance but for rounding of the formula, `roundingTolerance`.
    case rounded
    /// Shares of atoms, rare states too.
    case rare
  }

  /// Charge per atom that rounding of amounts may leave.
  package static let roundingTolerance = 0.01
  /// Additions that dynamic programming may take, about a millisecond.
  static let workLimit = 1 << 20
  private static let scratchSize = 1 << 15
  /// Elements of both signs for which signs are tried; beyond, they may mix.
  private static let amphotericLimit = 6
  /// Multiples of the least abundant element that are tried to make all amounts whole.
  private static let largestMultiple = 24

  /// Mean charges of the elements, as loaded.
  package let charges: UnsafeMutablePointer<Double>

  /// The sum of the counts that the assignment was chosen for, per atom; 0 where nothing balances.
  package private(set) var score = 0.0

  let sums = ChargeSums(.usual)
  let usual = OxidationStateTable.usual
  let extended = OxidationStateTable.extended
  private let scratch: UnsafeMutablePointer<Int32>
  let whole: UnsafeMutablePointer<Int>
  private let trial: UnsafeMutablePointer<Double>
  /// Elements with several states, in the order of dynamic programming.
  private let items: UnsafeMutablePointer<Item>
  private let layers: UnsafeMutablePointer<Layer>
  /// Vertices of the hulls on which the elements stand in a walk.
  private let places: UnsafeMutablePointer<Int>
  private let branches: UnsafeMutablePointer<OxidationStateTable.Branch>

  package init() {
    charges = .allocate(capacity: Element.count)
    scratch = .allocate(capacity: Self.scratchSize)
    whole = .allocate(capacity: Element.count)
    trial = .allocate(capacity: Element.count)
    items = .allocate(capacity: Element.count)
    layers = .allocate(capacity: Element.count)
    places = .allocate(capacity: Element.count)
    branches = .allocate(capacity: Element.count)
  }

  deinit {
    charges.deallocate()
    scratch.deallocate()
    whole.deallocate()
    trial.deallocate()
    items.deallocate()
    layers.deallocate()
    places.deallocate()
    branches.deallocate()
  }

  /// Writes `charges`.
  ///
  /// An element alone has charge 0. Without a solution each element has its most usual state, 0 where
  /// none is known.
  package func solve(
    _ count: Int, _ numbers: UnsafePointer<Int>, _ amounts: UnsafePointer<Double>
  ) -> Level {
    score = 0
    if count == 1 {
      charges[0] = 0
      return .whole
    }
    let total = (0..<count).reduce(0.0) { $0 + amounts[$1] }
    var hasStates = true
    for i in 0..<count where extended.extents[numbers[i] - 1].count == 0 { hasStates = false }
    if hasStates {
      if scaleToWhole(count, amounts), solveWhole(count, numbers) { return .whole }
      let tolerance = 1e-9 * total
      if solveMixed(usual, count, numbers, amounts, tolerance) { return .mixed }
      if solveMixed(usual, count, numbers, amounts, Self.roundingTolerance * total) { return .rounded }
      if solveMixed(extended, count, numbers, amounts, tolerance) { return .rare }
    }
    for i in 0..<count {
      let hull = usual.hull(numbers[i], .all)
      charges[i] = hull.count == 0 ? 0 : usual.vertices[hull.start + hull.peak].charge
    }
    score = 0
    return .unbalanced
  }

  // MARK: Whole atoms

  /// Writes the smallest whole numbers in proportion to the amounts into `whole`.
  func scaleToWhole(_ count: Int, _ amounts: UnsafePointer<Double>) -> Bool {
    var smallest = Double.infinity
    for i in 0..<count where amounts[i] < smallest { smallest = amounts[i] }
    for multiple in 1...Self.largestMultiple {
      let factor = Double(multiple) / smallest
      var isWhole = true
      for i in 0..<count {
        let scaled = amounts[i] * factor
        let rounded = scaled.rounded()
        guard abs(scaled - rounded) <= 1e-6 * Double(multiple), rounded < 1e4 else {
          isWhole = false
          break
        }
        whole[i] = Int(rounded)
      }
      if isWhole { return true }
    }
    return false
  }

  /// Dynamic programming over the elements with several states, fewest reachable charges first; the
  /// last one is looked up.
  private func solveWhole(_ count: Int, _ numbers: UnsafePointer<Int>) -> Bool {
    var several = 0
    var target = 0
    var atoms = 0
    var fixed = 0.0
    for i in 0..<count {
      let own = usual.extents[numbers[i] - 1]
      atoms += whole[i]
      switch own.count {
      case 0: return false
      case 1:
        charges[i] = Double(own.lowest)
        target -= own.lowest * whole[i]
        fixed += usual.vertices[usual.hull(numbers[i], .all).start].count * Double(whole[i])
      default:
        guard whole[i] <= ChargeSums.largestAmount else { return false }
        let item = Item(index: i, sums: sums.table(numbers[i], whole[i]))
        var j = several
        while j > 0, item.sums.size < items[j - 1].sums.size {
          items[j] = items[j - 1]
          j -= 1
        }
        items[j] = item
        several += 1
      }
    }
    if several == 0 {
      score = fixed / Double(atoms)
      return target == 0
    }
    // What the elements from a position on can add.
    var (least, most) = (0, 0)
    for position in 0..<several {
      least += items[position].sums.lowest
      most += items[position].sums.highest
    }
    guard target >= least, target <= most else { return false }

    // layers[p]: best score of the first p elements for each total that the rest can complete.
    layers[0] = Layer(start: 0, lowest: 0, size: 1)
    scratch[0] = 0
    var work = 0
    for position in 0..<several - 1 {
      let own = items[position].sums
      let old = layers[position]
      least -= own.lowest
      most -= own.highest
      let lowest = max(old.lowest + own.lowest, target - most)
      let highest = min(old.lowest + old.size - 1 + own.highest, target - least)
      let new = Layer(start: old.start + old.size, lowest: lowest, size: highest - lowest + 1)
      work += old.size * own.size
      guard new.size > 0, new.start + new.size <= Self.scratchSize, work <= Self.workLimit else { return false }
      let from = scratch + old.start
      let into = scratch + new.start
      into.initialize(repeating: ChargeSums.unreachable, count: new.size)
      for s in 0..<own.size where own.best[s] > ChargeSums.reachable {
        let score = own.best[s]
        let shift = old.lowest + own.lowest + s - lowest
        let first = max(0, -shift)
        let end = min(old.size, new.size - shift)
        guard first < end else { continue }
        for t in first..<end { into[t + shift] = max(into[t + shift], from[t] &+ score) }
      }
      layers[position + 1] = new
    }

    var rest = target
    for position in (0..<several).reversed() {
      let own = items[position].sums
      let layer = layers[position]
      let from = scratch + layer.start - layer.lowest
      var best = ChargeSums.reachable
      var sum = 0
      let first = max(own.lowest, rest - (layer.lowest + layer.size - 1))
      let last = min(own.highest, rest - layer.lowest)
      guard first <= last else { return false }
      for s in first...last {
        let score = own.best[s - own.lowest] &+ from[rest - s]
        if score > best { (best, sum) = (score, s) }
      }
      guard best > ChargeSums.reachable else { return false }
      if position == several - 1 { score = (fixed + Double(best)) / Double(atoms) }
      charges[items[position].index] = Double(sum) / Double(whole[items[position].index])
      rest -= sum
    }
    return true
  }

  /// An element with several states.
  private struct Item {
    let index: Int
    let sums: ChargeSums.Table
  }

  /// A part of `scratch`, by total charge from `lowest`.
  private struct Layer {
    let start: Int
    let lowest: Int
    let size: Int
  }

  // MARK: Shares of atoms

  /// Tries the signs of elements that can have both, and keeps the best score.
  ///
  /// - Parameter tolerance: charge that may remain.
  private func solveMixed(
    _ table: OxidationStateTable, _ count: Int, _ numbers: UnsafePointer<Int>,
    _ amounts: UnsafePointer<Double>, _ tolerance: Double
  ) -> Bool {
    var amphoteric = 0
    for i in 0..<count {
      if table.hull(numbers[i], .all).count == 0 { return false }
      if table.isAmphoteric(numbers[i]) { amphoteric += 1 }
    }
    let tried = amphoteric <= Self.amphotericLimit ? amphoteric : 0
    var best = -Double.infinity
    let total = (0..<count).reduce(0.0) { $0 + amounts[$1] }
    for signs in 0..<1 << tried {
      var rest = signs
      for i in 0..<count {
        branches[i] = .all
        if tried > 0, table.isAmphoteric(numbers[i]) {
          branches[i] = rest & 1 == 0 ? .negative : .positive
          rest >>= 1
        }
      }
      if let score = walk(table, count, numbers, amounts, tolerance, above: best) {
        best = score
        charges.update(from: trial, count: count)
      }
    }
    if best == -.infinity, tried > 0 {
      for i in 0..<count { branches[i] = .all }
      if let mixed = walk(table, count, numbers, amounts, tolerance, above: best) {
        best = mixed
        charges.update(from: trial, count: count)
      }
    }
    guard best > -.infinity else { return false }
    score = best / total
    return true
  }

  /// From the most usual states to neutrality along the hulls, the step that costs the least count
  /// for its charge first; the last step is taken in part. Writes `trial`.
  ///
  /// Hulls are concave, so each element's steps come in order, and the greedy walk solves the linear
  /// program.
  ///
  /// - Parameter adapting: the one element that may leave its most usual state; all where nil.
  /// - Returns: the score, nil when neutrality is out of reach or the score is not above `bound`.
  private func walk(
    _ table: OxidationStateTable, _ count: Int, _ numbers: UnsafePointer<Int>,
    _ amounts: UnsafePointer<Double>, _ tolerance: Double, above bound: Double, only adapting: Int? = nil
  ) -> Double? {
    var charge = 0.0
    var score = 0.0
    for i in 0..<count {
      let hull = table.hull(numbers[i], branches[i])
      places[i] = hull.peak
      let vertex = table.vertices[hull.start + hull.peak]
      trial[i] = vertex.charge
      charge += amounts[i] * vertex.charge
      score += amounts[i] * vertex.count
    }
    while abs(charge) > tolerance {
      guard score > bound else { return nil }
      let step = charge > 0 ? -1 : 1
      var cheapest = (index: -1, cost: Double.infinity)
      for i in 0..<count where adapting == nil || adapting == i {
        let hull = table.hull(numbers[i], branches[i])
        let next = places[i] + step
        guard next >= 0, next < hull.count else { continue }
        let (a, b) = (table.vertices[hull.start + places[i]], table.vertices[hull.start + next])
        let cost = (a.count - b.count) / abs(b.charge - a.charge)
        if cost < cheapest.cost { cheapest = (i, cost) }
      }
      guard cheapest.index >= 0 else { return nil }
      let i = cheapest.index
      places[i] += step
      let vertex = table.vertices[table.hull(numbers[i], branches[i]).start + places[i]]
      let change = amounts[i] * (vertex.charge - trial[i])
      if abs(change) >= abs(charge) {
        trial[i] -= charge / amounts[i]
        score -= cheapest.cost * abs(charge)
        charge = 0
      } else {
        trial[i] = vertex.charge
        charge += change
        score -= cheapest.cost * abs(change)
      }
    }
    return score > bound ? score : nil
  }

  /// After `solve` with `mixed`: lets one element alone, with the signs as found, take up the charge.
  /// Writes `charges` and `score`.
  func solve(
    adapting index: Int, signs: [Double], _ count: Int, _ numbers: UnsafePointer<Int>,
    _ amounts: UnsafePointer<Double>
  ) -> Bool {
    for i in 0..<count { branches[i] = signs[i] < 0 ? .negative : signs[i] > 0 ? .positive : .all }
    let total = (0..<count).reduce(0.0) { $0 + amounts[$1] }
    guard (0..<count).allSatisfy({ usual.hull(numbers[$0], branches[$0]).count > 0 }),
      let sum = walk(usual, count, numbers, amounts, 1e-9 * total, above: -.infinity, only: index)
    else { return false }
    charges.update(from: trial, count: count)
    score = sum / total
    return true
  }

  /// The states that make the mean charge of the element at a position, after `solve`, each with its
  /// share of the element's atoms.
  @inline(__always)
  package func forEachState(
    at i: Int, _ number: Int, _ level: Level, _ body: (_ charge: Double, _ share: Double) -> Void
  ) {
    let table = level == .rare ? extended : usual
    let mean = charges[i]
    // A whole mean charge of an element with states of one sign is one of its states.
    if mean == mean.rounded(), !table.isAmphoteric(number) { return body(mean, 1) }
    guard let mixture = table.mixture(number, mean: mean, atoms: level == .whole ? whole[i] : nil) else {
      return body(0, 1)
    }
    let states = table.states[number - 1]
    if mixture.share < 1 { body(Double(states[mixture.low].charge), 1 - mixture.share) }
    if mixture.share > 0 { body(Double(states[mixture.high].charge), mixture.share) }
  }
}
