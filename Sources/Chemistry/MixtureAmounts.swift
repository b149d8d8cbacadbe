/// Of what a share is: mass, volume or moles of formula units.
enum MixtureShare {
  case mass, volume, mole

  private static let names: [(String, MixtureShare)] = [
    ("weight%", .mass), ("mass%", .mass), ("wt.%", .mass), ("wt%", .mass), ("w%", .mass),
    ("vol.%", .volume), ("vol%", .volume), ("v%", .volume), ("mol.%", .mole), ("mole%", .mole), ("mol%", .mole),
  ]

  /// `10 wt%`: what stands before the unit, and the unit; nil where there is none.
  static func split(_ text: String) -> (before: String, unit: MixtureShare)? {
    let compact = text.lowercased().filter { !$0.isWhitespace }
    for (name, unit) in names where compact.hasSuffix(name) { return (String(compact.dropLast(name.count)), unit) }
    return nil
  }

  static func read(_ text: String) -> (percent: Double, unit: MixtureShare)? {
    guard let (before, unit) = split(text), let percent = Double(before) else { return nil }
    return (percent, unit)
  }
}

/// A component as it is written, before its moles are known.
struct MixturePart {
  enum Oxygens { case ether, all }
  struct Ratio {
    let oxygens: Oxygens
    let perLithium: Double
  }
  /// In the text, from 1.
  let position: Int
  var name = ""
  var composition: Composition?
  /// Per cent of the whole mixture.
  var share: (percent: Double, unit: MixtureShare)?
  var moles: Double?
  var ratio: Ratio?
  /// In g/cm³, as given.
  var density: Double?
  var role: MixtureRole?
  /// Of a copolymer.
  var secondUnit: (percent: Double, unit: MixtureShare)?

  init(position: Int) { self.position = position }
}

/// Works out the moles of the components of a mixture.
struct MixtureAmounts {
  private typealias Known = (part: MixturePart, composition: Composition)

  private let parts: [MixturePart]
  private let text: String

  init(parts: [MixturePart], text: String) {
    self.parts = parts
    self.text = text
  }

  /// Percentages that should add up to 100 may miss it by this, as rounded ones do.
  private static let tolerance = 0.5

  func mixture() throws(FormulaError) -> Mixture {
    var known: [Known] = []
    for part in parts { if let composition = part.composition { known.append((part, composition)) } }
    let rest = known.indices.filter { known[$0].part.share == nil }
    let shared = known.indices.filter { known[$0].part.share != nil }
    var moles = try restMoles(known, rest)
    if let first = shared.first, let unit = known[first].part.share?.unit {
      let percents = shared.map { known[$0].part.share?.percent ?? 0 }
      let sum = percents.reduce(0, +)
      for i in shared where known[i].part.share?.unit != unit {
        throw failure("shares of two kinds, give all in wt%, vol% or mol%", known[i].part)
      }
      if rest.isEmpty, abs(sum - 100) > Self.tolerance {
        throw failure("the shares add up to \(Composition.text(sum))%, not 100%", known[first].part)
      }
      if !rest.isEmpty, sum >= 100 {
        throw failure("the shares add up to \(Composition.text(sum))% and leave nothing for the rest", known[first].part)
      }
      // How much of the unit one mole is.
      var measures: [Double] = []
      for one in known { measures.append(try measure(one, unit)) }
      let total = rest.isEmpty ? 100 : rest.reduce(0.0) { $0 + moles[$1] * measures[$1] } / (1 - sum / 100)
      for (i, percent) in zip(shared, percents) { moles[i] = total * percent / 100 / measures[i] }
    }
    let isComposite = shared.contains { known[$0].part.share?.unit != .mole }
    return try mixture(known, moles, rest: isComposite ? rest : nil)
  }

