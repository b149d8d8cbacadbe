/// All that a forward and a backward pass over one chunk need, taken once and used for every chunk.
package final class NetworkMemory: @unchecked Sendable {
  // Used by one thread at a time.
  package struct Norm {
    let x: Floats, normal: Floats, inverse: Floats

    init(rows: Int, width: Int, from arena: inout FloatArena) {
      x = arena.take(rows * width)
      normal = arena.take(rows * width)
      inverse = arena.take(rows)
    }
  }

  package struct Layer {
    let x: Floats, normal: Floats, inverse: Floats
    let pairs: PairAttention.Memory
  }

  package let input: Floats, inputGradient: Floats, logFractions: Floats
  package let stream: Floats, normGradient: Floats, scratch: Floats
  package let layers: [Layer]
  package let final: Norm
  package let pooling: AttentionPooling.Memory
  package let recall: RecallAttention.Memory?
  package let pooled: Floats, pooledGradient: Floats
  package let head: Floats
  package let blocks: [ResidualBlock.Memory]
  package let headOut: Norm
  package let result: Floats, resultGradient: Floats
  private var arena = FloatArena()

  /// The most compositions of n elements in a chunk: enough rows for `sgemm`, and pairs that stay in cache.
  package static func chunkCount(elements n: Int) -> Int { max(1, min(64, 640 / (n * n))) }

  /// - Parameter elements: the largest number of elements of any composition.
  package init(_ network: CompositionNetwork, elements: Int) {
    let shape = network.shape
    var rows = 0
    var pairs = 0
    for n in 1...max(1, elements) {
      rows = max(rows, Self.chunkCount(elements: n) * n)
      pairs = max(pairs, Self.chunkCount(elements: n) * n * n)
    }
    let count = Self.chunkCount(elements: 1)
    var arena = FloatArena()
    input = arena.take(rows * CompositionNetwork.inputWidth)
    inputGradient = arena.take(rows * CompositionNetwork.inputWidth)
    logFractions = arena.take(rows)
    stream = arena.take(rows * shape.width)
    normGradient = arena.take(rows * shape.width)
    scratch = arena.take(max(rows * shape.hidden, count * shape.headWidth))
    var layers: [Layer] = []
    for _ in 0..<shape.layers {
      let norm = Norm(rows: rows, width: shape.width, from: &arena)
      layers.append(
        Layer(
          x: norm.x, normal: norm.normal, inverse: norm.inverse,
          pairs: .init(rows: rows, pairs: pairs, hidden: shape.hidden, heads: shape.heads, from: &arena)))
    }
    self.layers = layers
    final = Norm(rows: rows, width: shape.width, from: &arena)
    pooling = .init(rows: rows, heads: shape.poolHeads, from: &arena)
    recall = network.recall.map { .init(count: count, neighbours: shape.neighbours, $0, from: &arena) }
    pooled = arena.take(count * network.pooledWidth)
    pooledGradient = arena.take(count * network.pooledWidth)
    head = arena.take(count * shape.headWidth)
    var blocks: [ResidualBlock.Memory] = []
    for _ in 0..<shape.headBlocks { blocks.append(.init(rows: count, width: shape.headWidth, from: &arena)) }
    self.blocks = blocks
    headOut = Norm(rows: count, width: shape.headWidth, from: &arena)
    result = arena.take(count * shape.outputs)
    resultGradient = arena.take(count * shape.outputs)
    self.arena = arena
  }

  deinit { arena.free() }
}
