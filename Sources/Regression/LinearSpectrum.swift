import LinearAlgebra

/// The principal directions of centred features, X = Z·V with Z = X·Vᵀ and orthonormal rows of V.
///
/// Any ridge fit of X follows from it in O(n·r). The smaller of XᵀX and X·Xᵀ is decomposed, so
/// many features and few rows are as cheap as the reverse.
struct LinearSpectrum {
  /// r × d, orthonormal rows: the directions along which the rows vary.
  let directions: Matrix
  /// r squared singular values of X, ascending, all positive.
  let values: [Double]
  /// n × r, the rows in these directions.
  let scores: Matrix

  /// - Parameter features: n × d, centred.
  /// - Throws: `FitError.numericalFailure`.
  init(_ features: Matrix) throws(FitError) {
    let (n, d) = (features.rows, features.columns)
    let eigen: SymmetricEigen
    do throws(EigenError) {
      eigen = try SymmetricEigen(
        of: d <= n ? features.gram : features.multiplied(by: features, transposingOther: true))
    } catch {
      throw .numericalFailure(
        "the eigendecomposition of the features did not converge; look for enormous values")
    }
    let cut = (eigen.values.last ?? 0) * 1e-15 * Double(max(n, d))
    let kept = eigen.values.indices.filter { eigen.values[$0] > cut }
    values = kept.map { eigen.values[$0] }
    let vectors = eigen.vectors.selectingRows(kept)
    if d <= n {
      directions = vectors
      scores = features.multiplied(by: vectors, transposingOther: true)
    } else {
      // Left singular vectors u: the direction is Xᵀ·u/s and the score u·s.
      var directions = vectors.multiplied(by: features)
      var scores = vectors.transposed
      let r = kept.count
      for (j, value) in values.enumerated() {
        let s = value.squareRoot()
        for k in 0..<d { directions.elements[j * d + k] /= s }
        for i in 0..<n { scores.elements[i * r + j] *= s }
      }
      self.directions = directions
      self.scores = scores
    }
  }

  /// The ridge weights of the d features for centred targets.
  func weights(penalty: Double, targets: [Double]) -> [Double] {
    var along = scores.multiplied(by: targets, transposingSelf: true)
    for j in along.indices { along[j] /= values[j] + penalty }
    return directions.multiplied(by: along, transposingSelf: true)
  }
}
