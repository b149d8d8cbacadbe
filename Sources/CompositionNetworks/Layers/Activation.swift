import CVectorMath

/// Single-precision memory of a layer; the workspace owns it.
package typealias Floats = UnsafeMutablePointer<Float>

/// Element-wise functions of the network, eight numbers at a time.
package enum Activation {
  /// eˣ to about two units in the last place, for |x| ≤ 87; beyond, the value at the bound.
  ///
  /// eˣ = 2ⁿ·eʳ with |r| ≤ ln 2/2, and eʳ by its Taylor polynomial. Own code, so that it is the same
  /// on every machine and runs on whole vectors.
  @inline(__always)
  package static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
    typealias V = SIMD8<Float>
    // Comparisons, as `clamped` calls a function for each bound.
    var clamped = x.replacing(with: V(repeating: 87), where: x .> 87)
    clamped.replace(with: V(repeating: -87), where: clamped .< -87)
    // Adding 1.5·2²³ rounds to an integer, which then stands in the low bits.
    let shifted = clamped * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let r = (clamped - n * 0.693_359_375) + n * 2.121_944_4e-4
    var p = V(repeating: 1.0 / 720)
    p = p * r + 1.0 / 120
    p = p * r + 1.0 / 24
    p = p * r + 1.0 / 6
    p = p * r + 0.5
    p = p * r + 1
    p = p * r + 1
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
    return unsafeBitCast(unsafeBitCast(p, to: SIMD8<Int32>.self) &+ exponent, to: V.self)
  }

  /// y = x·σ(x) and its derivative, for `count` numbers.
  ///
  /// `y` may be `x`. Hendrycks and Gimpel, arXiv 1606.08415; Elfwing et al., arXiv 1702.03118.
  package static func silu(_ x: UnsafePointer<Float>, into y: Floats, derivative: Floats, count: Int) {
    superionic_siluf(x, y, derivative, count)
  }

  /// y = silu(a + b) and the derivative there, row by row: what the pairs of elements cost.
  @inline(__always)
  package static func siluOfSum(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into y: Floats, derivative: Floats, count: Int
  ) {
    superionic_silu_of_sumf(a, b, y, derivative, count)
  }

  /// Softmax in place over `count` numbers that stand `step` apart.
  @inline(__always)
  package static func softmax(_ x: Floats, count: Int, step: Int) {
    var top = x[0]
    for i in 1..<max(1, count) { top = max(top, x[i * step]) }
    var sum: Float = 0
    for i in 0..<count {
      let e = exp(SIMD8<Float>(repeating: x[i * step] - top))[0]
      x[i * step] = e
      sum += e
    }
    let inverse = 1 / sum
    for i in 0..<count { x[i * step] *= inverse }
  }
}

/// Vector operations on rows whose width is a multiple of 8.
package enum Row {
  @inline(__always)
  package static func load(_ x: UnsafePointer<Float>, _ i: Int) -> SIMD8<Float> {
    UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Float>.self)
  }

  @inline(__always)
  package static func store(_ v: SIMD8<Float>, _ y: Floats, _ i: Int) {
    UnsafeMutableRawPointer(y + i).storeBytes(of: v, as: SIMD8<Float>.self)
  }

  @inline(__always)
  package static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Float {
    var sum = SIMD8<Float>(repeating: 0)
    for i in stride(from: 0, to: count, by: 8) { sum += load(x, i) * load(y, i) }
    return sum.sum()
  }

  /// y += a·x.
  @inline(__always)
  package static func add(_ a: Float, _ x: UnsafePointer<Float>, to y: Floats, _ count: Int) {
    let factor = SIMD8<Float>(repeating: a)
    for i in stride(from: 0, to: count, by: 8) { store(load(y, i) + factor * load(x, i), y, i) }
  }
}
