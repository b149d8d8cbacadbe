import CBundledData

/// The project's own tables, compiled into the program.
///
/// Their columns, units and sources are described in `Datasets/README.md`.
public enum BundledData: CaseIterable, Sendable {
  /// Facts about the 118 elements.
  case elements
  /// The 22 elemental properties of the Magpie descriptors.
  case magpieElements
  /// Oxidation states of the elements, and how often they occur.
  case oxidationStates
  /// Radii of ions by charge and coordination.
  case shannonRadii
  /// Formation energies of phases that matter for lithium cells.
  case phases

  /// The text of the table. O(bytes), a copy.
  public var text: String {
    let file = embedded
    return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
  }

  private var embedded: bundled_file {
    switch self {
    case .elements: bundled_elements()
    case .magpieElements: bundled_magpie_elements()
    case .oxidationStates: bundled_oxidation_states()
    case .shannonRadii: bundled_shannon_radii()
    case .phases: bundled_phases()
    }
  }
}
