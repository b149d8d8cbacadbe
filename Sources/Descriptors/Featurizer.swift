import Chemistry

/// Computes a fixed list of numbers from a composition.
///
/// Featurizers are values without state: equal compositions give equal numbers, and the amounts may
/// be scaled by any factor (FeO, Fe2O2 and Fe0.5O0.5 give one vector).
public protocol Featurizer: Sendable {
  /// The name by which it is asked for, such as `magpie`.
  var name: String { get }
  /// One name for each number.
  var labels: [String] { get }
  /// The publications to cite, with what they contribute.
  var citations: [String] { get }

  /// Writes the numbers, all finite, into `out`, which holds `labels.count`. No allocation.
  func fill(_ out: UnsafeMutableBufferPointer<Double>, for composition: Composition)
}
