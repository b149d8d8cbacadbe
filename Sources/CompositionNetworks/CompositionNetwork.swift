import Chemistry
import Descriptors
import LinearAlgebra

/// A network from the elements of a formula and their shares to a number and its uncertainty.
///
/// Each element is a learned vector beside its Magpie properties; layers of `PairAttention` let it take
/// note of the others; `AttentionPooling` makes one vector of them; residual blocks make of it the
/// numbers that a `NetworkLikelihood` reads. After Roost (Goodall and Lee). Order and scale of the formula do not matter, by construction.
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
    /// Known compositions that it listens to; 0 for none.
    package var neighbours = 0
    /// Numbers of a pair of a composition and a known one.
    package var recallHidden = 64
    package var recallHeads = 4
    /// Numbers of a row that it ends in.
    package var outputs = 2

    package init() {}

    /// Of small tables, and for screening: a tenth of the work.
    package static var compact: Shape {
      var shape = narrow
      (shape.headWidth, shape.headBlocks) = (128, 2)
      return shape
    }

    /// Of tables whose values are held at zero: vectors of elements as in the compact one, and the head of the large one.
    /// There the large one learns by heart which of two values a row has, long before it has learned the rest.
    package static var narrow: Shape {
      var shape = Shape()
      (shape.width, shape.hidden, shape.layers) = (32, 64, 2)
      return shape
    }
  }

  package let shape: Shape
  package let layout: ParameterLayout
  package let embedding: Int
  package let input: LinearLayer
  package let attention: [(norm: LayerNorm, pairs: PairAttention)]
  package let finalNorm: LayerNorm
  package let pooling: AttentionPooling
  package let recall: RecallAttention?
  package let headInput: LinearLayer
  package let blocks: [ResidualBlock]
  package let headNorm: LayerNorm
  package let output: LinearLayer

  /// Learned numbers of each element.
  package static let embeddingWidth = 40
  package static let inputWidth = embeddingWidth + ElementVectors.magpieCount + 2

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
    recall =
      shape.neighbours == 0
      ? nil
      : RecallAttention(
        width: pooling.outputs, inputs: Self.recallWidth, hidden: shape.recallHidden, heads: shape.recallHeads,
        in: &layout)
    pooledWidth = pooling.outputs + (recall?.outputs ?? 0) + shape.extras
    headInput = LinearLayer(pooledWidth, shape.headWidth, in: &layout)
    blocks = (0..<shape.headBlocks).map { _ in ResidualBlock(width: shape.headWidth, in: &layout) }
    headNorm = LayerNorm(shape.headWidth, in: &layout)
    output = LinearLayer(shape.headWidth, shape.outputs, scale: 0.1, in: &layout)
    self.layout = layout
  }

  /// Numbers of the pooled vector, of what is recalled, and the extras.
  package let pooledWidth: Int
  /// Numbers of a neighbour: differences of embeddings and of Magpie properties, and what is known of it.
  package static let recallWidth = embeddingWidth + RecallVectors.width + RecallAttention.facts

  /// Predicts `count` compositions of n elements each: writes the numbers of each to `m.result`.
  ///
  /// - Parameters:
  ///   - rows: positions in `data`, all of compositions with n elements.
  ///   - drop: what a training step passes over.
  ///   - keys: what `recallKeys` made of the known compositions with the same weights, for predictions; nil in training.
  package func forward(
    _ p: UnsafePointer<Float>, _ data: NetworkInput.View, rows: UnsafePointer<Int>, count: Int, elements n: Int,
    drop: StepDropout? = nil, keys: UnsafePointer<Float>? = nil, _ m: NetworkMemory
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
      (m.pooled + (c + 1) * pooledWidth - shape.extras).update(
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
    if let recall, let memory = m.recall, let view = data.recall {
      for c in 0..<count {
        (memory.query + c * pooling.outputs).update(from: m.pooled + c * pooledWidth, count: pooling.outputs)
        if keys == nil {
          gather(p, data, view, row: rows[c], drop, place: c, memory)
        } else {
          gatherFacts(p, data, view, row: rows[c], place: c, memory)
        }
      }
      let result = m.pooled + pooling.outputs
      if let keys {
        recall.forward(
          p, keys: keys, indices: view.indices, rows: rows, into: result, stride: pooledWidth, count: count,
          neighbours: shape.neighbours, memory)
      } else {
        recall.forward(p, into: result, stride: pooledWidth, count: count, neighbours: shape.neighbours, memory)
      }
    }
    if let drop { pass(over: drop, m.pooled, rows, count) }
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
    elements n: Int, drop: StepDropout? = nil, _ m: NetworkMemory
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
    if let drop { pass(over: drop, m.pooledGradient, rows, count) }
    if let recall, let memory = m.recall, let view = data.recall {
      recall.backward(
        p, g, dy: m.pooledGradient + pooling.outputs, stride: pooledWidth, count: count, neighbours: shape.neighbours,
        memory)
      for c in 0..<count {
        Row.add(1, memory.queryGradient + c * pooling.outputs, to: m.pooledGradient + c * pooledWidth, pooling.outputs)
        scatter(g, data, view, row: rows[c], place: c, memory)
      }
    }
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

  /// Drops numbers of what the formula and its neighbours say; the extras stay.
  @inline(__always)
  private func pass(over drop: StepDropout, _ x: Floats, _ rows: UnsafePointer<Int>, _ count: Int) {
    for c in 0..<count { drop.mask(x + c * pooledWidth, row: rows[c], count: pooledWidth - shape.extras) }
  }

  /// Takes the weights of a network of the formula alone whose shape differs in extras only, but for the last layer;
  /// what it has no weight for, the extras, begins at 0.
  func take(_ other: NetworkMember, into weights: inout [Float]) {
    // The weights and the bias of the last layer are the last two blocks.
    for (own, theirs) in zip(layout.blocks, other.network.layout.blocks).dropLast(2) {
      for i in 0..<own.count {
        weights[own.offset + i] = i < theirs.count ? other.weights[theirs.offset + i] : 0
      }
    }
  }

  /// The embedding of a composition: that of its elements in their shares.
  @inline(__always)
  private func embed(
    _ p: UnsafePointer<Float>, _ entries: Range<Int>, _ numbers: UnsafePointer<UInt8>, _ fractions: UnsafePointer<Float>,
    into x: Floats
  ) {
    x.update(repeating: 0, count: Self.embeddingWidth)
    for e in entries {
      Row.add(fractions[e], p + embedding + (Int(numbers[e]) - 1) * Self.embeddingWidth, to: x, Self.embeddingWidth)
    }
  }

  /// The vector of a row itself, and what is known of its neighbours.
  @inline(__always)
  private func gatherFacts(
    _ p: UnsafePointer<Float>, _ data: NetworkInput.View, _ view: RecallTable.View, row: Int, place: Int,
    _ m: RecallAttention.Memory
  ) {
    let (n, facts) = (shape.neighbours, RecallAttention.facts)
    let x = m.x + place * Self.recallWidth
    embed(p, data.starts[row]..<data.starts[row + 1], data.numbers, data.fractions, into: x)
    (x + Self.embeddingWidth).update(from: view.rowMeans + row * RecallVectors.width, count: RecallVectors.width)
    (x + Self.recallWidth - facts).update(repeating: 0, count: facts)
    (m.dx + place * n * facts).update(from: view.facts + row * n * facts, count: n * facts)
    for k in 0..<n { m.present[place * n + k] = view.indices[row * n + k] >= 0 ? 1 : 0 }
  }

  /// What each known composition brings to the products that its rows' attention makes of it, known × `recallHidden`; none
  /// for a network that does not recall.
  ///
  /// - Complexity: O(known · parameters of the attention), on all cores.
  package func recallKeys(_ known: RecallVectors, weights: [Float]) -> [Float] {
    guard let recall else { return [] }
    let count = known.starts.count - 1
    var result = [Float](repeating: 0, count: count * recall.hidden)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      Threads.forEachChunk(of: count, chunkSize: 1024) { range in
        var arena = FloatArena()
        defer { arena.free() }
        let x = arena.take(range.count * Self.recallWidth)
        weights.withUnsafeBufferPointer { weights in
          known.withPointers { numbers, fractions, means in
            guard let p = weights.baseAddress, let out = result.baseAddress else { return }
            for (place, row) in range.enumerated() {
              let own = x + place * Self.recallWidth
              embed(p, known.starts[row]..<known.starts[row + 1], numbers, fractions, into: own)
              (own + Self.embeddingWidth).update(from: means + row * RecallVectors.width, count: RecallVectors.width)
              (own + Self.recallWidth - RecallAttention.facts).update(repeating: 0, count: RecallAttention.facts)
            }
            recall.keys(p, of: x, into: out + range.lowerBound * recall.hidden, count: range.count)
          }
        }
      }
    }
    return result
  }

  /// The vectors of the neighbours of a row.
  @inline(__always)
  private func gather(
    _ p: UnsafePointer<Float>, _ data: NetworkInput.View, _ view: RecallTable.View, row: Int, _ drop: StepDropout?,
    place: Int, _ m: RecallAttention.Memory
  ) {
    let (n, width) = (shape.neighbours, Self.embeddingWidth)
    embed(p, data.starts[row]..<data.starts[row + 1], data.numbers, data.fractions, into: m.own)
    for k in 0..<n {
      let at = place * n + k
      let x = m.x + at * Self.recallWidth
      let known = Int(view.indices[row * n + k])
      guard known >= 0, drop?.dropsNeighbour(row * n + k) != true else {
        m.present[at] = 0
        x.update(repeating: 0, count: Self.recallWidth)
        continue
      }
      m.present[at] = 1
      x.update(from: m.own, count: width)
      for e in view.starts[known]..<view.starts[known + 1] {
        Row.add(-view.fractions[e], p + embedding + (Int(view.numbers[e]) - 1) * width, to: x, width)
      }
      let (ours, theirs) = (view.rowMeans + row * RecallVectors.width, view.knownMeans + known * RecallVectors.width)
      for i in Swift.stride(from: 0, to: RecallVectors.width, by: 8) {
        Row.store(Row.load(ours, i) - Row.load(theirs, i), x + width, i)
      }
      (x + width + RecallVectors.width).update(
        from: view.facts + (row * n + k) * RecallAttention.facts, count: RecallAttention.facts)
    }
  }

  /// Gradients of the embeddings that took part in the neighbours of a row.
  @inline(__always)
  private func scatter(
    _ g: Floats, _ data: NetworkInput.View, _ view: RecallTable.View, row: Int, place: Int,
    _ m: RecallAttention.Memory
  ) {
    let (n, width) = (shape.neighbours, Self.embeddingWidth)
    m.own.update(repeating: 0, count: width)
    for k in 0..<n where m.present[place * n + k] > 0 {
      let d = m.dx + (place * n + k) * Self.recallWidth
      Row.add(1, d, to: m.own, width)
      let known = Int(view.indices[row * n + k])
      for e in view.starts[known]..<view.starts[known + 1] {
        Row.add(-view.fractions[e], d, to: g + embedding + (Int(view.numbers[e]) - 1) * width, width)
      }
    }
    for e in data.starts[row]..<data.starts[row + 1] {
      Row.add(data.fractions[e], m.own, to: g + embedding + (Int(data.numbers[e]) - 1) * width, width)
    }
  }
}
