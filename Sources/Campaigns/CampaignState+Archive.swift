import Foundation
import ModelFiles

extension CampaignState {
  /// The surrogate of a property as a model file: hyperparameters, rows by observation, targets.
  func archive(of property: String) throws -> Data {
    var archive = TensorArchive()
    archive.set("kind", text: "campaign surrogate")
    archive.set("property", text: property)
    archive.set("descriptors", text: settings.descriptors)
    if let objective = settings.objectives.first(where: { $0.property == property }),
      let (process, training) = try surrogate(objective)
    {
      let h = process.hyperparameters
      archive.set("hyperparameters", [h.variance, h.lengthscale, h.noise])
      archive.set("target", [process.targetMean, process.targetSpread])
      archive.set("observations", training.observations.map(\.id))
      archive.set("targets", training.targets)
    }
    return try Safetensors.encode(archive)
  }
}
