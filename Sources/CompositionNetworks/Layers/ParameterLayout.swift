import LinearAlgebra

/// Where the numbers of each layer stand in one long vector.
///
/// One vector for all parameters, and one for their gradients, so that the optimiser, the average of
/// weights and the model file each are a single loop.
package struct ParameterLayout: Sendable, Equatable {
  package init() {}

  package enum Start: Sendable, Equatable {
    /// Uniform in ±√(3/fan-in): unit variance out for unit variance in.
    case uniform(fanIn: Int, scale: Float)
    case constant(Float)
    case normal(Float)
  }

  package struct Block: Sendable, Equatable {
    let offset: Int
    let count: Int
    let start: Start
    /// Whether weight decay applies: to matrices, not to biases and gains.
    let decays: Bool
  }

  package private(set) var blocks: [Block] = []
  package private(set) var count = 0

  /// Reserves `count` numbers and returns where they begin.
  package mutating func add(_ count: Int, start: Start, decays: Bool) -> Int {
    let offset = self.count
    blocks.append(Block(offset: offset, count: count, start: start, decays: decays))
    self.count += count
    return offset
  }

  /// Values to begin training with.
  package func initialValues(_ generator: inout SeededGenerator) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    for block in blocks {
      for i in block.offset..<block.offset + block.count {
        switch block.start {
        case .uniform(let fanIn, let scale):
          values[i] = scale * Float((2 * generator.uniform() - 1) * (3 / Double(fanIn)).squareRoot())
        case .constant(let value): values[i] = value
        case .normal(let deviation): values[i] = deviation * Float(generator.normal())
        }
      }
    }
    return values
  }
}
