import Chemistry

/// Elements of a palette in whole amounts, kept where charges balance and electronegativities are
/// in order: SMACT's two rules.
///
/// A composition is a candidate when one oxidation state for each element, out of a set, makes its
/// charge zero, and every element with a positive state is less electronegative than every one with
/// a negative state. Counts agree with SMACT's `smact_filter` with `species_unique=False`.
/// Indices run through the combinations of elements, and for each through all amounts without a
/// common divisor, so no reduced formula appears twice.
public struct PaletteSpace: CandidateSpace {
  /// Elements of which a number is taken.
  struct Choice: Sendable {
    let elements: [Element]
    let subsets: Combinations
  }

  public let count: Int
  public var isDense: Bool { false }

  private let choices: [Choice]
  private let tuples: AmountTuples
  /// By atomic number.
  private let states: [[Int]]
  private let electronegativities: [Double?]
  private let respectsElectronegativity: Bool

  /// - Parameters:
  ///   - choices: elements and how many of them to take; no element may be in two.
  ///   - largestAmount: of any element in the formula.
  /// - Throws: `SpaceError.tooLarge`.
  init(
    choices: [(elements: [Element], count: Int)], largestAmount: Int, states: OxidationStateSet,
    respectsElectronegativity: Bool
  ) throws(SpaceError) {
    var made: [Choice] = []
    for choice in choices {
      made.append(Choice(elements: choice.elements, subsets: try Combinations(choice.elements.count, choose: choice.count)))
    }
    let width = choices.reduce(0) { $0 + $1.count }
    guard let tuples = AmountTuples(width: width, limit: largestAmount) else { throw .tooLarge }
    count = try SpaceSize.product(made.map(\.subsets.count) + [tuples.count])
    self.choices = made
    self.tuples = tuples
    self.states = states.states
    electronegativities = OxidationStateSet.electronegativities
    self.respectsElectronegativity = respectsElectronegativity
  }

  public func candidate(at index: Int) -> Composition? {
    var result: Composition?
    forEach(in: index..<index + 1) { result = $1 }
    return result
  }

  /// Once for each combination of elements the valid amounts are marked; then they are read off.
  public func forEach(in range: Range<Int>, _ body: (Int, Composition) -> Void) {
    let size = tuples.count
    let width = tuples.width
    var marks = [Bool](repeating: false, count: size)
    var elements = [Element](repeating: .hydrogen, count: width)
    var start = range.lowerBound
    while start < range.upperBound {
      let combination = start / size
      let first = start - combination * size
      let last = min(size, range.upperBound - combination * size)
      setElements(of: combination, &elements)
      if mark(elements, &marks, first..<last) {
        let order = (0..<width).sorted { elements[$0] < elements[$1] }
        for rank in first..<last where marks[rank] {
          let entries = order.map {
            Composition.Entry(element: elements[$0], amount: Double(tuples.amounts[rank * width + $0]))
          }
          body(combination * size + rank, Composition(ordered: entries))
        }
      }
      start = (combination + 1) * size
    }
  }

  /// How many candidates there are, by enumeration. O(combinations · assignments of charges).
  public func countCandidates(in range: Range<Int>) -> Int {
    var total = 0
    var marks = [Bool](repeating: false, count: tuples.count)
    var elements = [Element](repeating: .hydrogen, count: tuples.width)
    var start = range.lowerBound
    while start < range.upperBound {
      let combination = start / tuples.count
      let part = start - combination * tuples.count..<min(tuples.count, range.upperBound - combination * tuples.count)
      setElements(of: combination, &elements)
      if mark(elements, &marks, part) { for rank in part where marks[rank] { total += 1 } }
      start = (combination + 1) * tuples.count
    }
    return total
  }

  private func setElements(of combination: Int, _ elements: inout [Element]) {
    var rest = combination
    var end = tuples.width
    for choice in choices.reversed() {
      let rank = rest % choice.subsets.count
      rest /= choice.subsets.count
      end -= choice.subsets.k
      let begin = end
      choice.subsets.forEachElement(of: rank) { elements[begin + $0] = choice.elements[$1] }
    }
  }

