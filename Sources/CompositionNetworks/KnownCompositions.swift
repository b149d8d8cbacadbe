import Chemistry
import Descriptors
import Foundation
import LinearAlgebra
import ModelFiles
import Regression
import Stability

/// What is known already: compositions with their values, and what these say of others.
///
/// A composition is described by the known ones nearest to it and, where the values are formation energies, by the
/// hull that they form. The known value at the composition itself never takes part, so that a training row is
/// described as a new compound will be.
package struct KnownCompositions: Sendable {
  package let compositions: [Composition]
  /// In the units of the target.
  package let values: [Double]
  /// Hull of all other known phases at each of them; 0 without a hull.
  package let priors: [Double]
  /// Mean and spread of the values, and spread of their distances from the hull.
  package let center: Double, scale: Double, residualScale: Double
  package let hull: HullFeatures?
  package let vectors: RecallVectors
  /// Numbers of fractions in order, whatever the elements, and which of them each known composition has.
  private let formulas: [[Int]: Int32]
  private let formulaOf: [Int32]
  private let neighbours: MendeleevNeighbours
  /// For each known composition, the positions of those that its hull is made of; only after learning.
  private let products: [[Int]]
  private let decompositions: [Result<Decomposition, StabilityError>]

  /// Nearer than this in steps of the Mendeleev scale is the same.
  static let coincidence = 1e-4

  /// Whether to make a hull of the values.
  package enum HullChoice: Sendable {
    case never
    /// Where the values lie nearer to the hull of the others than half their distance from their median.
    case whereItHelps
    case always
  }

  /// - Parameter choice: a hull wants formation energies in eV/atom. There is none where they make none, as when an
  ///   element lies below zero.
  /// - Complexity: one small linear programme for each composition, on all cores.
  package init(_ compositions: [Composition], values: [Double], hull choice: HullChoice) {
    var hull: HullFeatures?
    if choice != .never {
      // Named by position, so that products are found again.
      hull = try? HullFeatures(
        zip(compositions, values).enumerated().map {
          Phase(String($0.offset), composition: $0.element.0, formationEnergy: $0.element.1)
        })
    }
    let decompositions = hull.map { $0.diagram.decompositions(of: compositions, excludingSelf: true) } ?? []
    var priors = compositions.indices.map { i -> Double in
      guard hull != nil, case .success(let answer) = decompositions[i] else { return 0 }
      return answer.energy
    }
    if choice == .whereItHelps, hull != nil, !values.isEmpty {
      let median = values.sorted()[values.count / 2]
      let fromHull = zip(values, priors).reduce(0) { $0 + abs($1.0 - $1.1) }
      if fromHull > 0.5 * values.reduce(0, { $0 + abs($1 - median) }) {
        hull = nil
        priors = [Double](repeating: 0, count: values.count)
      }
    }
    self.init(compositions, values: values, priors: priors, hull: hull, decompositions: hull == nil ? [] : decompositions)
  }

  private init(
    _ compositions: [Composition], values: [Double], priors: [Double], hull: HullFeatures?,
    decompositions: [Result<Decomposition, StabilityError>]
  ) {
    (self.compositions, self.values, self.priors, self.hull) = (compositions, values, priors, hull)
    self.decompositions = decompositions
    products = decompositions.map { answer in
      guard case .success(let hull) = answer else { return [] }
      return hull.products.compactMap { Int($0.phase.name) }
    }
    (center, scale) = Self.spread(values)
    residualScale = Self.spread(zip(values, priors).map { $0 - $1 }).scale
    vectors = RecallVectors(compositions)
    var formulas: [[Int]: Int32] = [:]
    var formulaOf: [Int32] = []
    for composition in compositions {
      let formula = Self.stoichiometry(composition)
      let number = formulas[formula] ?? Int32(formulas.count)
      formulas[formula] = number
      formulaOf.append(number)
    }
    (self.formulas, self.formulaOf) = (formulas, formulaOf)
    neighbours = MendeleevNeighbours(compositions)
  }

  /// Mean, and the standard deviation without what lies beyond eight of it: a few wild values set no scale.
  package static func spread(_ values: [Double]) -> (center: Double, scale: Double) {
    var kept = values
    var moments = Standardizer.moments(of: kept.isEmpty ? [0] : kept)
    for _ in 0..<3 {
      kept = values.filter { abs($0 - moments.mean) <= 8 * moments.deviation }
      if !kept.isEmpty { moments = Standardizer.moments(of: kept) }
    }
    return (moments.mean, moments.deviation > 0 ? moments.deviation : 1)
  }

  var hullColumnCount: Int { hull == nil ? 0 : HullFeatures.names.count }

  /// What the known ones say of some compositions.
  package struct Description: Sendable {
    /// The hull at each, to which a prediction is added; 0 without a hull.
    package var priors: [Double]
    /// n × `HullFeatures.names.count`, or no columns without a hull.
    package var hullColumns: Matrix
    package var recall: RecallTable?
  }

  /// Describes the known compositions themselves, each as if it were new.
  ///
  /// Where a row is part of a neighbour's hull, that neighbour's distance from the hull is found without the row:
  /// it would give the row's own energy away.
  package func describeThemselves(neighbours limit: Int) -> Description {
    let columns = hull == nil ? Matrix(rows: values.count, columns: 0) : HullFeatures.matrix(of: decompositions, for: compositions)
    guard limit > 0 else { return Description(priors: priors, hullColumns: columns, recall: nil) }
    let near = nearest(to: compositions, limit: limit, areKnown: true)
    // Pairs of a row and a neighbour whose hull holds the row.
    var rows: [Int] = []
    var places: [Int] = []
    if hull != nil {
      for (i, list) in near.enumerated() {
        for (k, neighbour) in list.enumerated() where products[neighbour.index].contains(i) {
          rows.append(i)
          places.append(k)
        }
      }
    }
    var corrected: [Int: Double] = [:]
    if let hull, !rows.isEmpty {
      let owners = zip(rows, places).map { compositions[near[$0][$1].index] }
      let energies = hull.diagram.hullEnergiesExcludingSelf(at: owners, and: rows.map { compositions[$0] })
      for (pair, energy) in energies.enumerated() {
        if case .success(let value) = energy { corrected[rows[pair] * limit + places[pair]] = value }
      }
    }
    return Description(
      priors: priors, hullColumns: columns,
      recall: table(compositions, near, limit: limit, priors: priors, corrected: corrected))
  }

  /// Describes other compositions, or known ones without their own values.
  package func describe(_ queries: [Composition], neighbours limit: Int) -> Description {
    var priors = [Double](repeating: 0, count: queries.count)
    var columns = Matrix(rows: queries.count, columns: 0)
    if let hull {
      columns = hull.matrix(for: queries)
      for i in queries.indices { priors[i] = columns[i, 0] }
    }
    guard limit > 0 else { return Description(priors: priors, hullColumns: columns, recall: nil) }
    let near = nearest(to: queries, limit: limit, areKnown: false)
    return Description(
      priors: priors, hullColumns: columns,
      recall: table(queries, near, limit: limit, priors: priors, corrected: [:]))
  }

  /// The nearest known compositions, without the composition itself.
  package func nearest(
    to queries: [Composition], limit: Int, areKnown: Bool = false
  ) -> [[MendeleevNeighbours.Neighbour]] {
    // One more, as the composition itself may be among them.
    let found = neighbours.nearest(toEach: queries, limit: limit + 1) { areKnown && $0 == $1 }
    return found.map { Array($0.filter { $0.distance > Self.coincidence }.prefix(limit)) }
  }

  private func table(
    _ queries: [Composition], _ near: [[MendeleevNeighbours.Neighbour]], limit: Int, priors own: [Double],
    corrected: [Int: Double]
  ) -> RecallTable {
    let rows = RecallVectors(queries)
    var table = RecallTable(rows: rows, known: vectors, neighbours: limit)
    let hasHull = hull != nil
    table.fill { i, indices, facts in
      func cut(_ x: Double) -> Float { Float(min(8, max(-8, x))) }
      let formula = formulas[Self.stoichiometry(queries[i])]
      for (k, neighbour) in near[i].enumerated() {
        let j = neighbour.index
        let prior = corrected.isEmpty ? priors[j] : corrected[i * limit + k] ?? priors[j]
        indices[k] = Int32(j)
        facts[k] = SIMD8(
          cut((values[j] - center) / scale), hasHull ? cut((values[j] - prior) / residualScale) : 0,
          Float(min(neighbour.distance, 100) / 20), Float(log(neighbour.distance + 0.1)),
          rows.overlap(i, with: vectors, j), hasHull ? cut((own[i] - prior) / scale) : 0,
          formulaOf[j] == formula ? 1 : 0, 1)
      }
    }
    return table
  }

  /// The fractions in order, whatever the elements.
  private static func stoichiometry(_ composition: Composition) -> [Int] {
    let total = composition.atomCount
    return composition.entries.map { Int(($0.amount / total * 1e4).rounded()) }.sorted()
  }

  // MARK: Model files

  package func archive() -> TensorArchive {
    var archive = TensorArchive()
    var starts = [0]
    var numbers: [Int] = []
    var amounts: [Double] = []
    for composition in compositions {
      for entry in composition.entries {
        numbers.append(entry.element.atomicNumber)
        amounts.append(entry.amount)
      }
      starts.append(numbers.count)
    }
    archive.set("starts", starts)
    archive.set("numbers", numbers)
    archive.set("amounts", amounts)
    archive.set("values", values)
    archive.set("priors", priors)
    archive.set("has_hull", [hull == nil ? 0 : 1])
    return archive
  }

  package init(archive: TensorArchive) throws(ArchiveError) {
    let starts = try archive.integers("starts")
    let amounts = try archive.doubles("amounts")
    let numbers = try archive.integers("numbers", shape: [amounts.count])
    guard starts.first == 0, starts.last == amounts.count, zip(starts, starts.dropFirst()).allSatisfy(<) else {
      throw .invalid("starts", reason: "does not fit the compositions")
    }
    let values = try archive.finiteDoubles("values", shape: [starts.count - 1])
    let priors = try archive.finiteDoubles("priors", shape: [starts.count - 1])
    var compositions: [Composition] = []
    for index in values.indices {
      let entries = (starts[index]..<starts[index + 1]).compactMap { k in
        Element(atomicNumber: numbers[k]).map { ($0, amounts[k]) }
      }
      guard let composition = Composition(entries) else { throw .invalid("numbers", reason: "names no element") }
      compositions.append(composition)
    }
    var hull: HullFeatures?
    if try archive.integers("has_hull", shape: [1])[0] == 1 {
      do {
        hull = try HullFeatures(
          zip(compositions, values).enumerated().map {
            Phase(String($0.offset), composition: $0.element.0, formationEnergy: $0.element.1)
          })
      } catch {
        throw .invalid("values", reason: "\(error)")
      }
    }
    self.init(compositions, values: values, priors: priors, hull: hull, decompositions: [])
  }
}
