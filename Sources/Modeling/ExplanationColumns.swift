import Regression
import Tables

/// Reasons as columns of a table: neighbours one by one, effects family by family.
enum ExplanationColumns {
  /// As many neighbours as `PropertyModel.explain` gives by default.
  static let neighbourCount = 5

  /// All families of some explanations, the one with the largest effects first.
  static func families(_ explanations: [Explanation]) -> [String] {
    var sizes: [String: Double] = [:]
    for explanation in explanations {
      for (family, effect) in explanation.effects { sizes[family, default: 0] += abs(effect) }
    }
    return sizes.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.map(\.key)
  }

  /// The names of the columns; none without explanations.
  static func names(families: [String], prefix: String, hasAttention: Bool) -> [String] {
    guard !families.isEmpty else { return [] }
    let facts = ["", "_\(prefix)measured", "_group", "_distance"] + (hasAttention ? ["_attention"] : [])
    let neighbours = (1...neighbourCount).flatMap { place in facts.map { "neighbour\(place)\($0)" } }
    return neighbours + ["effect_base"] + families.map { "effect_\($0)" }
  }

  /// Whether neighbours of some explanation carry the attention of a network.
  static func hasAttention(_ explanations: [Explanation]) -> Bool {
    explanations.contains { $0.neighbours.contains { $0.attention != nil } }
  }

  /// The cells of one row, in the order of `names`.
  static func cells(_ explanation: Explanation, families: [String], hasAttention: Bool) -> [String] {
    var cells: [String] = []
    for place in 0..<neighbourCount {
      guard place < explanation.neighbours.count else {
        cells += [String](repeating: "", count: hasAttention ? 5 : 4)
        continue
      }
      let neighbour = explanation.neighbours[place]
      let reference = neighbour.reference
      let bound = switch reference.censoring {
      case .none: ""
      case .left: "<"
      case .right: ">"
      }
      cells += [
        reference.formula, bound + CSVWriter.number(reference.target), reference.group, CSVWriter.number(neighbour.distance),
      ]
      if hasAttention { cells.append(neighbour.attention.map(CSVWriter.number) ?? "") }
    }
    let effects = Dictionary(explanation.effects.map { ($0.family, $0.effect) }, uniquingKeysWith: +)
    return cells + ([explanation.base] + families.map { effects[$0] ?? 0 }).map(CSVWriter.number)
  }
}
