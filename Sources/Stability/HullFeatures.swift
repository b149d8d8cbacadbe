import Chemistry
import LinearAlgebra
import ModelFiles

/// What the convex hull of known phases says at a composition: columns for a model of energies.
///
/// A compound's own energy never takes part: at the composition of a known phase, the hull is that of
/// all others. A training row is therefore described just as a new compound will be.
public struct HullFeatures: Sendable {
  public let diagram: PhaseDiagram

  /// The first column, the hull itself: what a formation energy has to beat.
  public static let energyName = "hull energy (eV/atom)"

  public static let names = [
    energyName, "hull phases", "largest hull fraction", "lowest energy on hull (eV/atom)",
    "highest energy on hull (eV/atom)", "distance to largest hull phase", "hull unknown",
  ]

  public init(_ phases: [Phase]) throws(StabilityError) { diagram = try PhaseDiagram(phases) }

  /// n × `names.count`, all finite.
  ///
  /// Where the hull has no answer, for an element that no phase holds, the columns are 0 but for the
  /// last, which is 1.
  /// - Complexity: one small linear programme for each composition, on all cores.
  public func matrix(for compositions: [Composition]) -> Matrix {
    Self.matrix(of: diagram.decompositions(of: compositions, excludingSelf: true), for: compositions)
  }

  /// The columns for answers that are known already.
  public static func matrix(
    of decompositions: [Result<Decomposition, StabilityError>], for compositions: [Composition]
  ) -> Matrix {
    var result = Matrix(rows: compositions.count, columns: Self.names.count)
    for (row, answer) in decompositions.enumerated() {
      let values: [Double]
      if case .success(let hull) = answer, let largest = hull.products.first {
        let energies = hull.products.map(\.phase.formationEnergy)
        values = [
          hull.energy, Double(hull.products.count), largest.atomFraction, energies.min() ?? 0, energies.max() ?? 0,
          compositions[row].fractionDistance(to: largest.phase.composition), 0,
        ]
      } else {
        values = [0, 0, 0, 0, 0, 0, 1]
      }
      for (column, value) in values.enumerated() { result[row, column] = value }
    }
    return result
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    var starts = [0]
    var numbers: [Int] = []
    var amounts: [Double] = []
    for phase in diagram.phases {
      for entry in phase.composition.entries {
        numbers.append(entry.element.atomicNumber)
        amounts.append(entry.amount)
      }
      starts.append(numbers.count)
    }
    archive.set("starts", starts)
    archive.set("numbers", numbers)
    archive.set("amounts", amounts)
    archive.set("energies", diagram.phases.map(\.formationEnergy))
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    let starts = try archive.integers("starts")
    let amounts = try archive.doubles("amounts")
    let numbers = try archive.integers("numbers", shape: [amounts.count])
    let energies = try archive.doubles("energies", shape: [starts.count - 1])
    guard starts.first == 0, starts.last == amounts.count, zip(starts, starts.dropFirst()).allSatisfy(<) else {
      throw .invalid("starts", reason: "does not fit the phases")
    }
    var phases: [Phase] = []
    for (index, energy) in energies.enumerated() {
      let entries = (starts[index]..<starts[index + 1]).compactMap { k in
        Element(atomicNumber: numbers[k]).map { ($0, amounts[k]) }
      }
      guard let composition = Composition(entries) else {
        throw .invalid("numbers", reason: "names no element")
      }
      phases.append(Phase(composition, formationEnergy: energy))
    }
    do { diagram = try PhaseDiagram(phases) } catch { throw .invalid("energies", reason: "\(error)") }
  }
}
