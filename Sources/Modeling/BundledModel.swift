import BundledData
import Foundation
import ModelFiles

/// A model that comes compiled into the program, so that predictions need neither data nor training.
///
/// `Models/README.md` says what each was trained on, how good it is and how to make it again.
public enum BundledModel: String, CaseIterable, Sendable {
  /// log10 of the ionic conductivity of lithium electrolytes in S/cm at any temperature.
  case conductivity
  /// Formation energy of a phase in eV/atom, of compositions that are to be stable or not.
  case formationEnergy = "formation-energy"

  /// The bytes of its model file. O(bytes), a copy.
  public var data: Data {
    switch self {
    case .conductivity: BundledModelFile.conductivity.data
    case .formationEnergy: BundledModelFile.formationEnergy.data
    }
  }
}

extension PropertyModel {
  /// Opens the model file of this path; where there is none, the bundled model of this name.
  ///
  /// - Throws: `ModelingError.file`, `.unreadable`.
  public init(named name: String) throws(ModelingError) {
    guard !FileManager.default.fileExists(atPath: name), let bundled = BundledModel(rawValue: name) else {
      try self.init(reading: name)
      return
    }
    do {
      try self.init(archive: Safetensors.decode(bundled.data))
    } catch {
      throw .file("bundled model \(name)", reason: "\(error)")
    }
  }
}
