import Foundation

/// How far the training of a model is.
public struct FitProgress: Sendable {
  /// Fits or epochs.
  public let done: Int
  public let total: Int
  /// Mean −ln p of the training rows, for networks.
  public let loss: Double?
  /// Mean absolute error of rows held back, in units of the target, for networks.
  public let heldBackError: Double?

  public init(done: Int, total: Int, loss: Double? = nil, heldBackError: Double? = nil) {
    (self.done, self.total, self.loss, self.heldBackError) = (done, total, loss, heldBackError)
  }

  /// `loss −1.203, error held back 0.0712`, for a network.
  public var note: String {
    guard let loss, let heldBackError else { return "" }
    return "loss \(String(format: "%.3f", loss)), error held back \(String(format: "%.4f", heldBackError))"
  }
}
