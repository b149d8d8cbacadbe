import Chemistry

/// Elements as space files name them: symbols, and groups such as `@halogens`.
enum ElementList {
  /// Groups by name, without the `@`.
  static let groups: [(name: String, contains: @Sendable (Element) -> Bool)] = [
    ("all", { $0.atomicNumber <= 103 }),
    ("alkali", { $0.group == 1 && $0.atomicNumber > 1 }),
    ("alkaline-earths", { $0.group == 2 }),
    ("lanthanoids", { $0.isLanthanoid }),
    ("rare-earths", { $0.isLanthanoid || ["Sc", "Y"].contains($0.symbol) }),
    ("actinoids", { $0.isActinoid }),
    ("transition-metals", { (3...12).contains($0.group) && !$0.isLanthanoid && !$0.isActinoid && $0.atomicNumber <= 80 }),
    ("pnictogens", { $0.group == 15 && $0.atomicNumber <= 83 }),
    ("chalcogens", { $0.group == 16 && $0.atomicNumber <= 52 }),
    ("halogens", { $0.group == 17 && $0.atomicNumber <= 53 }),
    ("noble-gases", { $0.group == 18 && $0.atomicNumber <= 86 }),
  ]

  /// The elements of a list, each once, by atomic number. `!X` takes X or a group out again.
  static func elements(_ names: [String], _ key: String, of table: SpaceTable) throws(SpaceError) -> [Element] {
    var result = Set<Element>()
    for name in names {
      let isRemoval = name.hasPrefix("!")
      let text = isRemoval ? String(name.dropFirst()) : name
      var found: [Element]
      if text.hasPrefix("@") {
        guard let group = groups.first(where: { "@\($0.name)" == text }) else {
          throw table.failure(
            key, "\"\(text)\" is no group of elements",
            "there are \(groups.map { "@\($0.name)" }.joined(separator: ", "))")
        }
        found = Element.all.filter(group.contains)
      } else {
        guard let element = Element(text) else {
          throw table.failure(key, "\"\(text)\" is no element", "write symbols such as \"Li\", or groups such as \"@halogens\"")
        }
        found = [element]
      }
      if isRemoval { result.subtract(found) } else { result.formUnion(found) }
    }
    return result.sorted()
  }
}

extension SpaceTable {
  /// The elements under a key; nil when it is absent.
  func elements(_ key: String) throws(SpaceError) -> [Element]? {
    guard let names = try strings(key) else { return nil }
    let elements = try ElementList.elements(names, key, of: self)
    guard !elements.isEmpty else { throw failure(key, "names no element", "name at least one") }
    return elements
  }

  /// A formula under a key.
  func composition(_ key: String) throws(SpaceError) -> Composition? {
    guard let text = try string(key) else { return nil }
    return try composition(text, key)
  }

  func composition(_ text: String, _ key: String) throws(SpaceError) -> Composition {
    do {
      return try Composition(formula: text)
    } catch {
      throw failure(key, error.problem, error.remedy)
    }
  }

  /// An ion such as `Ta5+`, `S2-` or `Cl-`; an element alone takes its first common state that has
  /// the sign wanted.
  func ion(_ text: String, _ key: String, positive: Bool?) throws(SpaceError) -> Ion {
    let letters = text.prefix { $0.isLetter }
    guard let element = Element(letters) else {
      throw failure(key, "\"\(text)\" is no ion", "write an element with its charge, such as \"Ta5+\" or \"S2-\"")
    }
    let tail = text.dropFirst(letters.count)
    if tail.isEmpty {
      let states = element.commonOxidationStates.filter { positive == nil || ($0 > 0) == positive }
      guard let charge = states.first(where: { $0 != 0 }) else {
        throw failure(key, "\"\(text)\" has no common charge that fits", "give the charge, as in \"Ta5+\"")
      }
      guard states.count == 1 else {
        throw failure(key, "\"\(text)\" has several common charges (\(states.map(String.init).joined(separator: ", ")))", "give the charge, as in \"\(text)\(abs(charge))\(charge > 0 ? "+" : "-")\"")
      }
      return Ion(element: element, charge: charge)
    }
    let digits = tail.dropLast()
    guard let sign = tail.last, sign == "+" || sign == "-",
      let size = digits.isEmpty ? 1 : Int(digits), (1...9).contains(size)
    else {
      throw failure(key, "\"\(text)\" is no ion", "write an element with its charge, such as \"Ta5+\" or \"S2-\"")
    }
    return Ion(element: element, charge: sign == "+" ? size : -size)
  }
}
