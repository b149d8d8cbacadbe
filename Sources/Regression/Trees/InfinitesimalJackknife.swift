import LinearAlgebra

/// How far the mean of a bagged ensemble would move if its training rows had been others.
package enum InfinitesimalJackknife {
  /// The variance of the forest's mean over draws of the training rows, by the infinitesimal jackknife: the sum over
  /// training rows of the squared covariance between how often a tree draws the row and what it predicts, less what a
  /// finite number of trees adds to that by chance.
  ///
  /// Can fall below 0 where trees are too few. Source: Wager, Hastie and Efron, "Confidence intervals for random
  /// forests: the jackknife and the infinitesimal jackknife", JMLR 15 (2014), jmlr.org/papers/v15/wager14a.html; the
  /// correction as in forestci.
  /// - Parameters:
  ///   - counts: how often each tree drew each row, n × trees.
  ///   - values: predictions of each tree, m × trees.
  package static func variances(counts: Matrix, values: Matrix) -> [Double] {
    let (n, trees) = (counts.rows, counts.columns)
    let size = Double(trees)
    var centred = values
    var spread = [Double](repeating: 0, count: values.rows)
    for i in 0..<values.rows {
      let mean = values.row(i).reduce(0, +) / size
      for t in 0..<trees {
        centred[i, t] -= mean
        spread[i] += centred[i, t] * centred[i, t] / size
      }
    }
    var drawVariance = 0.0
    for i in 0..<n {
      let row = counts.row(i)
      let mean = row.reduce(0, +) / size
      drawVariance += (row.reduce(0) { $0 + $1 * $1 } / size - mean * mean) / Double(n)
    }
    let covariance = centred.multiplied(by: counts, transposingOther: true)
    return (0..<values.rows).map { i in
      var sum = 0.0
      for j in 0..<n { sum += (covariance[i, j] / size) * (covariance[i, j] / size) }
      return sum - Double(n) * drawVariance * spread[i] / size
    }
  }
}
