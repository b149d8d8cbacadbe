import CompositionNetworks
import Foundation
import LinearAlgebra
import Testing

/// Every backward pass against central differences of Σ weights·output, in parameters and inputs.
@Suite struct LayerGradientTests {
  typealias Pointer = UnsafeMutablePointer<Float>

  /// A layer as a function of parameters p and input x.
  struct Case {
    let parameters: Int
    let inputs: Int
    let outputs: Int
    /// Writes the outputs.
    let forward: (Pointer, Pointer, Pointer) -> Void
    /// Given p, x and the gradient of the outputs, adds to that of p and writes that of x. Follows `forward`.
    let backward: (Pointer, Pointer, Pointer, Pointer, Pointer) -> Void
  }

  private func expectGradients(
    _ layout: ParameterLayout, _ one: Case, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var generator = SeededGenerator(seed: 3)
    var arena = FloatArena()
    defer { arena.free() }
    let (p, x) = (arena.take(one.parameters), arena.take(one.inputs))
    let (y, w) = (arena.take(one.outputs), arena.take(one.outputs))
    let (dp, dx) = (arena.take(one.parameters), arena.take(one.inputs))
    for (i, value) in layout.initialValues(&generator).enumerated() { p[i] = value + 0.1 * Float(generator.normal()) }
    for i in 0..<one.inputs { x[i] = Float(generator.normal()) }
    for i in 0..<one.outputs { w[i] = Float(generator.normal()) }
    func value() -> Double {
      y.update(repeating: 0, count: one.outputs)
      one.forward(p, x, y)
      return (0..<one.outputs).reduce(0) { $0 + Double(w[$1]) * Double(y[$1]) }
    }
    _ = value()
    one.backward(p, x, w, dp, dx)
    var worst = 0.0
    for (vector, gradient, count) in [(p, dp, one.parameters), (x, dx, one.inputs)] {
      let size = (0..<count).map { abs(Double(gradient[$0])) }.max() ?? 0
      #expect(size > 1e-3, "a gradient of zeros checks nothing", sourceLocation: sourceLocation)
      for _ in 0..<60 {
        let i = generator.index(below: count)
        let (kept, step) = (vector[i], Float(4e-3))
        vector[i] = kept + step
        let above = value()
        vector[i] = kept - step
        let below = value()
        vector[i] = kept
        worst = max(worst, abs((above - below) / Double(2 * step) - Double(gradient[i])) / (size + 0.1))
      }
    }
    #expect(worst < 5e-3, "worst relative error \(worst)", sourceLocation: sourceLocation)
  }

  private let logs: [Float] = [-0.5, -1.2, -2.3, -0.1, -3, -2, -1, -1, -0.7]

  @Test func linearLayer() {
    var layout = ParameterLayout()
    let layer = LinearLayer(12, 7, in: &layout)
    expectGradients(
      layout,
      Case(
        parameters: layout.count, inputs: 5 * 12, outputs: 5 * 7, forward: { p, x, y in layer.forward(p, x, into: y, rows: 5) },
        backward: { p, x, dy, dp, dx in layer.backward(p, dp, x: x, dy: dy, into: dx, rows: 5) }))
  }

  @Test func layerNorm() {
    var layout = ParameterLayout()
    let layer = LayerNorm(16, in: &layout)
    var arena = FloatArena()
    defer { arena.free() }
    let (normal, inverse) = (arena.take(5 * 16), arena.take(5))
    expectGradients(
      layout,
      Case(
        parameters: layout.count, inputs: 5 * 16, outputs: 5 * 16,
        forward: { p, x, y in layer.forward(p, x, into: y, normal: normal, inverse: inverse, rows: 5) },
        backward: { p, x, dy, dp, dx in
          layer.backward(p, dp, normal: normal, inverse: inverse, dy: dy, addingTo: dx, rows: 5)
        }))
  }

  @Test(arguments: [1, 2, 3]) func pairAttention(elements n: Int) {
    var layout = ParameterLayout()
    let layer = PairAttention(width: 16, hidden: 32, heads: 2, in: &layout)
    var arena = FloatArena()
    defer { arena.free() }
    let rows = 3 * n
    let memory = PairAttention.Memory(rows: rows, pairs: rows * n, hidden: 32, heads: 2, from: &arena)
    let (scratch, f) = (arena.take(rows * 32), arena.take(9))
    for (i, log) in logs.enumerated() { f[i] = log }
    expectGradients(
      layout,
      Case(
        parameters: layout.count, inputs: rows * 16, outputs: rows * 16,
        forward: { p, x, y in layer.forward(p, x, logFractions: f, addingTo: y, count: 3, elements: n, memory) },
        backward: { p, x, dy, dp, dx in
          layer.backward(p, dp, x: x, dy: dy, into: dx, count: 3, elements: n, memory, scratch: scratch)
        }))
  }

