/// x += W·silu(norm(x)) + b, in place.
///
/// With the norm first, in the branch, the way back along x is never cut.
package struct ResidualBlock: Sendable, Equatable {
  package let width: Int
  private let norm: LayerNorm
  private let linear: LinearLayer

  package init(width: Int, in layout: inout ParameterLayout) {
    self.width = width
    norm = LayerNorm(width, in: &layout)
    linear = LinearLayer(width, width, scale: 0.5, in: &layout)
  }

  package struct Memory {
    /// rows × width.
    var normal: Floats, act: Floats, slope: Floats
    /// rows.
    var inverse: Floats

    package init(rows: Int, width: Int, from arena: inout FloatArena) {
      normal = arena.take(rows * width)
      act = arena.take(rows * width)
      slope = arena.take(rows * width)
      inverse = arena.take(rows)
    }
  }

  package func forward(_ p: UnsafePointer<Float>, _ x: Floats, rows: Int, _ m: Memory) {
    norm.forward(p, x, into: m.act, normal: m.normal, inverse: m.inverse, rows: rows)
    Activation.silu(m.act, into: m.act, derivative: m.slope, count: rows * width)
    linear.forward(p, m.act, into: x, rows: rows, adding: true)
  }

  /// Turns the gradient of the output, in `dx`, into that of the input.
  ///
  /// - Parameter scratch: rows × width.
  package func backward(_ p: UnsafePointer<Float>, _ g: Floats, _ dx: Floats, rows: Int, _ m: Memory, scratch: Floats) {
    linear.backward(p, g, x: m.act, dy: dx, into: scratch, rows: rows)
    for i in Swift.stride(from: 0, to: rows * width, by: 8) {
      Row.store(Row.load(scratch, i) * Row.load(m.slope, i), scratch, i)
    }
    norm.backward(p, g, normal: m.normal, inverse: m.inverse, dy: scratch, addingTo: dx, rows: rows)
  }
}
