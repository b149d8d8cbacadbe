import CVectorMath
import Foundation
import LinearAlgebra

/// Adam with decoupled weight decay and an exponential moving average of the weights.
///
/// Loshchilov and Hutter, arXiv 1711.05101; the schedule is one cycle of Smith and Topin,
/// arXiv 1708.07120.
package struct AdamW: Sendable, Equatable {
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

  /// Numbers that a thread takes at once. A constant, so that the norm does not depend on threads.
  private static let chunk = 1 << 14

  /// Moves `weights` against the sum of the gradients, whose norm is first cut to `clip`. On all cores.
  ///
  /// - Parameter gradients: at least one, `layout.count` numbers each; the first is left as their sum.
  package mutating func update(
    _ weights: inout [Float], gradients: [Floats], layout: ParameterLayout, rate: Float, decay: Float, clip: Float = 1
  ) {
    step += 1
    let count = layout.count
    let norm = withUnsafeTemporaryAllocation(of: Double.self, capacity: (count + Self.chunk - 1) / Self.chunk) { squares in
      nonisolated(unsafe) let (squares, gradients) = (squares, gradients)
      Threads.forEachChunk(of: count, chunkSize: Self.chunk) { range in
        let sum = gradients[0] + range.lowerBound
        for other in gradients.dropFirst() { superionic_addf(sum, other + range.lowerBound, range.count) }
        squares[range.lowerBound / Self.chunk] = superionic_dotf(sum, sum, range.count)
      }
      return Float(squares.reduce(0, +).squareRoot())
    }
    guard norm.isFinite else { return }
    // Early on the average follows, so that it does not remember the start.
    let settings = superionic_adamw_step(
      scale: norm > clip ? clip / norm : 1, beta1: Self.beta1, beta2: Self.beta2, epsilon: Self.epsilon, rate: rate,
      correct1: 1 / (1 - pow(Self.beta1, Float(step))), correct2: 1 / (1 - pow(Self.beta2, Float(step))),
      memory: min(Self.memory, Float(step) / Float(step + 9)))
    first.withUnsafeMutableBufferPointer { m in
      second.withUnsafeMutableBufferPointer { v in
        average.withUnsafeMutableBufferPointer { a in
          weights.withUnsafeMutableBufferPointer { w in
            guard let m = m.baseAddress, let v = v.baseAddress, let a = a.baseAddress, let w = w.baseAddress else { return }
            nonisolated(unsafe) let (first, second, average, weights, sum) = (m, v, a, w, gradients[0])
            Threads.forEachChunk(of: layout.blocks.count, chunkSize: 1) { blocks in
              for block in layout.blocks[blocks] {
                let at = block.offset
                superionic_adamw(
                  settings, block.decays ? 1 - rate * decay : 1, sum + at, first + at, second + at, average + at,
                  weights + at, block.count)
              }
            }
          }
        }
      }
    }
  }
}