  @Test(arguments: [1, 3]) func attentionPooling(elements n: Int) {
    var layout = ParameterLayout()
    let layer = AttentionPooling(width: 16, heads: 3, in: &layout)
    var arena = FloatArena()
    defer { arena.free() }
    let memory = AttentionPooling.Memory(rows: 3 * n, heads: 3, from: &arena)
    let f = arena.take(9)
    for (i, log) in logs.enumerated() { f[i] = log }
    expectGradients(
      layout,
      Case(
        parameters: layout.count, inputs: 3 * n * 16, outputs: 3 * 48,
        forward: { p, x, y in
          layer.forward(p, x, logFractions: f, into: y, stride: 48, count: 3, elements: n, memory)
          // With one element the gates do nothing; a term of the parameters keeps the check from being empty.
          if n == 1 { for i in 0..<layout.count { y[0] += 0.1 * p[i] } }
        },
        backward: { p, x, dy, dp, dx in
          layer.backward(p, dp, x: x, dy: dy, stride: 48, into: dx, count: 3, elements: n, memory)
          if n == 1 { for i in 0..<layout.count { dp[i] += 0.1 * dy[0] } }
        }))
  }

  /// Composition 1 of 3 has one neighbour of four, composition 2 has none.
  @Test func recallAttention() {
    var layout = ParameterLayout()
    let (count, n, facts) = (3, 4, RecallAttention.facts)
    let layer = RecallAttention(width: 16, inputs: 24, hidden: 32, heads: 2, in: &layout)
    var arena = FloatArena()
    defer { arena.free() }
    let memory = RecallAttention.Memory(count: count, neighbours: n, layer, from: &arena)
    let stride = layer.outputs + 3
    // The input: queries, then neighbours. What is known of a neighbour is constant.
    let inputs = count * 16 + count * n * 24
    func read(_ x: Pointer) {
      memory.query.update(from: x, count: count * 16)
      memory.x.update(from: x + count * 16, count: count * n * 24)
      for at in 0..<count * n {
        for f in 0..<facts { memory.x[(at + 1) * 24 - facts + f] = 0.3 * Float((at * 5 + f * 3) % 7) - 0.9 }
        let isThere = at < n || at == n + 2
        memory.present[at] = isThere ? 1 : 0
        if !isThere { (memory.x + at * 24).update(repeating: 0, count: 24) }
      }
    }
    expectGradients(
      layout,
      Case(
        parameters: layout.count, inputs: inputs, outputs: count * stride,
        forward: { p, x, y in
          read(x)
          layer.forward(p, into: y, stride: stride, count: count, neighbours: n, memory)
        },
        backward: { p, x, dy, dp, dx in
          layer.backward(p, dp, dy: dy, stride: stride, count: count, neighbours: n, memory)
          dx.update(from: memory.queryGradient, count: count * 16)
          for at in 0..<count * n where memory.present[at] > 0 {
            (dx + count * 16 + at * 24).update(from: memory.dx + at * 24, count: 24 - facts)
          }
        }))
    for at in 0..<count * n where memory.present[at] == 0 {
      #expect((0..<2).allSatisfy { memory.attention[at * 2 + $0] == 0 })
    }
  }

  @Test func residualBlock() {
    var layout = ParameterLayout()
    let block = ResidualBlock(width: 16, in: &layout)
    var arena = FloatArena()
    defer { arena.free() }
    let memory = ResidualBlock.Memory(rows: 4, width: 16, from: &arena)
    let scratch = arena.take(64)
    expectGradients(
      layout,
      Case(
        parameters: layout.count, inputs: 64, outputs: 64,
        forward: { p, x, y in
          y.update(from: x, count: 64)
          block.forward(p, y, rows: 4, memory)
        },
        backward: { p, x, dy, dp, dx in
          dx.update(from: dy, count: 64)
          block.backward(p, dp, dx, rows: 4, memory, scratch: scratch)
        }))
  }

  @Test func exponentialIsWithinTwoUnits() {
    var worst: Float = 0
    for i in -8000...8000 {
      let x = Float(i) * 0.01
      let e = Activation.exp(SIMD8(repeating: x))[3]
      worst = max(worst, abs(e / Float(Foundation.exp(Double(x))) - 1))
    }
    #expect(worst < 3e-7, "\(worst)")
  }

  @Test(arguments: [-1, 0, 1] as [Int8]) func likelihoodGradients(side: Int8) {
    for (y, mean, logScale) in [(0.3, -0.2, -0.4), (-1, 0.5, 0.3), (2, 0.1, -1), (0.2, 0.9, -2)] as [(Float, Float, Float)] {
      let part = LaplaceLikelihood.loss(y: y, side: side, mean: mean, logScale: logScale)
      let h: Float = 1e-2
      func loss(_ dm: Float, _ ds: Float) -> Float {
        LaplaceLikelihood.loss(y: y, side: side, mean: mean + dm, logScale: logScale + ds).loss
      }
      #expect(abs((loss(h, 0) - loss(-h, 0)) / (2 * h) - part.dMean) < 5e-3 * (1 + abs(part.dMean)))
      #expect(abs((loss(0, h) - loss(0, -h)) / (2 * h) - part.dLogScale) < 5e-3 * (1 + abs(part.dLogScale)))
    }
  }
}