  private func mixture(_ known: [Known], _ moles: [Double], rest: [Int]?) throws(FormulaError) -> Mixture {
    let present = known.indices.filter { moles[$0] > 0 && moles[$0].isFinite }
    var isMatrix: [Bool]?
    if let rest {
      let masses = present.map { moles[$0] * known[$0].composition.molarMass }
      let largest = present.indices.max { masses[$0] < masses[$1] }
      isMatrix = present.indices.map { rest.isEmpty ? $0 == largest : rest.contains(present[$0]) }
    }
    let roles = MixtureRoles(
      present.map { known[$0].part.name }, present.map { known[$0].composition }, isMatrix: isMatrix
    ).roles()
    let components = present.enumerated().map { order, i in
      let part = known[i].part
      return MixtureComponent(
        name: part.name, composition: known[i].composition, moles: moles[i],
        role: part.role ?? (part.ratio == nil ? roles[order] : .salt))
    }
    guard let mixture = Mixture(components), mixture.mass.isFinite, mixture.mass > 0 else {
      throw FormulaError(kind: .empty, text: text, position: 1)
    }
    return mixture
  }

  /// Moles of the components without a share; 0 for the others.
  private func restMoles(_ known: [Known], _ rest: [Int]) throws(FormulaError) -> [Double] {
    var moles = known.map { $0.part.moles }
    let salts = rest.filter { known[$0].part.ratio != nil }
    for i in known.indices where known[i].part.ratio != nil && known[i].part.share != nil {
      throw failure("a ratio and a share, give one of them", known[i].part)
    }
    if !salts.isEmpty {
      let polymers = rest.filter { (Abbreviation.ofComponent(known[$0].part.name)?.etherOxygens ?? 0) > 0 }
      let hosts = polymers.isEmpty ? rest.filter { Self.isPolymer(known[$0]) } : polymers
      guard let host = hosts.first, hosts.count == 1 else {
        throw failure("a ratio needs one polymer with oxygen, such as PEO", known[salts[0]].part)
      }
      for (count, i) in salts.enumerated() {
        guard let ratio = known[i].part.ratio else { continue }
        let oxygens = ratio.oxygens == .ether
          ? Abbreviation.ofComponent(known[host].part.name)?.etherOxygens ?? 0
          : known[host].composition[Element(unchecked: 8)]
        let lithium = known[i].composition[.lithium]
        guard oxygens > 0, lithium > 0 else {
          throw failure(
            lithium > 0 ? "\(known[host].part.name) has no such oxygen" : "the salt of a ratio needs lithium", known[i].part)
        }
        guard known[i].part.moles == nil else { throw failure("a ratio and an amount, give one of them", known[i].part) }
        // One formula unit of the first salt, unless the polymer has an amount.
        if count == 0, moles[host] == nil {
          moles[host] = ratio.perLithium * lithium / oxygens
          moles[i] = 1
        } else {
          moles[i] = (moles[host] ?? 1) * oxygens / (ratio.perLithium * lithium)
        }
      }
    }
    let hasMoles = rest.contains { moles[$0] != nil && known[$0].part.ratio == nil && known[$0].part.moles != nil }
    for i in rest where moles[i] == nil {
      // Formula units beside others that are counted; alone, all of the rest.
      guard hasMoles || rest.count == 1 else {
        throw failure("the amount of \(known[i].part.name) is missing", known[i].part)
      }
      moles[i] = 1
    }
    for i in known.indices where known[i].part.share != nil && known[i].part.moles != nil {
      throw failure("a share and a number of moles, give one of them", known[i].part)
    }
    return moles.map { $0 ?? 0 }
  }

  private static func isPolymer(_ known: Known) -> Bool {
    let kind = Abbreviation.ofComponent(known.part.name)?.kind
    return kind == .polymer || kind == .copolymer
  }

  /// Grams, cubic centimetres or moles of one mole.
  private func measure(_ known: Known, _ unit: MixtureShare) throws(FormulaError) -> Double {
    switch unit {
    case .mole: return 1
    case .mass: return known.composition.molarMass
    case .volume:
      guard let density = known.part.density ?? Densities.shared.density(of: known.composition) else {
        throw failure(
          "shares by volume need the density of \(known.part.name), write it as \(known.part.name) (5.1 g/cm3)", known.part)
      }
      return known.composition.molarMass / density
    }
  }

  private func failure(_ reason: String, _ part: MixturePart) -> FormulaError {
    FormulaError(kind: .badMixture(reason), text: text, position: part.position)
  }
}
