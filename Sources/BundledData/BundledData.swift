import CBundledData
import struct Foundation.Data

/// The project's own tables, compiled into the program.
///
/// Their columns, units and sources are described in `Datasets/README.md`.
public enum BundledData: String, CaseIterable, Sendable {
  /// Facts about the 118 elements.
  case elements
  /// The 22 elemental properties of the Magpie descriptors.
  case magpieElements = "magpie-elements"
  /// Oxidation states, and how often each occurs in ICSD.
  case oxidationStates = "oxidation-states"
  /// Ionic and crystal radii by charge and coordination.
  case shannonRadii = "shannon-radii"
  /// Price, abundance and concentration of supply.
  case elementResources = "element-resources"
  /// Cohesive energies of the elements.
  case cohesiveEnergies = "cohesive-energies"
  /// Formation energies of phases that matter for lithium cells.
  case phases
  /// Exposure limits, carcinogenicity and radioactivity.
  case elementHazards = "element-hazards"
  /// Oxidation states and electronegativities of SMACT's charge rules.
  case smactElements = "smact-elements"
  /// Enthalpy, entropy and heat capacity of gases.
  case gases
  /// Densities of solids.
  case densities
  /// Public data sets: address, licence, citation, digest.
  case publicDatasets = "public-datasets"
  /// Known and natural isotopes of the elements.
  case isotopes
  /// Abbreviations of polymers, salts and ceramics.
  case abbreviations
  /// Electron affinities, radii and ionization energies as matminer's featurizers use them.
  case matminerElements = "matminer-elements"
  /// The 44 elemental properties of the Oliynyk descriptors.
  case oliynykElements = "oliynyk-elements"
  /// Parameters of Miedema's model.
  case miedema
  /// Measured electrolytes with their structure families.
  case landmarkElectrolytes = "landmark-electrolytes"

  /// The network behind the descriptor set `learned`, a safetensors file.
  public static var formationEnergyNetwork: Data {
    let file = bundled_formation_energy_network()
    return Data(bytes: file.bytes, count: file.count)
  }

  /// The text of the table. O(bytes), a copy.
  public var text: String {
    let file = embedded
    return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
  }

  /// The table in cells. O(bytes).
  public var table: BundledTable { BundledTable(text) }

  private var embedded: bundled_file {
    switch self {
    case .elements: bundled_elements()
    case .magpieElements: bundled_magpie_elements()
    case .oxidationStates: bundled_oxidation_states()
    case .shannonRadii: bundled_shannon_radii()
    case .elementResources: bundled_element_resources()
    case .cohesiveEnergies: bundled_cohesive_energies()
    case .phases: bundled_phases()
    case .elementHazards: bundled_element_hazards()
    case .smactElements: bundled_smact_elements()
    case .gases: bundled_gases()
    case .densities: bundled_densities()
    case .publicDatasets: bundled_public_datasets()
    case .isotopes: bundled_isotopes()
    case .abbreviations: bundled_abbreviations()
    case .matminerElements: bundled_matminer_elements()
    case .oliynykElements: bundled_oliynyk_elements()
    case .miedema: bundled_miedema()
    case .landmarkElectrolytes: bundled_landmark_electrolytes()
    }
  }
}
