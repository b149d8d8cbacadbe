/// From the vectors of the elements to one vector of the composition.
///
///     gᵢ = silu(G·xᵢ + b);  αᵢʰ = softmaxᵢ(wʰ·gᵢʰ + ln fᵢ);  y = (Σᵢ αᵢ¹ xᵢ, Σᵢ αᵢ² xᵢ, …)
package struct AttentionPooling: Sendable, Equatable {
  package let width: Int
  package let heads: Int
  /// Hidden numbers of the gate of each head.
  package static let size = 32
  private let hidden: LinearLayer
  private let gates: Int

  package var outputs: Int { width * heads }

  package init(width: Int, heads: Int, in layout: inout ParameterLayout) {
    (self.width, self.heads) = (width, heads)
    hidden = LinearLayer(width, heads * Self.size, in: &layout)
    gates = layout.add(heads * Self.size, start: .uniform(fanIn: Self.size, scale: 1), decays: true)
  }

  package struct Memory {
    /// rows × heads·size.
    var act: Floats, slope: Floats
    /// rows × heads.
    var attention: Floats

    package init(rows: Int, heads: Int, from arena: inout FloatArena) {
      act = arena.take(rows * heads * AttentionPooling.size)
      slope = arena.take(rows * heads * AttentionPooling.size)
      attention = arena.take(rows * heads)
    }
  }

  /// - Parameter y: count × `stride`, of which the first `outputs` numbers of each row are written.
  package func forward(
    _ p: UnsafePointer<Float>, _ x: UnsafePointer<Float>, logFractions: UnsafePointer<Float>, into y: Floats,
    stride: Int, count: Int, elements n: Int, _ m: Memory
  ) {
    let (rows, all) = (count * n, heads * Self.size)
    hidden.forward(p, x, into: m.act, rows: rows)
    Activation.silu(m.act, into: m.act, derivative: m.slope, count: rows * all)
    for row in 0..<rows {
      for h in 0..<heads {
        let gate = Row.dot(m.act + row * all + h * Self.size, p + gates + h * Self.size, Self.size)
        m.attention[row * heads + h] = gate + logFractions[row]
      }
    }
    for c in 0..<count {
      let out = y + c * stride
      out.update(repeating: 0, count: outputs)
      for h in 0..<heads {
        let alpha = m.attention + c * n * heads + h
        Activation.softmax(alpha, count: n, step: heads)
        for i in 0..<n { Row.add(alpha[i * heads], x + (c * n + i) * width, to: out + h * width, width) }
      }
    }
  }

  /// Adds to the gradients; writes that of the input to `dx`; the memory is used up.
  package func backward(
    _ p: UnsafePointer<Float>, _ g: Floats, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, stride: Int,
    into dx: Floats, count: Int, elements n: Int, _ m: Memory
  ) {
    let (rows, all) = (count * n, heads * Self.size)
    dx.update(repeating: 0, count: rows * width)
    for c in 0..<count {
      for h in 0..<heads {
        let d = dy + c * stride + h * width
        let alpha = m.attention + c * n * heads + h
        var mean: Float = 0
        for i in 0..<n { mean += alpha[i * heads] * Row.dot(d, x + (c * n + i) * width, width) }
        for i in 0..<n {
          let row = c * n + i
          let dGate = alpha[i * heads] * (Row.dot(d, x + row * width, width) - mean)
          Row.add(alpha[i * heads], d, to: dx + row * width, width)
          let (part, at) = (h * Self.size, row * all + h * Self.size)
          Row.add(dGate, m.act + at, to: g + gates + part, Self.size)
          // The slopes become the gradients before silu.
          for k in Swift.stride(from: 0, to: Self.size, by: 8) {
            Row.store(dGate * Row.load(p + gates + part, k) * Row.load(m.slope + at, k), m.slope + at, k)
          }
        }
      }
    }
    hidden.backward(p, g, x: x, dy: m.slope, into: dx, rows: rows, adding: true)
  }
}
