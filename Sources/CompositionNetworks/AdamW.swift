import Foundation

/// Adam with decoupled weight decay and an exponential moving average of the weights.
///
/// Loshchilov and Hutter, arXiv 1711.05101; the schedule is one cycle of Smith and Topin,
/// arXiv 1708.07120.
package struct AdamW {
  package var first: [Float]
  package var second: [Float]
  package var average: [Float]
  package var step = 0

  package static let beta1: Float = 0.9
  package static let beta2: Float = 0.98
  package static let epsilon: Float = 1e-8
  /// Of the average: about the last 500 steps.
  package static let memory: Float = 0.998

  package init(start: [Float]) {
    first = [Float](repeating: 0, count: start.count)
    second = first
    average = start
  }

  /// The rate at a step of one cycle: up to `peak` over the first fifth, then down to almost nothing.
  package static func rate(step: Int, of total: Int, peak: Float) -> Float {
    let t = Float(step) / Float(max(1, total))
    let rise: Float = 0.2
    if t < rise { return peak * (0.04 + 0.96 * 0.5 * (1 - cos(.pi * t / rise))) }
    return peak * (1e-4 + (1 - 1e-4) * 0.5 * (1 + cos(.pi * (t - rise) / (1 - rise))))
  }

  /// Moves `weights` against the gradient, whose norm is first cut to `clip`.
  package mutating func update(
    _ weights: inout [Float], gradient: UnsafeBufferPointer<Float>, layout: ParameterLayout, rate: Float, decay: Float,
    clip: Float = 1
  ) {
    step += 1
    var squares = 0.0
    for g in gradient { squares += Double(g) * Double(g) }
    let norm = Float(squares.squareRoot())
    guard norm.isFinite else { return }
    let scale = norm > clip ? clip / norm : 1
    let correct1 = 1 / (1 - pow(Self.beta1, Float(step)))
    let correct2 = 1 / (1 - pow(Self.beta2, Float(step)))
    // Early on the average follows, so that it does not remember the start.
    let memory = min(Self.memory, Float(step) / Float(step + 9))
    first.withUnsafeMutableBufferPointer { m in
      second.withUnsafeMutableBufferPointer { v in
        average.withUnsafeMutableBufferPointer { a in
          weights.withUnsafeMutableBufferPointer { w in
            for block in layout.blocks {
              let keep = block.decays ? 1 - rate * decay : 1
              for i in block.offset..<block.offset + block.count {
                let g = gradient[i] * scale
                m[i] += (1 - Self.beta1) * (g - m[i])
                v[i] += (1 - Self.beta2) * (g * g - v[i])
                let next = keep * w[i] - rate * m[i] * correct1 / ((v[i] * correct2).squareRoot() + Self.epsilon)
                w[i] = next
                a[i] += (1 - memory) * (next - a[i])
              }
            }
          }
        }
      }
    }
  }
}
