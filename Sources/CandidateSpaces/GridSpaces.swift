import Chemistry

/// Mixtures of end members on a simplex grid: all shares in steps of 1/divisions.
///
/// Formulas are for `divisions` formula units in all, so that whole amounts stay whole.
public struct SolidSolutionSpace: CandidateSpace {
  public var count: Int { grid.count }
  public var isDense: Bool { true }

  private let members: [(formula: String, composition: Composition)]
  private let grid: SimplexGrid

  public func candidate(at index: Int) -> Composition? {
    var builder = AmountBuilder(capacity: 8)
    let shares = grid.point(at: index)
    for (share, member) in zip(shares, members) where share > 0 {
      for entry in member.composition.entries {
        builder.add(Double(share) * entry.amount, of: entry.element)
      }
    }
    return builder.composition()
  }

  public func label(at index: Int) -> String {
    zip(grid.point(at: index), members).filter { $0.0 > 0 }.map {
      "\(SpaceTable.rounded(Double($0.0) / Double(grid.total))) \($0.1.formula)"
    }.joined(separator: " + ")
  }

  /// Reads `kind = "solid-solution"`.
  init(_ table: SpaceTable) throws(SpaceError) {
    guard let formulas = try table.strings("endmembers"), formulas.count >= 2 else {
      throw table.failure("endmembers", "at least two end members are needed", "add endmembers = [\"LiTi2(PO4)3\", \"LiGe2(PO4)3\"]")
    }
    var members: [(String, Composition)] = []
    for formula in formulas { members.append((formula, try table.composition(formula, "endmembers"))) }
    let divisions = try table.integer("divisions", in: 1...10_000) ?? 20
    try table.finish()
    self.members = members
    grid = try SimplexGrid(total: divisions, parts: members.count)
  }
}

/// A polymer with a salt and, if wanted, a filler: every combination, ratio and filler content.
///
/// Polymers, salts and fillers are formulas or abbreviations (`PEO`, `LiTFSI`). The composition is that of the whole
/// with its components as a `Mixture`; structure and molecular weight of the polymer are not in it.
public struct MixtureSpace: CandidateSpace {
  public let count: Int
  public var isDense: Bool { true }

  private let polymers: [(formula: String, composition: Composition)]
  private let salts: [(formula: String, composition: Composition)]
  private let fillers: [(formula: String, composition: Composition)]
  /// Repeat units of the polymer for each formula unit of salt.
  private let ratios: [Double]
  /// Filler in percent of the mass of the mixture, above 0; without filler there is one choice more.
  private let contents: [Double]
  private let bare: Int

  private func choices(_ index: Int) -> (polymer: Int, salt: Int, ratio: Int, filler: Int, content: Int?) {
    let fillings = bare + fillers.count * contents.count
    var rest = index
    let filling = rest % fillings
    rest /= fillings
    let ratio = rest % ratios.count
    rest /= ratios.count
    if filling < bare { return (rest / salts.count, rest % salts.count, ratio, 0, nil) }
    let place = filling - bare
    return (rest / salts.count, rest % salts.count, ratio, place / contents.count, place % contents.count)
  }

  public func candidate(at index: Int) -> Composition? {
    let choice = choices(index)
    var builder = AmountBuilder(capacity: 8)
    let (polymer, salt) = (polymers[choice.polymer].composition, salts[choice.salt].composition)
    let ratio = ratios[choice.ratio]
    for entry in polymer.entries { builder.add(ratio * entry.amount, of: entry.element) }
    for entry in salt.entries { builder.add(entry.amount, of: entry.element) }
    var components = [
      MixtureComponent(name: polymers[choice.polymer].formula, composition: polymer, moles: ratio, role: .matrix),
      MixtureComponent(name: salts[choice.salt].formula, composition: salt, moles: 1, role: .salt),
    ]
    if let content = choice.content {
      let filler = fillers[choice.filler].composition
      let share = contents[content] / 100
      let mass = ratio * polymer.molarMass + salt.molarMass
      let amount = share / (1 - share) * mass / filler.molarMass
      for entry in filler.entries { builder.add(amount * entry.amount, of: entry.element) }
      components.append(
        MixtureComponent(
          name: fillers[choice.filler].formula, composition: filler, moles: amount,
          role: filler.contains(.lithium) ? .activeFiller : .inertFiller))
    }
    return builder.composition().map { Composition(ordered: $0.entries, mixture: Mixture(components)) }
  }

  /// Reads as a formula: `18 PEO (matrix) + 1 LiTFSI (salt) + 10 wt% Al2O3`.
  public func label(at index: Int) -> String {
    let choice = choices(index)
    let salt = "\(number(ratios[choice.ratio])) \(polymers[choice.polymer].formula) (matrix) + 1 \(salts[choice.salt].formula) (salt)"
    return choice.content.map { salt + " + \(number(contents[$0])) wt% \(fillers[choice.filler].formula)" } ?? salt
  }

  private func number(_ value: Double) -> String { value == value.rounded() && value < 1e9 ? "\(Int(value))" : "\(value)" }

  /// Reads `kind = "mixture"`.
  init(_ table: SpaceTable) throws(SpaceError) {
    func compositions(_ key: String) throws(SpaceError) -> [(String, Composition)] {
      var result: [(String, Composition)] = []
      for formula in try table.strings(key) ?? [] { result.append((formula, try table.composition(formula, key))) }
      return result
    }
    polymers = try compositions("polymers")
    salts = try compositions("salts")
    fillers = try compositions("fillers")
    for (key, list) in [("polymers", polymers), ("salts", salts)] where list.isEmpty {
      throw table.failure("", "\(key) is missing", "add \(key) = [\"…\"] with formulas of \(key == "salts" ? "salts" : "repeat units")")
    }
    guard let ratios = try table.numbers("repeat-units-per-salt", in: 0.01...10_000) else {
      throw table.failure("", "repeat-units-per-salt is missing", "add repeat-units-per-salt = [8, 12, 16, 20]")
    }
    let given = try table.numbers("filler-mass-percent", in: 0...95) ?? [0]
    try table.finish()
    self.ratios = ratios
    contents = fillers.isEmpty ? [] : given.filter { $0 > 0 }
    if fillers.isEmpty, given != [0] { throw table.failure("filler-mass-percent", "there are no fillers", "add fillers = [\"…\"], or remove it") }
    bare = given.contains(0) ? 1 : 0
    count = try SpaceSize.product([polymers.count, salts.count, ratios.count, bare + fillers.count * contents.count])
  }
}