  /// Marks the tuples of a part that some assignment of states makes neutral.
  /// - Returns: whether there can be any; `marks` of the part are then set.
  private func mark(_ elements: [Element], _ marks: inout [Bool], _ part: Range<Int>) -> Bool {
    let width = tuples.width
    let options = elements.map { states[$0.atomicNumber - 1] }
    guard options.allSatisfy({ !$0.isEmpty }) else { return false }
    var potential = [Double](repeating: 0, count: width)
    if respectsElectronegativity {
      for (i, element) in elements.enumerated() {
        guard let value = electronegativities[element.atomicNumber - 1] else { return false }
        potential[i] = value
      }
    }
    for rank in part { marks[rank] = false }
    var found = false
    var charges = [Int](repeating: 0, count: width)
    var assignment = 0
    let assignments = options.reduce(1) { $0 * $1.count }
    while assignment < assignments {
      var rest = assignment
      var (hasCation, hasAnion) = (false, false)
      var (highestCation, lowestAnion) = (-Double.infinity, Double.infinity)
      for i in 0..<width {
        let charge = options[i][rest % options[i].count]
        rest /= options[i].count
        charges[i] = charge
        if charge > 0 {
          hasCation = true
          highestCation = max(highestCation, potential[i])
        } else if charge < 0 {
          hasAnion = true
          lowestAnion = min(lowestAnion, potential[i])
        }
      }
      assignment += 1
      // All of one sign cannot be neutral.
      guard hasCation, hasAnion, !respectsElectronegativity || highestCation < lowestAnion else { continue }
      if part.count == 1 {
        if isNeutral(part.lowerBound, charges) {
          marks[part.lowerBound] = true
          return true
        }
      } else if markNeutral(charges, &marks, part) {
        found = true
      }
    }
    return found
  }

  private func isNeutral(_ rank: Int, _ charges: [Int]) -> Bool {
    var sum = 0
    for i in 0..<charges.count { sum += charges[i] * Int(tuples.amounts[rank * charges.count + i]) }
    return sum == 0
  }

  /// Solves for the last amount, whose charge is not zero, and runs through the others.
  private func markNeutral(_ charges: [Int], _ marks: inout [Bool], _ part: Range<Int>) -> Bool {
    let (width, limit) = (charges.count, tuples.limit)
    let last = charges[width - 1]
    guard last != 0 else {
      var found = false
      for rank in part where isNeutral(rank, charges) {
        marks[rank] = true
        found = true
      }
      return found
    }
    var digits = [Int](repeating: 1, count: width - 1)
    var sum = 0
    for i in 0..<width - 1 { sum += charges[i] }
    var code = 0
    var found = false
    while true {
      // −sum must be last · amount with 1 ≤ amount ≤ limit.
      let amount = -sum / last
      if amount >= 1, amount <= limit, amount * last == -sum {
        let rank = Int(tuples.ranks[code * limit + amount - 1])
        if rank >= 0, part.contains(rank) {
          marks[rank] = true
          found = true
        }
      }
      code += 1
      var i = width - 2
      while i >= 0, digits[i] == limit {
        sum -= charges[i] * (limit - 1)
        digits[i] = 1
        i -= 1
      }
      if i < 0 { return found }
      digits[i] += 1
      sum += charges[i]
    }
  }

  /// Reads `kind = "palette"`.
  init(_ table: SpaceTable) throws(SpaceError) {
    var choices: [(elements: [Element], count: Int)] = []
    let required = try table.elements("require") ?? []
    if !required.isEmpty { choices.append((required, required.count)) }
    let groups = try table.tables("choose")
    if groups.isEmpty {
      guard let elements = try table.elements("elements") else {
        throw table.failure("", "elements is missing", "add elements = [\"Li\", \"P\", \"S\"] or elements = [\"@all\"]")
      }
      let rest = elements.filter { !required.contains($0) }
      let arity = try table.integer("arity", in: 2...8) ?? 3
      let count = arity - required.count
      guard count >= 0, count <= rest.count else {
        throw table.failure("arity", "\(arity) elements cannot be taken from these", "name more elements or lower arity")
      }
      if count > 0 { choices.append((rest, count)) }
    } else {
      for group in groups {
        guard let elements = try group.elements("from") else { throw group.failure("", "from is missing", "add from = [\"O\", \"S\"]") }
        let count = try group.integer("count", in: 1...8) ?? 1
        try group.finish()
        guard count <= elements.count else { throw group.failure("count", "\(count) of \(elements.count) elements", "name more elements or lower count") }
        choices.append((elements, count))
      }
      var seen = Set<Element>()
      for element in choices.flatMap(\.elements) where !seen.insert(element).inserted {
        throw table.failure("choose", "\(element) stands in two choices", "leave it in one, with \"!\(element)\" in the other")
      }
    }
    let width = choices.reduce(0) { $0 + $1.count }
    guard (2...8).contains(width) else { throw table.failure("", "candidates of \(width) elements", "take 2 to 8 elements") }
    let largest = try table.integer("max-amount", in: 1...100) ?? 8
    guard AmountTuples(width: width, limit: largest) != nil else {
      throw table.failure("max-amount", "\(largest) with \(width) elements gives too many amounts", "lower max-amount or the number of elements")
    }
    let name = try table.string("oxidation-states") ?? OxidationStateSet.icsd24.rawValue
    guard let set = OxidationStateSet(rawValue: name) else {
      throw table.failure("oxidation-states", "\"\(name)\" is no set", "there are \(OxidationStateSet.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let ordered = try table.flag("electronegativity", default: true)
    try table.finish()
    try self.init(choices: choices, largestAmount: largest, states: set, respectsElectronegativity: ordered)
  }
}
