import LinearAlgebra

/// y = x·W + b, rows × inputs to rows × outputs.
package struct LinearLayer: Sendable, Equatable {
  package let inputs: Int
  package let outputs: Int
  private let weights: Int
  private let bias: Int

  /// - Parameter scale: of the weights at the start, beside the one that keeps the variance.
  package init(_ inputs: Int, _ outputs: Int, scale: Float = 1, in layout: inout ParameterLayout) {
    self.inputs = inputs
    self.outputs = outputs
    weights = layout.add(inputs * outputs, start: .uniform(fanIn: inputs, scale: scale), decays: true)
    bias = layout.add(outputs, start: .constant(0), decays: false)
  }

  /// - Parameter adding: whether to add to `y`, as the end of a residual branch does.
  package func forward(_ p: UnsafePointer<Float>, _ x: UnsafePointer<Float>, into y: Floats, rows: Int, adding: Bool = false) {
    let b = p + bias
    for r in 0..<rows {
      let out = y + r * outputs
      if adding { for j in 0..<outputs { out[j] += b[j] } } else { out.update(from: b, count: outputs) }
    }
    FloatProducts.multiply(x, p + weights, into: y, m: rows, k: inputs, n: outputs, adding: true)
  }

  /// y = x·W for the last `count` inputs alone, rows × count, without the bias.
  package func multiply(
    last count: Int, _ p: UnsafePointer<Float>, _ x: UnsafePointer<Float>, into y: Floats, rows: Int
  ) {
    FloatProducts.multiply(
      x, p + weights + (inputs - count) * outputs, into: y, m: rows, k: count, n: outputs)
  }

  /// Adds to the gradients of the parameters; writes that of the input, or adds to it, unless `dx` is nil.
  package func backward(
    _ p: UnsafePointer<Float>, _ g: Floats, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, into dx: Floats?,
    rows: Int, adding: Bool = false
  ) {
    let b = g + bias
    for r in 0..<rows {
      let row = dy + r * outputs
      for j in 0..<outputs { b[j] += row[j] }
    }
    FloatProducts.addTransposed(x, dy, into: g + weights, m: rows, k: inputs, n: outputs)
    if let dx { FloatProducts.multiplyTransposed(dy, p + weights, into: dx, m: rows, k: outputs, n: inputs, adding: adding) }
  }
}
