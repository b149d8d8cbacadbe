import Chemistry
import Tables

/// Finds candidates by name, by formula as written, or by composition.
public struct CandidateDirectory: Sendable {
  private let names: [String: Int]
  private let formulas: [String: Int]
  private let compositions: [Composition: Int]
  private let all: [String]

  public init(_ state: CampaignState) {
    var names: [String: Int] = [:]
    var formulas: [String: Int] = [:]
    var compositions: [Composition: Int] = [:]
    for (position, candidate) in state.candidates.enumerated() {
      names[candidate.name] = position
      if formulas[candidate.formula] == nil { formulas[candidate.formula] = position }
      let key = Self.key(state.compositions[position])
      if compositions[key] == nil { compositions[key] = position }
    }
    self.names = names
    self.formulas = formulas
    self.compositions = compositions
    all = state.candidates.map(\.name)
  }

  /// The position of a candidate, or nil.
  public func position(of name: String) -> Int? {
    names[name] ?? formulas[name]
      ?? (try? Composition(formula: name)).flatMap { compositions[Self.key($0)] }
  }

  /// A name that was perhaps meant.
  public func nearest(to name: String) -> String? { Suggestion.nearest(to: name, among: Array(all.prefix(20_000))) }

  /// Fractions to nine digits, so that Li6PS5Cl and Li12P2S10Cl2 are one.
  static func key(_ composition: Composition) -> Composition {
    Composition(composition.normalized.entries.map { ($0.element, ($0.amount * 1e9).rounded() / 1e9) })
      ?? composition.normalized
  }
}
