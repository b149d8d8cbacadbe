import Chemistry
import Foundation
import LinearAlgebra
import Stability
import Tables

/// What thermodynamics says about a candidate before anyone has computed or made it.
///
/// The hints need no energy of the candidate itself: they describe the known phases at its
/// composition, which it must beat to form. Its own window is at least as wide as theirs where it is
/// stable, and kinetics can widen both.
public struct StabilityHint: Sendable, Equatable {
  /// Whether common oxidation states can balance the charges.
  public let isChargeBalanced: Bool
  /// The known phases in equilibrium at the composition, with shares of the atoms.
  public let competingPhases: String
  /// Formation energy of that mixture: what the candidate must reach, eV/atom.
  public let hullEnergyPerAtom: Double?
  /// V against Li/Li⁺ below which the mixture takes up lithium.
  public let reductionPotential: Double?
  /// V against Li/Li⁺ above which the mixture gives off lithium.
  public let oxidationPotential: Double?
  /// Why a hint is missing.
  public let note: String

  public var chargeText: String { isChargeBalanced ? "balanced" : "unbalanced" }

  /// The potentials as `1.7 to 2.1`; a dash where there are none.
  public var windowText: String {
    guard reductionPotential != nil || oxidationPotential != nil else { return "–" }
    func text(_ voltage: Double?) -> String { voltage.map { String(format: "%.2f", $0) } ?? "…" }
    return "\(text(reductionPotential)) to \(text(oxidationPotential))"
  }
}

/// Gives stability hints from a table of phase energies.
public struct StabilityHints: Sendable {
  public let diagram: PhaseDiagram
  /// Rows of the phase table that were left out.
  public let diagnostics: [Diagnostic]

  /// - Parameter path: a CSV file with `formula` and `eV_per_atom`; the bundled table when nil.
  /// - Throws: `FileError`, `TableError`; `StabilityError` for a table without usable phases.
  public init(phases path: String? = nil) throws {
    let reader = if let path { try PhaseTable(Table(reading: path)) } else { try PhaseTable.bundled() }
    diagram = try PhaseDiagram(reader.phases)
    diagnostics = reader.diagnostics
  }

  /// The hints of many compositions, on all cores.
  public func hints(for compositions: [Composition]) -> [StabilityHint] {
    var result = [StabilityHint?](repeating: nil, count: compositions.count)
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: compositions.count, chunkSize: 16) { range in
        for i in range { out[i] = hint(for: compositions[i]) }
      }
    }
    return result.compactMap(\.self)
  }

  /// The hint for one composition. One small linear programme, and one for each step of the profile.
  public func hint(for composition: Composition) -> StabilityHint {
    let isBalanced = OxidationStates.uniformCharges(of: composition) != nil
    do {
      let decomposition = try diagram.decomposition(of: composition)
      var window: ElectrochemicalWindow?
      var note = ""
      if composition[.lithium] > 0 {
        window = try diagram.electrochemicalWindow(of: composition)
      } else {
        note = "no lithium, no window"
      }
      return StabilityHint(
        isChargeBalanced: isBalanced, competingPhases: decomposition.description,
        hullEnergyPerAtom: decomposition.energy, reductionPotential: window?.reduction?.voltage,
        oxidationPotential: window?.oxidation?.voltage, note: note)
    } catch {
      return StabilityHint(
        isChargeBalanced: isBalanced, competingPhases: "", hullEnergyPerAtom: nil, reductionPotential: nil,
        oxidationPotential: nil, note: "\(error)")
    }
  }
}
