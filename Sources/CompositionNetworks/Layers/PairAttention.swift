import LinearAlgebra

/// Each element of a composition listens to all of them, and to itself.
///
/// For elements i and j with vectors x and shares f, and each head h:
///
///     aᵢⱼ = silu(U·xᵢ + V·xⱼ + b)           hidden numbers of the pair, a part for each head
///     αᵢⱼʰ = softmaxⱼ(wʰ·aᵢⱼʰ + ln fⱼ)      who is heard, the more abundant the more
///     yᵢ = W·Σⱼ αᵢⱼ aᵢⱼ + c
///
/// As the message passing of Roost (Goodall and Lee), with the matrix W drawn out of the sum: products cost O(n) for n
/// elements, and only `silu` and the gates cost O(n²).
package struct PairAttention: Sendable, Equatable {
  package let width: Int
  package let heads: Int
  /// Hidden numbers of all heads.
  package let hidden: Int
  private let own: LinearLayer
  private let other: LinearLayer
  private let out: LinearLayer
  private let gates: Int

  package init(width: Int, hidden: Int, heads: Int, in layout: inout ParameterLayout) {
    precondition(hidden % (8 * heads) == 0, "heads hold a multiple of 8 numbers")
    (self.width, self.hidden, self.heads) = (width, hidden, heads)
    own = LinearLayer(width, hidden, scale: 0.7, in: &layout)
    other = LinearLayer(width, hidden, scale: 0.7, in: &layout)
    gates = layout.add(hidden, start: .uniform(fanIn: hidden / heads, scale: 1), decays: true)
    out = LinearLayer(hidden, width, scale: 0.5, in: &layout)
  }

  /// What one layer keeps from the way forth for the way back.
  package struct Memory {
    /// rows × hidden.
    var u: Floats, v: Floats, message: Floats
    /// pairs × hidden.
    var act: Floats, slope: Floats
    /// pairs × heads.
    var attention: Floats

    package init(rows: Int, pairs: Int, hidden: Int, heads: Int, from arena: inout FloatArena) {
      u = arena.take(rows * hidden)
      v = arena.take(rows * hidden)
      message = arena.take(rows * hidden)
      act = arena.take(pairs * hidden)
      slope = arena.take(pairs * hidden)
      attention = arena.take(pairs * heads)
    }
  }

  /// - Parameters:
  ///   - x: rows × width, the n rows of a composition together.
  ///   - logFractions: one for each row.
  ///   - y: rows × width; the result is added.
  package func forward(
    _ p: UnsafePointer<Float>, _ x: UnsafePointer<Float>, logFractions: UnsafePointer<Float>, addingTo y: Floats,
    count: Int, elements n: Int, _ m: Memory
  ) {
    let rows = count * n
    own.forward(p, x, into: m.u, rows: rows)
    other.forward(p, x, into: m.v, rows: rows)
    let size = hidden / heads
    let w = p + gates
    m.message.update(repeating: 0, count: rows * hidden)
    for c in 0..<count {
      for i in 0..<n {
        let row = c * n + i
        let first = row * n
        for j in 0..<n {
          let pair = first + j
          let act = m.act + pair * hidden
          Activation.siluOfSum(
            m.u + row * hidden, m.v + (c * n + j) * hidden, into: act, derivative: m.slope + pair * hidden, count: hidden)
          for h in 0..<heads {
            m.attention[pair * heads + h] = Row.dot(act + h * size, w + h * size, size) + logFractions[c * n + j]
          }
        }
        let message = m.message + row * hidden
        for h in 0..<heads {
          let alpha = m.attention + first * heads + h
          Activation.softmax(alpha, count: n, step: heads)
          for j in 0..<n {
            Row.add(alpha[j * heads], m.act + (first + j) * hidden + h * size, to: message + h * size, size)
          }
        }
      }
    }
    out.forward(p, m.message, into: y, rows: rows, adding: true)
  }

  /// Adds to the gradients and writes that of the input to `dx`; the memory is used up.
  ///
  /// - Parameter scratch: rows × hidden.
  package func backward(
    _ p: UnsafePointer<Float>, _ g: Floats, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, into dx: Floats,
    count: Int, elements n: Int, _ m: Memory, scratch: Floats
  ) {
    let rows = count * n
    let size = hidden / heads
    out.backward(p, g, x: m.message, dy: dy, into: scratch, rows: rows)
    // From here on u and v hold the gradients of their values.
    m.u.update(repeating: 0, count: rows * hidden)
    m.v.update(repeating: 0, count: rows * hidden)
    let (w, dw) = (p + gates, g + gates)
    for c in 0..<count {
      for i in 0..<n {
        let row = c * n + i
        let dMessage = scratch + row * hidden
        for h in 0..<heads {
          let (part, first) = (h * size, row * n)
          // message = Σ α·a, so Σⱼ αⱼ ∂αⱼ is one product.
          let mean = Row.dot(dMessage + part, m.message + row * hidden + part, size)
          for j in 0..<n {
            let pair = first + j
            let act = m.act + pair * hidden + part
            let slope = m.slope + pair * hidden + part
            let alpha = m.attention[pair * heads + h]
            let dGate = alpha * (Row.dot(dMessage + part, act, size) - mean)
            let (du, dv) = (m.u + row * hidden + part, m.v + (c * n + j) * hidden + part)
            for k in stride(from: 0, to: size, by: 8) {
              let d = (alpha * Row.load(dMessage + part, k) + dGate * Row.load(w + part, k)) * Row.load(slope, k)
              Row.store(Row.load(du, k) + d, du, k)
              Row.store(Row.load(dv, k) + d, dv, k)
              Row.store(Row.load(dw + part, k) + dGate * Row.load(act, k), dw + part, k)
            }
          }
        }
      }
    }
    own.backward(p, g, x: x, dy: m.u, into: dx, rows: rows)
    other.backward(p, g, x: x, dy: m.v, into: dx, rows: rows, adding: true)
  }
}
