import Foundation
import LinearAlgebra

/// Values that scikit-learn computed; `Golden/sklearn-gp.md` says how.
struct ScikitLearnReference: Decodable {
  let x_train: [[Double]]
  let x_test: [[Double]]
  let y_train_raw: [Double]
  let y_mean: Double
  let cases: [Case]

  struct Case: Decodable, Sendable {
    let name: String
    let constant_value: Double
    let noise_level: Double
    /// Added to the diagonal of the training covariance besides the noise.
    let alpha: Double
    let length_scale: [Double]
    let log_marginal_likelihood: Double
    let gradient: [Double]
    let predicted_mean_centred: [Double]
    let predicted_std_latent: [Double]
    let predicted_std_with_noise: [Double]
  }

  var residuals: [Double] { y_train_raw.map { $0 - y_mean } }

  static func read() throws -> ScikitLearnReference {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/sklearn-gp.json")
    return try JSONDecoder().decode(ScikitLearnReference.self, from: Data(contentsOf: url))
  }
}
