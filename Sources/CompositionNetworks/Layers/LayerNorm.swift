/// Each row shifted and scaled to mean 0 and variance 1, then by a learned gain and bias.
///
/// Ba, Kiros and Hinton, arXiv 1607.06450. The width is a multiple of 8.
package struct LayerNorm: Sendable, Equatable {
  package let width: Int
  private let gain: Int
  private let bias: Int

  /// Added to the variance.
  package static let epsilon: Float = 1e-5

  package init(_ width: Int, in layout: inout ParameterLayout) {
    self.width = width
    gain = layout.add(width, start: .constant(1), decays: false)
    bias = layout.add(width, start: .constant(0), decays: false)
  }

  /// - Parameters:
  ///   - normal: rows × width, kept for the way back: the rows before gain and bias.
  ///   - inverse: one number for each row, kept as well: 1/√(variance + ε).
  package func forward(
    _ p: UnsafePointer<Float>, _ x: UnsafePointer<Float>, into y: Floats, normal: Floats, inverse: Floats, rows: Int
  ) {
    let scale = 1 / Float(width)
    for r in 0..<rows {
      let (row, out, kept) = (x + r * width, y + r * width, normal + r * width)
      var sum = SIMD8<Float>(repeating: 0)
      for i in stride(from: 0, to: width, by: 8) { sum += Row.load(row, i) }
      let mean = SIMD8<Float>(repeating: sum.sum() * scale)
      var squares = SIMD8<Float>(repeating: 0)
      for i in stride(from: 0, to: width, by: 8) {
        let d = Row.load(row, i) - mean
        squares += d * d
      }
      let factor = 1 / (squares.sum() * scale + Self.epsilon).squareRoot()
      inverse[r] = factor
      for i in stride(from: 0, to: width, by: 8) {
        let z = (Row.load(row, i) - mean) * factor
        Row.store(z, kept, i)
        Row.store(z * Row.load(p + gain, i) + Row.load(p + bias, i), out, i)
      }
    }
  }

  /// Adds to the gradients of gain and bias and, to `dx`, that of the input.
  package func backward(
    _ p: UnsafePointer<Float>, _ g: Floats, normal: UnsafePointer<Float>, inverse: UnsafePointer<Float>,
    dy: UnsafePointer<Float>, addingTo dx: Floats, rows: Int
  ) {
    let scale = 1 / Float(width)
    for r in 0..<rows {
      let (z, d, out) = (normal + r * width, dy + r * width, dx + r * width)
      var sum = SIMD8<Float>(repeating: 0)
      var product = sum
      for i in stride(from: 0, to: width, by: 8) {
        let (zi, di) = (Row.load(z, i), Row.load(d, i))
        Row.store(Row.load(g + gain, i) + di * zi, g + gain, i)
        Row.store(Row.load(g + bias, i) + di, g + bias, i)
        let dz = di * Row.load(p + gain, i)
        sum += dz
        product += dz * zi
      }
      let mean = SIMD8<Float>(repeating: sum.sum() * scale)
      let along = SIMD8<Float>(repeating: product.sum() * scale)
      for i in stride(from: 0, to: width, by: 8) {
        let dz = Row.load(d, i) * Row.load(p + gain, i)
        Row.store(Row.load(out, i) + inverse[r] * (dz - mean - Row.load(z, i) * along), out, i)
      }
    }
  }
}
