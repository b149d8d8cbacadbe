/// Makes texts that are or resemble formulas, and checks what the reader does with them.
///
/// Texts come from the grammar (all of it: groups, hydrates, charges, isotopes, parameters, glasses, mixtures,
/// LaTeX) or from such texts by a few random edits. Whatever is read must print and read back to the same value, and
/// be read alike by the fast path and the full grammar; whatever is refused must be refused at a character
/// of the text, and a suggestion must be readable.
package struct FormulaFuzzer<Generator: RandomNumberGenerator> {
  private var generator: Generator

  package init(generator: Generator) { self.generator = generator }

  package struct Totals: Sendable {
    package var texts = 0
    package var read = 0
    package var mixtures = 0
    /// Read by the fast path.
    package var plain = 0
    package var refused = 0
    package var ambiguous = 0
    package var suggestions = 0
    /// Texts that break a rule, with the rule; at most ten.
    package var failures: [String] = []

    package init() {}

    package mutating func add(_ other: Totals) {
      texts += other.texts
      read += other.read
      mixtures += other.mixtures
      plain += other.plain
      refused += other.refused
      ambiguous += other.ambiguous
      suggestions += other.suggestions
      failures = Array((failures + other.failures).prefix(10))
    }
  }

  /// Makes and checks `count` texts.
  package mutating func run(_ count: Int) -> Totals {
    var totals = Totals()
    for _ in 0..<count {
      let text = text()
      if let failure = Self.check(text, &totals), totals.failures.count < 10 {
        totals.failures.append("\(text.debugDescription): \(failure)")
      }
    }
    return totals
  }

  // MARK: Rules

  /// - Returns: the rule that is broken, nil if none is.
  package static func check(_ text: String, _ totals: inout Totals) -> String? {
    totals.texts += 1
    var copy = text
    let plain = copy.withUTF8 { PlainFormula.composition($0) }
    do throws(FormulaError) {
      let composition = try FormulaReader(text).composition()
      totals.read += 1
      if let plain {
        totals.plain += 1
        guard plain == composition else { return "the fast path reads \(plain), the full grammar \(composition)" }
      }
      guard composition.entries.allSatisfy({ $0.amount > 0 && $0.amount.isFinite }), !composition.entries.isEmpty,
        zip(composition.entries, composition.entries.dropFirst()).allSatisfy({ $0.element < $1.element })
      else { return "no composition: \(composition.entries)" }
      let printed = composition.formula
      guard try Composition(formula: printed).entries == composition.entries else { return "reads back from \(printed) differently" }
      if let mixture = composition.mixture {
        totals.mixtures += 1
        let printed = mixture.description
        guard try Composition(formula: printed) == composition else { return "reads back from \(printed) differently" }
      }
    } catch {
      if error.text != text { return "its printed form \(error.text) is refused: \(error)" }
      totals.refused += 1
      if plain != nil { return "the fast path reads what the full grammar refuses: \(error)" }
      let length = text.count
      guard error.position >= 1, error.position <= length + 1 else { return "position \(error.position) of \(length)" }
      guard !error.problem.isEmpty, !error.expected.isEmpty else { return "no description" }
      if case .ambiguous = error.kind { totals.ambiguous += 1 }
      // Suggestions are readings of their own; one text in sixteen is enough.
      if totals.refused % 16 == 0, let suggestion = error.suggestion {
        totals.suggestions += 1
        guard (try? Composition(formula: suggestion)) != nil else { return "its suggestion \(suggestion) cannot be read" }
      }
    }
    return nil
  }

  // MARK: Texts

  /// The next text.
  package mutating func text() -> String {
    var text = whole()
    if chance(2) { for _ in 0...below(3) { text = mutated(text) } }
    return text
  }

  private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

  private mutating func chance(_ oneIn: Int) -> Bool { below(oneIn) == 0 }

  private mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

  private mutating func whole() -> String {
    switch below(12) {
    case 0: return hydrate()
    case 1: return glass()
    case 2: return mixture()
    case 3: return parameterized()
    case 4: return items(depth: 0) + pick(["+", "-", "2+", "3-", "^2+", "⁺", "²⁻", "^{3-}", "++"])
    case 5: return decorated(items(depth: 0))
    case 6: return pick(Self.names)
    default: return items(depth: 0)
    }
  }

  private mutating func symbol() -> String {
    if chance(30) { return pick(["D", "T", "□", "Vac", "[7Li]", "^6Li", "⁷Li"]) }
    return chance(3) ? Element.symbols[below(Element.count)] : pick(["Li", "O", "H", "P", "S", "La", "Zr", "Cl", "F", "C", "N"])
  }

  private mutating func amount() -> String {
    switch below(12) {
    case 0...3: ""
    case 4...6: "\(1 + below(14))"
    case 7: "\(below(3)).\(below(1000))"
    case 8: ".\(1 + below(9))"
    case 9: "\(1 + below(3))/\(1 + below(6))"
    case 10: pick(["1e-3", "2.0", "0", "12.50", "1E2", "100000000", "0.1234567890123456789"])
    default: "\(1 + below(9)).\(below(100))"
    }
  }

  private mutating func items(depth: Int) -> String {
    var text = ""
    for _ in 0...below(5) {
      if depth < 4, chance(7) {
        let (open, close) = pick([("(", ")"), ("[", "]"), ("{", "}")])
        text += open + items(depth: depth + 1) + close + amount()
      } else {
        text += symbol() + amount()
      }
      if chance(40) { text += " " }
    }
    return text
  }

  private mutating func hydrate() -> String {
    items(depth: 1) + pick(["·", ".", "*", "•"]) + pick(["", "2", "0.5", "5", "1/2"]) + pick(["H2O", "Li2O", "LiOH", "D2O", "P2O5"])
  }

  private mutating func glass() -> String {
    let separator = pick(["-", "·", " – ", "*", "."])
    return (0...(1 + below(2))).map { _ in
      let inner = chance(6) ? "(" + glass() + ")" : items(depth: 3)
      return pick(["75", "0.25", "50", "1/3", "12.5"]) + inner
    }.joined(separator: separator)
  }

  private mutating func parameterized() -> String {
    let (x, y) = (pick(["x", "y", "z", "δ"]), pick(["x", "y", "w"]))
    var text = ""
    for _ in 0...below(4) {
      text += pick(["Li", "La", "Zr", "Ta", "O", "Al", "Dy"])
      text += pick(["\(1 + below(9))-\(x)", x, "2\(x)", "1+\(x)-\(y)", "(1-\(y))/2", "", "\(below(9))", "2/3-\(x)"])
    }
    text += pick([" (\(x)=0.\(below(10)))", "; \(x) = \(below(3))", ", \(x)=1/\(1 + below(5)), \(y)=0.1", "", " (\(x)=0:1:0.5)"])
    return text
  }

  private mutating func mixture() -> String {
    (0...(1 + below(2))).map { place in
      let name = chance(4) ? items(depth: 3) : pick(Self.names)
      switch below(6) {
      case 0: return "\(1 + below(60)) \(pick(["wt%", "mol%", "vol%", "%"])) \(name)"
      case 1: return "\(name) (\(pick(["EO:Li", "O:Li", "O/Li", "[EO]/[Li]"]))=\(1 + below(30)))"
      case 2: return "\(name) (\(pick(["salt", "inert filler", "matrix", "2.5 g/cm3", "HFP=12 wt%", "5 wt%"])))"
      case 3: return "\(1 + below(9)) \(name)"
      default: return place == 0 ? "PEO" : name
      }
    }.joined(separator: " + ")
  }

  /// Digits as subscripts of Unicode or LaTeX.
  private mutating func decorated(_ text: String) -> String {
    let style = below(3)
    return text.map { letter in
      guard letter.isASCII, let digit = letter.wholeNumberValue else { return String(letter) }
      switch style {
      case 0: return String(Array("₀₁₂₃₄₅₆₇₈₉")[digit])
      case 1: return "$_{\(digit)}$"
      default: return "<sub>\(digit)</sub>"
      }
    }.joined()
  }

  private mutating func mutated(_ text: String) -> String {
    var letters = Array(text)
    let place = below(letters.count + 1)
    switch below(6) {
    case 0 where !letters.isEmpty: letters.remove(at: min(place, letters.count - 1))
    case 1 where place < letters.count: letters[place] = pick(Self.alphabet)
    case 2 where letters.count > 1: letters.swapAt(below(letters.count), below(letters.count))
    case 3 where place < letters.count: letters.insert(contentsOf: letters[place..<min(letters.count, place + 1 + below(6))], at: place)
    case 4: letters.removeLast(min(letters.count, below(4)))
    default: letters.insert(pick(Self.alphabet), at: place)
    }
    return String(letters)
  }
}

extension FormulaFuzzer {
  private static var names: [String] {
    ["PEO", "LiTFSI", "LiFSI", "PVDF", "PVDF-HFP", "PAN", "LLZO", "LiClO4", "Al2O3", "SiO2", "P(EO)18LiTFSI", "PC", "LATP", "EC"]
  }

  private static var alphabet: [Character] {
    Array("()[]{}.,;:·*/+-−^_$\\<>%= xyzδ0123456789eELiOHCNPSFlaₓ₂²⁺⁻□½\u{A0}é\u{301}\"'&#~\u{1}\t🔋ЛС")
  }
}
