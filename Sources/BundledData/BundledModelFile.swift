import CBundledData
import Foundation

/// The model files of `Models/`, compiled into the program.
public enum BundledModelFile: Sendable {
  case conductivity
  case formationEnergy

  /// The bytes of the file. O(bytes), a copy.
  public var data: Data {
    let file = switch self {
    case .conductivity: bundled_conductivity_model()
    case .formationEnergy: bundled_formation_energy_model()
    }
    return Data(bytes: file.bytes, count: file.count)
  }
}
