import BundledData
import Chemistry
import Foundation
import Stability
import Tables

/// A compound on the shelf.
public struct Precursor: Sendable, Equatable, Codable, Hashable {
  public var formula: String
  /// What leaves it on heating, such as CO2 from a carbonate; empty for nothing.
  public var releases: String
  /// Mass share of the compound in what is weighed, 0 to 1.
  public var purity: Double

  public init(formula: String, releases: String = "", purity: Double = 1) {
    self.formula = formula
    self.releases = releases
    self.purity = purity
  }

  /// Reads a list with the columns `formula` and, if wished, `releases` and `purity`.
  ///
  /// - Throws: `TableError`.
  public static func read(_ table: Table) throws(TableError) -> (precursors: [Precursor], diagnostics: [Diagnostic]) {
    let formula = try table.requireIndex(of: "formula")
    let releases = table.index(of: "releases")
    let purity = table.index(of: "purity")
    var precursors: [Precursor] = []
    var diagnostics: [Diagnostic] = []
    for row in table.rows {
      let precursor = Precursor(
        formula: row.cells[formula], releases: releases.map { row.cells[$0] } ?? "",
        purity: purity.flatMap { Double(row.cells[$0]) } ?? 1)
      if precursor.retained == nil || !(precursor.purity > 0 && precursor.purity <= 1) {
        diagnostics.append(
          Diagnostic(
            at: row.location, column: "formula", problem: "\"\(precursor.formula)\" is no usable precursor",
            remedy: "give a formula, what it releases (such as CO2) and a purity between 0 and 1"))
      } else {
        precursors.append(precursor)
      }
    }
    return (precursors, diagnostics)
  }

  /// The atoms of one formula unit that stay, or nil when formula and release do not fit.
  var retained: Composition? {
    guard let whole = try? Composition(formula: formula) else { return nil }
    if releases.isEmpty { return whole }
    guard let gas = try? Composition(formula: releases) else { return nil }
    let rest = whole.entries.map { ($0.element, $0.amount - gas[$0.element]) }
    let lost = gas.elements.contains { !whole.contains($0) }
    guard !lost, rest.allSatisfy({ $0.1 >= -1e-9 }) else { return nil }
    return Composition(rest.map { ($0.0, max(0, $0.1)) })
  }
}

/// What to weigh for a batch of a material.
public struct WeighingPlan: Sendable, Equatable, Codable {
  public struct Item: Sendable, Equatable, Codable {
    public let formula: String
    public let grams: Double
    /// Moles for one mole of the formula as written.
    public let moles: Double
  }

  /// Grams of product.
  public let productGrams: Double
  /// By falling mass.
  public let items: [Item]
  /// What leaves, as formulas; empty for nothing.
  public let releases: [String]
  /// Elements that no precursor of the list provides; the plan then lists the element itself.
  public let missing: [String]
  /// Where the precursors come from.
  public let source: String
}

/// Finds which precursors make a composition, and how much of each.
///
/// The amounts solve the balance of atoms exactly, with what leaves on heating taken off; among all solutions
/// earlier entries of the list are preferred. Elements stand in only where the list cannot provide them.
public struct PrecursorList: Sendable {
  private let precursors: [(precursor: Precursor, retained: Composition)]
  private let diagram: PhaseDiagram?
  private let source: String

  public init(_ precursors: [Precursor]) {
    self.precursors = precursors.compactMap { one in one.retained.map { (one, $0) } }
    // A phase diagram solves the balance: equal energies would tie, so earlier entries are a little lower.
    let count = Double(max(1, precursors.count))
    let phases = self.precursors.enumerated().map { index, entry in
      Phase("\(index)", composition: entry.retained, formationEnergy: -1 + 1e-3 * Double(index) / count)
    }
    let elements = phases.filter { $0.composition.entries.count > 1 }
    diagram = try? PhaseDiagram(elements)
    source = "the campaign's list of precursors"
  }

  private init(binaries phases: [Phase]) {
    precursors = phases.map { (Precursor(formula: $0.name), $0.composition) }
    diagram = try? PhaseDiagram(
      phases.enumerated().map { Phase("\($0)", composition: $1.composition, formationEnergy: $1.formationEnergy) })
    source = "stable binary compounds of the bundled phase table; give --precursors for what is on the shelf"
  }

  /// For campaigns without a list: the binary compounds of the bundled phase table that are stable against
  /// its other binaries. Facts about phases, not about what a supplier sells.
  public static let bundledBinaries: PrecursorList = {
    let table = BundledData.phases.table
    let formulas = table.texts("formula")
    let energies = table.numbers("eV_per_atom")
    var phases: [Phase] = []
    for (formula, energy) in zip(formulas, energies) {
      guard let energy, let composition = try? Composition(formula: formula), composition.entries.count == 2
      else { continue }
      phases.append(Phase(formula, composition: composition, formationEnergy: energy))
    }
    return PrecursorList(binaries: phases)
  }()

  /// What to weigh in for so many grams of product, `target`.
  ///
  /// - Returns: nil when the composition holds an element that nothing at all provides.
  public func plan(for target: Composition, grams: Double) -> WeighingPlan? {
    guard let diagram, grams > 0 else { return nil }
    let unknown = target.elements.filter { !diagram.elements.contains($0) }
    guard unknown.isEmpty, let mixture = try? diagram.decomposition(of: target) else { return nil }
    let productMoles = grams / target.gramsPerMole
    var items: [WeighingPlan.Item] = []
    var releases: [String] = []
    var missing: [String] = []
    for product in mixture.products {
      // Moles of the phase's formula unit for one mole of the target as written.
      let moles = product.atomFraction * target.atomCount / product.phase.composition.atomCount
      if let index = Int(product.phase.name), precursors.indices.contains(index) {
        let precursor = precursors[index].precursor
        guard let whole = try? Composition(formula: precursor.formula) else { continue }
        let units = moles * product.phase.composition.atomCount / precursors[index].retained.atomCount
        items.append(
          .init(
            formula: precursor.formula, grams: productMoles * units * whole.gramsPerMole / precursor.purity, moles: units))
        if !precursor.releases.isEmpty, !releases.contains(precursor.releases) { releases.append(precursor.releases) }
      } else {
        items.append(
          .init(
            formula: product.phase.name, grams: productMoles * moles * product.phase.composition.gramsPerMole, moles: moles))
        missing.append(product.phase.name)
      }
    }
    return WeighingPlan(
      productGrams: grams, items: items.sorted { ($0.grams, $1.formula) > ($1.grams, $0.formula) }, releases: releases,
      missing: missing.sorted(), source: source)
  }
}

extension Composition {
  fileprivate var gramsPerMole: Double { entries.reduce(0) { $0 + $1.amount * $1.element.atomicMass } }
}
