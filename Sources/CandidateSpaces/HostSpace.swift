import Chemistry

/// Substitutions on the sites of a host, with one element that balances the charge.
///
/// Li₇₋ₓ₊ᵧLa₃₋ᵧCaᵧZr₂₋ₓTaₓO₁₂ is the host Li₇La₃Zr₂O₁₂ with sites La and Zr: for each arrangement of
/// the sites the amount of lithium follows from the charges, so nothing is tried that cannot be
/// neutral. Where it leaves its range, the index is empty.
public struct HostSpace: CandidateSpace {
  public let count: Int
  public var isDense: Bool { false }

  private let host: Composition
  private let formula: String
  private let sites: [SubstitutionSite]
  /// The element that balances and its charge; nil when substitutions must balance one another.
  private let balance: Ion?
  private let range: ClosedRange<Double>

  public func candidate(at index: Int) -> Composition? {
    var builder = AmountBuilder(capacity: host.entries.count + 4)
    var rest = index
    var gained = 0.0
    for entry in host.entries where entry.element != balance?.element {
      if !sites.contains(where: { $0.host == entry.element }) { builder.add(entry.amount, of: entry.element) }
    }
    for site in sites.reversed() {
      let arrangement = rest % site.count
      rest /= site.count
      let change = site.forEach(of: arrangement) { substituent, amount in
        if let element = substituent.element { builder.add(amount, of: element) }
      }
      gained += change.gained
      builder.add(max(0, change.left) * site.multiplicity, of: site.host)
    }
    if let balance {
      let amount = host[balance.element] - gained / Double(balance.charge)
      guard amount >= range.lowerBound - 1e-9, amount <= range.upperBound + 1e-9 else { return nil }
      builder.add(amount, of: balance.element)
    } else if abs(gained) > 1e-9 {
      return nil
    }
    return builder.composition()
  }

  public func label(at index: Int) -> String {
    var rest = index
    var parts: [String] = []
    for site in sites.reversed() {
      parts.insert(site.label(of: rest % site.count), at: 0)
      rest /= site.count
    }
    let changes = parts.filter { !$0.isEmpty }.joined(separator: ", ")
    return changes.isEmpty ? formula : "\(formula): \(changes)"
  }

  /// Reads `kind = "substitution"`.
  init(_ table: SpaceTable) throws(SpaceError) {
    let formula = try table.requiredString("host")
    let host = try table.composition(formula, "host")
    self.host = host
    self.formula = formula

    var charges: [Element: Int] = [:]
    if let known = OxidationStates.uniformCharges(of: host) {
      for (entry, charge) in zip(host.entries, known) { charges[entry.element] = charge }
    }
    if let given = try table.subtable("charges") {
      for symbol in given.keys {
        guard let element = Element(symbol), host.contains(element) else {
          throw given.failure(symbol, "is no element of the host \(formula)", "name elements of the host")
        }
        charges[element] = try given.integer(symbol, in: -9...9)
      }
    }
    func charge(of element: Element, _ key: String, _ place: SpaceTable) throws(SpaceError) -> Int {
      guard let charge = charges[element], charge != 0 else {
        throw place.failure(key, "the charge of \(element) in \(formula) is not known", "add charges = { \(element.symbol) = … } to the space")
      }
      return charge
    }

    let balanceName = try table.string("balance") ?? (host.contains(.lithium) ? "Li" : "none")
    if balanceName == "none" {
      balance = nil
      range = 0...0
      if table.has("balance-range") { throw table.failure("balance-range", "has no meaning without balance", "remove it") }
    } else {
      guard let element = Element(balanceName), host.contains(element) else {
        throw table.failure("balance", "\"\(balanceName)\" is no element of the host \(formula)", "name one, or \"none\"")
      }
      balance = Ion(element: element, charge: try charge(of: element, "balance", table))
      let amount = host[element]
      if let limits = try table.numbers("balance-range", in: 0...1e6) {
        guard limits.count == 2 else { throw table.failure("balance-range", "has \(limits.count) numbers", "write [least, most] in atoms of the host formula") }
        range = limits[0]...limits[1]
      } else {
        // A host that gives up most of its lithium, or doubles it, is another compound.
        range = 0.5 * amount...1.5 * amount
      }
    }

    let siteTables = try table.tables("site")
    guard !siteTables.isEmpty else { throw table.failure("", "no site can be substituted", "add [[space.site]] with replace, by and fractions") }
    var sites: [SubstitutionSite] = []
    for place in siteTables {
      let site = try Self.site(place, host: host, formula: formula, balance: balance) { element, key throws(SpaceError) in
        try charge(of: element, key, place)
      }
      if sites.contains(where: { $0.host == site.host }) { throw place.failure("replace", "\(site.host) stands in two sites", "join them") }
      sites.append(site)
    }
    try table.finish()
    self.sites = sites
    count = try SpaceSize.product(sites.map(\.count))
  }

  private static func site(
    _ table: SpaceTable, host: Composition, formula: String, balance: Ion?,
    charge: (Element, String) throws(SpaceError) -> Int
  ) throws(SpaceError) -> SubstitutionSite {
    let symbol = try table.requiredString("replace")
    guard let element = Element(symbol), host.contains(element) else {
      throw table.failure("replace", "\"\(symbol)\" is no element of the host \(formula)", "name one of \(host.elements.map(\.symbol).joined(separator: ", "))")
    }
    guard element != balance?.element else { throw table.failure("replace", "\(symbol) balances the charges", "substitute another element, or choose another balance") }
    let own = try charge(element, "replace")
    guard let names = try table.strings("by"), !names.isEmpty else { throw table.failure("", "by is missing", "add by = [\"Ta5+\", \"Nb5+\"]") }
    var substituents: [SubstitutionSite.Substituent] = []
    func append(_ new: SubstitutionSite.Substituent) throws(SpaceError) {
      guard !substituents.contains(new) else { throw table.failure("by", "\(new.name) stands twice", "name it once") }
      substituents.append(new)
    }
    for name in names {
      if name == "vacancy" {
        try append(.init(element: nil, charge: 0))
        continue
      }
      let ions: [Ion]
      if name.hasPrefix("@") {
        ions = try ElementList.elements([name], "by", of: table).flatMap { element in
          element.commonOxidationStates.filter { ($0 > 0) == (own > 0) && $0 != 0 }.map { Ion(element: element, charge: $0) }
        }
      } else {
        ions = [try table.ion(name, "by", positive: own > 0)]
      }
      for ion in ions where ion.element != element || !name.hasPrefix("@") {
        guard ion.element != element else { throw table.failure("by", "\(ion.element) replaces itself", "name another element") }
        try append(.init(element: ion.element, charge: ion.charge))
      }
    }
    guard let fractions = try table.numbers("fractions", in: 0...1) else { throw table.failure("", "fractions is missing", "add fractions = [0.05, 0.1] or { from = 0.05, to = 1, step = 0.05 }") }
    let mix = try table.integer("mix", in: 1...6) ?? 1
    let total = try table.number("max-total", in: 0...1) ?? 1
    let keepsHost = try table.flag("keep-host", default: true)
    try table.finish()
    guard substituents.count < 30_000, fractions.count < 30_000,
      let site = SubstitutionSite(
        host: element, hostCharge: own, multiplicity: host[element], substituents: substituents,
        fractions: fractions, mix: mix, total: total, keepsHost: keepsHost)
    else {
      throw table.failure("", "more than \(SubstitutionSite.largest) arrangements of one site", "take fewer ions or fractions, or lower mix")
    }
    return site
  }
}
