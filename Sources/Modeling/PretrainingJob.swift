import CompositionNetworks
import FileIO
import ModelFiles
import Regression

/// Trains the network whose inner vectors are the descriptor set `learned`, on formulas alone.
public struct PretrainingJob: Sendable {
  public let epochs: Int
  public let seed: UInt64

  public init(epochs: Int, seed: UInt64 = 0) {
    self.epochs = epochs
    self.seed = seed
  }

  /// The model file of a network of the formula alone; the same bytes for the same rows and settings.
  ///
  /// - Throws: `ModelingError`.
  public func run(
    on data: Measurements, options: ModelingOptions, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelingError) -> TensorArchive {
    var options = options
    options.model = .network
    let set = try data.trainingSet(options: options)
    do {
      return try CompositionNetworkRegressor(epochs: epochs, designs: [.direct], seed: seed).fit(set) {
        progress($0.epoch, $0.epochs)
      }.archive()
    } catch {
      throw .fit(error)
    }
  }

  /// Writes what `run` returns, whole or not at all.
  ///
  /// - Throws: `ModelingError.file`.
  public static func write(_ archive: TensorArchive, to path: String) throws(ModelingError) {
    do { try FileContents.write(Safetensors.encode(archive), to: path) } catch { throw .file(path, reason: "\(error)") }
  }
}
