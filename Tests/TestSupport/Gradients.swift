/// Central differences of `f` at `x`, one for each coordinate.
///
/// - Parameter step: relative to max(1, |xᵢ|).
public func centralDifferences(
  of f: ([Double]) -> Double, at x: [Double], step: Double = 1e-5
) -> [Double] {
  x.indices.map { i in
    let h = step * max(1, abs(x[i]))
    var above = x
    var below = x
    above[i] += h
    below[i] -= h
    return (f(above) - f(below)) / (above[i] - below[i])
  }
}
