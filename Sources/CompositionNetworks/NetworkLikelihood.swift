import Foundation

/// What the numbers that a network ends in mean, and what training minimises.
package enum NetworkLikelihood: Sendable, Equatable {
  /// Mean and logarithm of the scale of a Laplace distribution: of small tables.
  case laplace
  /// Logarithms of the probabilities of bins, but for a constant.
  case bins(ValueBins)

  /// Numbers of a row.
  package var outputs: Int {
    switch self {
    case .laplace: 2
    case .bins: ValueBins.count
    }
  }

  /// −log of the likelihood of some rows, times `weight`, with its gradient.
  ///
  /// - Parameters:
  ///   - results: count × `outputs`; may be overwritten.
  ///   - gradients: count × `outputs`, written.
  ///   - rows: of the targets.
  @inline(__always)
  package func loss(
    _ results: Floats, into gradients: Floats, rows: UnsafePointer<Int>, count: Int, y: UnsafeBufferPointer<Float>,
    sides: UnsafeBufferPointer<Int8>, weight: Float
  ) -> Float {
    var loss: Float = 0
    switch self {
    case .laplace:
      for c in 0..<count {
        let part = LaplaceLikelihood.loss(
          y: y[rows[c]], side: sides[rows[c]], mean: results[2 * c], logScale: results[2 * c + 1])
        loss += part.loss * weight
        gradients[2 * c] = part.dMean * weight
        gradients[2 * c + 1] = part.dLogScale * weight
      }
    case .bins(let bins):
      let width = ValueBins.count
      for c in 0..<count {
        loss += bins.loss(
          results + c * width, y: y[rows[c]], side: sides[rows[c]], weight: weight, into: gradients + c * width)
      }
    }
    return loss
  }
}

extension NetworkLikelihood {
  /// Median of each row and its scale s, of which 2·s² is the mean square of the distance from the median, both on the
  /// scale of the network.
  ///
  /// - Parameter results: rows × `outputs`.
  func summaries(of results: [Float]) -> (medians: [Double], scales: [Double]) {
    switch self {
    case .laplace:
      let range = LaplaceLikelihood.logScaleRange
      let rows = results.indices.filter { $0 % 2 == 0 }
      return (
        rows.map { Double(results[$0]) },
        rows.map { Foundation.exp(Double(min(max(results[$0 + 1], range.lowerBound), range.upperBound))) }
      )
    case .bins(let bins):
      return BinnedOutput.summaries(
        [BinnedOutput(results, edges: bins.edges.map(Double.init), shifts: nil)], shares: [1])
    }
  }
}
