/// A composition listens to the known compositions nearest to it.
///
/// For a composition with vector q and its neighbours k = 1 … K with vectors x, whose last `facts` numbers say what is
/// known of the neighbour, and each head h:
///
///     aₖ = silu(Q·q + X·xₖ + b)
///     αₖʰ = exp(wʰ·aₖʰ) / (1 + Σⱼ exp(wʰ·aⱼʰ))    over the neighbours that are there
///     y = (Σₖ αₖʰ aₖʰ, Σₖ αₖʰ factsₖ)             of all heads
///
/// The one in the sum lets it listen to none of them.
package struct RecallAttention: Sendable, Equatable {
  /// Of q, and of each x.
  package let width: Int
  package let inputs: Int
  package let heads: Int
  package let hidden: Int
  private let query: LinearLayer
  private let key: LinearLayer
  private let gates: Int

  /// Numbers known of a neighbour, at the end of its vector.
  package static let facts = 8

  package var outputs: Int { hidden + heads * Self.facts }

  /// - Parameter inputs: a multiple of 8, as is `hidden` for each head.
  package init(width: Int, inputs: Int, hidden: Int, heads: Int, in layout: inout ParameterLayout) {
    precondition(hidden % (8 * heads) == 0 && inputs % 8 == 0, "whole vectors of 8 numbers")
    (self.width, self.inputs, self.hidden, self.heads) = (width, inputs, hidden, heads)
    query = LinearLayer(width, hidden, scale: 0.7, in: &layout)
    key = LinearLayer(inputs, hidden, scale: 0.7, in: &layout)
    gates = layout.add(hidden, start: .uniform(fanIn: hidden / heads, scale: 1), decays: true)
  }

  package struct Memory {
    /// count × width.
    package let query: Floats, queryGradient: Floats
    /// count·K × inputs.
    package let x: Floats, dx: Floats
    /// `inputs`, for whoever fills x.
    package let own: Floats
    /// count·K: 1 for a neighbour that is there, 0 for a gap.
    package let present: Floats
    /// count × hidden.
    let u: Floats
    /// count·K × hidden.
    let act: Floats, slope: Floats
    /// count·K × heads.
    package let attention: Floats

    package init(count: Int, neighbours: Int, _ layer: RecallAttention, from arena: inout FloatArena) {
      query = arena.take(count * layer.width)
      queryGradient = arena.take(count * layer.width)
      x = arena.take(count * neighbours * layer.inputs)
      dx = arena.take(count * neighbours * layer.inputs)
      own = arena.take(layer.inputs)
      present = arena.take(count * neighbours)
      u = arena.take(count * layer.hidden)
      act = arena.take(count * neighbours * layer.hidden)
      slope = arena.take(count * neighbours * layer.hidden)
      attention = arena.take(count * neighbours * layer.heads)
    }
  }

  /// Reads `m.query`, `m.x` and `m.present`.
  ///
  /// - Parameter y: count × `stride`, of which the first `outputs` numbers of each row are written.
  package func forward(_ p: UnsafePointer<Float>, into y: Floats, stride: Int, count: Int, neighbours n: Int, _ m: Memory) {
    query.forward(p, m.query, into: m.u, rows: count)
    key.forward(p, m.x, into: m.act, rows: count * n)
    attend(p, into: y, stride: stride, count: count, neighbours: n, facts: m.x + inputs - Self.facts, apart: inputs, m)
  }

  /// The same where the part of the known compositions in X·x is there already: a neighbour's vector is the difference of
  /// the composition's and its own, so that only what is known of it is left to multiply.
  ///
  /// Reads `m.query`, the vectors of the compositions themselves at the start of `m.x`, what is known of the neighbours,
  /// count·K × `facts`, at the start of `m.dx`, and `m.present`.
  /// - Parameters:
  ///   - keys: `keys(of:)` of all known compositions.
  ///   - indices: of the neighbours among the known; K for each row of the table.
  ///   - rows: of the table, one for each composition.
  package func forward(
    _ p: UnsafePointer<Float>, keys: UnsafePointer<Float>, indices: UnsafePointer<Int32>, rows: UnsafePointer<Int>,
    into y: Floats, stride: Int, count: Int, neighbours n: Int, _ m: Memory
  ) {
    query.forward(p, m.query, into: m.u, rows: count)
    key.forward(p, m.x, into: m.u, rows: count, adding: true)
    key.multiply(last: Self.facts, p, m.dx, into: m.act, rows: count * n)
    for c in 0..<count {
      for k in 0..<n where m.present[c * n + k] > 0 {
        Row.add(-1, keys + Int(indices[rows[c] * n + k]) * hidden, to: m.act + (c * n + k) * hidden, hidden)
      }
    }
    attend(p, into: y, stride: stride, count: count, neighbours: n, facts: m.dx, apart: Self.facts, m)
  }

  /// X·x of known compositions, count × hidden.
  package func keys(_ p: UnsafePointer<Float>, of x: UnsafePointer<Float>, into y: Floats, count: Int) {
    key.multiply(last: inputs, p, x, into: y, rows: count)
  }

  /// From `m.u` and the products in `m.act` to the sums over neighbours.
  @inline(__always)
  private func attend(
    _ p: UnsafePointer<Float>, into y: Floats, stride: Int, count: Int, neighbours n: Int,
    facts: UnsafePointer<Float>, apart: Int, _ m: Memory
  ) {
    let size = hidden / heads
    for c in 0..<count {
      let out = y + c * stride
      out.update(repeating: 0, count: outputs)
      for k in 0..<n where m.present[c * n + k] > 0 {
        let act = m.act + (c * n + k) * hidden
        Activation.siluOfSum(
          m.u + c * hidden, act, into: act, derivative: m.slope + (c * n + k) * hidden, count: hidden)
        for h in 0..<heads {
          m.attention[(c * n + k) * heads + h] = Row.dot(act + h * size, p + gates + h * size, size)
        }
      }
      for h in 0..<heads {
        var top: Float = 0
        for k in 0..<n where m.present[c * n + k] > 0 { top = max(top, m.attention[(c * n + k) * heads + h]) }
        var sum = Activation.exp(SIMD8(repeating: -top))[0]
        for k in 0..<n where m.present[c * n + k] > 0 {
          let e = Activation.exp(SIMD8(repeating: m.attention[(c * n + k) * heads + h] - top))[0]
          m.attention[(c * n + k) * heads + h] = e
          sum += e
        }
        let inverse = 1 / sum
        for k in 0..<n {
          let at = c * n + k
          guard m.present[at] > 0 else {
            m.attention[at * heads + h] = 0
            continue
          }
          let alpha = m.attention[at * heads + h] * inverse
          m.attention[at * heads + h] = alpha
          Row.add(alpha, m.act + at * hidden + h * size, to: out + h * size, size)
          Row.add(alpha, facts + at * apart, to: out + hidden + h * Self.facts, Self.facts)
        }
      }
    }
  }

  /// Adds to the gradients; writes those of `m.query` and `m.x` to `m.queryGradient` and `m.dx`, except that what is
  /// known of a neighbour has none.
  package func backward(
    _ p: UnsafePointer<Float>, _ g: Floats, dy: UnsafePointer<Float>, stride: Int, count: Int, neighbours n: Int,
    _ m: Memory
  ) {
    let size = hidden / heads
    m.u.update(repeating: 0, count: count * hidden)
    for c in 0..<count {
      for h in 0..<heads {
        let dMessage = dy + c * stride + h * size
        let dFacts = dy + c * stride + hidden + h * Self.facts
        func along(_ at: Int) -> Float {
          Row.dot(dMessage, m.act + at * hidden + h * size, size)
            + Row.dot(dFacts, m.x + (at + 1) * inputs - Self.facts, Self.facts)
        }
        var mean: Float = 0
        for k in 0..<n where m.present[c * n + k] > 0 { mean += m.attention[(c * n + k) * heads + h] * along(c * n + k) }
        let (w, dw, du) = (p + gates + h * size, g + gates + h * size, m.u + c * hidden + h * size)
        for k in 0..<n {
          let at = c * n + k
          let (act, slope) = (m.act + at * hidden + h * size, m.slope + at * hidden + h * size)
          guard m.present[at] > 0 else {
            slope.update(repeating: 0, count: size)
            continue
          }
          let alpha = m.attention[at * heads + h]
          let dGate = alpha * (along(at) - mean)
          for i in Swift.stride(from: 0, to: size, by: 8) {
            let d = (alpha * Row.load(dMessage, i) + dGate * Row.load(w, i)) * Row.load(slope, i)
            Row.store(d, slope, i)
            Row.store(Row.load(du, i) + d, du, i)
            Row.store(Row.load(dw, i) + dGate * Row.load(act, i), dw, i)
          }
        }
      }
    }
    query.backward(p, g, x: m.query, dy: m.u, into: m.queryGradient, rows: count)
    key.backward(p, g, x: m.x, dy: m.slope, into: m.dx, rows: count * n)
  }
}
