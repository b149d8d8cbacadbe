import CVectorMath
import LinearAlgebra

/// The two precisions of loops over blocks of rows.
protocol BlockScalar: BLASScalar {
  /// dots[j] ← variance·f(r), r² = norm + norms[j] − 2·dots[j].
  static func correlate(
    _ profile: Int32, _ dots: UnsafeMutablePointer<Self>, _ count: Int, _ norm: Self, _ norms: UnsafePointer<Self>,
    _ variance: Self)
  /// Σ x[j]·y[j], accumulated in double precision.
  static func dot(_ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ count: Int) -> Double
}

extension Double: BlockScalar {
  static func correlate(
    _ profile: Int32, _ dots: UnsafeMutablePointer<Double>, _ count: Int, _ norm: Double,
    _ norms: UnsafePointer<Double>, _ variance: Double
  ) { superionic_correlate(profile, dots, count, norm, norms, variance) }

  static func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int) -> Double {
    superionic_dot(x, y, count)
  }
}

extension Float: BlockScalar {
  static func correlate(
    _ profile: Int32, _ dots: UnsafeMutablePointer<Float>, _ count: Int, _ norm: Float,
    _ norms: UnsafePointer<Float>, _ variance: Float
  ) { superionic_correlatef(profile, dots, count, norm, norms, variance) }

  static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Double {
    superionic_dotf(x, y, count)
  }
}
