import Chemistry
import Descriptors
import LinearAlgebra

/// A network from the elements of a formula and their shares to a number and its uncertainty.
///
/// Each element is a learned vector beside its Magpie properties; layers of `PairAttention` let it take
/// note of the others; `AttentionPooling` makes one vector of them; residual blocks make a mean and the
/// logarithm of a scale of it. After Roost (Goodall and Lee). Order and scale of the formula do not matter, by construction.
///
/// The value holds the shape alone; parameters are one vector laid out by `layout`.
package struct CompositionNetwork: Sendable {
  /// Sizes of the network.
  package struct Shape: Sendable, Codable, Hashable {
    /// Of the vector of an element in a composition; a multiple of 8.
    package var width = 64
    /// Numbers of a pair of elements.
    package var hidden = 128
    package var heads = 2
    package var layers = 3
    package var poolHeads = 3
    /// Of the vector of a composition; a multiple of 8.
    package var headWidth = 256
    package var headBlocks = 3
    /// Further numbers of each row, beside the formula.
    package var extras = 0

    package init() {}
  }

  package let shape: Shape
  package let layout: ParameterLayout
  package let embedding: Int
  package let input: LinearLayer
  package let attention: [(norm: LayerNorm, pairs: PairAttention)]
  package let finalNorm: LayerNorm
  package let pooling: AttentionPooling
  package let headInput: LinearLayer
  package let blocks: [ResidualBlock]
  package let headNorm: LayerNorm
  package let output: LinearLayer

  /// Learned numbers of each element.
  package static let embeddingWidth = 40
  package static let inputWidth = embeddingWidth + ElementVectors.magpieCount + 2
  /// Mean and logarithm of the scale.
  package static let outputs = 2

  package init(_ shape: Shape) {
    var layout = ParameterLayout()
    self.shape = shape
    embedding = layout.add(Element.count * Self.embeddingWidth, start: .normal(0.3), decays: false)
    input = LinearLayer(Self.inputWidth, shape.width, in: &layout)
    var attention: [(norm: LayerNorm, pairs: PairAttention)] = []
    for _ in 0..<shape.layers {
      let norm = LayerNorm(shape.width, in: &layout)
      let pairs = PairAttention(width: shape.width, hidden: shape.hidden, heads: shape.heads, in: &layout)
      attention.append((norm, pairs))
    }
    self.attention = attention
    finalNorm = LayerNorm(shape.width, in: &layout)
    pooling = AttentionPooling(width: shape.width, heads: shape.poolHeads, in: &layout)
    headInput = LinearLayer(pooling.outputs + shape.extras, shape.headWidth, in: &layout)
    blocks = (0..<shape.headBlocks).map { _ in ResidualBlock(width: shape.headWidth, in: &layout) }
    headNorm = LayerNorm(shape.headWidth, in: &layout)
    output = LinearLayer(shape.headWidth, Self.outputs, scale: 0.1, in: &layout)
    self.layout = layout
  }

  /// Numbers of the pooled vector and the extras.
  package var pooledWidth: Int { pooling.outputs + shape.extras }

  /// Predicts `count` compositions of n elements each: writes mean and log scale of each to `m.result`.
  ///
  /// - Parameter rows: positions in `data`, all of compositions with n elements.
  package func forward(
    _ p: UnsafePointer<Float>, _ data: NetworkInput.View, rows: UnsafePointer<Int>, count: Int, elements n: Int,
    _ m: NetworkMemory
  ) {
    let all = count * n
    let properties = ElementVectors.magpieCount
    for c in 0..<count {
      let start = data.starts[rows[c]]
      for i in 0..<n {
        let x = m.input + (c * n + i) * Self.inputWidth
        let z = Int(data.numbers[start + i]) - 1
        let fraction = data.fractions[start + i]
        x.update(from: p + embedding + z * Self.embeddingWidth, count: Self.embeddingWidth)
        (x + Self.embeddingWidth).update(from: data.properties + z * properties, count: properties)
        x[Self.inputWidth - 2] = fraction
        x[Self.inputWidth - 1] = fraction.squareRoot()
        m.logFractions[c * n + i] = data.logFractions[start + i]
      }
      (m.pooled + c * pooledWidth + pooling.outputs).update(
        from: data.extras + rows[c] * shape.extras, count: shape.extras)
    }
    input.forward(p, m.input, into: m.stream, rows: all)
    for (layer, memory) in zip(attention, m.layers) {
      layer.norm.forward(p, m.stream, into: memory.x, normal: memory.normal, inverse: memory.inverse, rows: all)
      layer.pairs.forward(
        p, memory.x, logFractions: m.logFractions, addingTo: m.stream, count: count, elements: n, memory.pairs)
    }
    finalNorm.forward(p, m.stream, into: m.final.x, normal: m.final.normal, inverse: m.final.inverse, rows: all)
    pooling.forward(
      p, m.final.x, logFractions: m.logFractions, into: m.pooled, stride: pooledWidth, count: count, elements: n,
      m.pooling)
    headInput.forward(p, m.pooled, into: m.head, rows: count)
    for (block, memory) in zip(blocks, m.blocks) { block.forward(p, m.head, rows: count, memory) }
    headNorm.forward(p, m.head, into: m.headOut.x, normal: m.headOut.normal, inverse: m.headOut.inverse, rows: count)
    output.forward(p, m.headOut.x, into: m.result, rows: count)
  }

  /// Adds the gradients of all parameters to `g`, given those of the result in `m.resultGradient`.
  ///
  /// Follows `forward` with the same arguments, whose memory it uses up.
  package func backward(
    _ p: UnsafePointer<Float>, _ g: Floats, _ data: NetworkInput.View, rows: UnsafePointer<Int>, count: Int,
    elements n: Int, _ m: NetworkMemory
  ) {
    let all = count * n
    output.backward(p, g, x: m.headOut.x, dy: m.resultGradient, into: m.scratch, rows: count)
    m.head.update(repeating: 0, count: count * shape.headWidth)
    headNorm.backward(
      p, g, normal: m.headOut.normal, inverse: m.headOut.inverse, dy: m.scratch, addingTo: m.head, rows: count)
    for (block, memory) in zip(blocks, m.blocks).reversed() {
      block.backward(p, g, m.head, rows: count, memory, scratch: m.scratch)
    }
    headInput.backward(p, g, x: m.pooled, dy: m.head, into: m.pooledGradient, rows: count)
    pooling.backward(
      p, g, x: m.final.x, dy: m.pooledGradient, stride: pooledWidth, into: m.normGradient, count: count, elements: n,
      m.pooling)
    m.stream.update(repeating: 0, count: all * shape.width)
    finalNorm.backward(
      p, g, normal: m.final.normal, inverse: m.final.inverse, dy: m.normGradient, addingTo: m.stream, rows: all)
    for (layer, memory) in zip(attention, m.layers).reversed() {
      layer.pairs.backward(
        p, g, x: memory.x, dy: m.stream, into: m.normGradient, count: count, elements: n, memory.pairs,
        scratch: m.scratch)
      layer.norm.backward(
        p, g, normal: memory.normal, inverse: memory.inverse, dy: m.normGradient, addingTo: m.stream, rows: all)
    }
    input.backward(p, g, x: m.input, dy: m.stream, into: m.inputGradient, rows: all)
    for c in 0..<count {
      let start = data.starts[rows[c]]
      for i in 0..<n {
        let z = Int(data.numbers[start + i]) - 1
        Row.add(
          1, m.inputGradient + (c * n + i) * Self.inputWidth, to: g + embedding + z * Self.embeddingWidth,
          Self.embeddingWidth)
      }
    }
  }
}
