import Foundation
import LinearAlgebra

/// Functions φ with E[φ(x)·φ(z)] = k(x, z): amplitudeₖ·cos(ωₖ·x + phaseₖ), or plain linear ones.
///
/// A draw from the prior is φ(x)·w with standard normal w.
public struct RandomFeatures: Sendable {
  /// F × d.
  var frequencies: Matrix
  /// F.
  var phases: [Double]
  var amplitudes: [Double]
  /// Linear features ωₖ·x + phaseₖ take no cosine.
  var isLinear: [Bool]

  init(frequencies: Matrix, phases: [Double], amplitudes: [Double], isLinear: Bool = false) {
    self.frequencies = frequencies
    self.phases = phases
    self.amplitudes = amplitudes
    self.isLinear = [Bool](repeating: isLinear, count: phases.count)
  }

  var count: Int { phases.count }

  /// The features of both, for a sum of kernels.
  func joined(_ other: RandomFeatures) -> RandomFeatures {
    var result = self
    result.frequencies = frequencies.appendingRows(other.frequencies)
    result.phases += other.phases
    result.amplitudes += other.amplitudes
    result.isLinear += other.isLinear
    return result
  }

  func scaled(by factor: Double) -> RandomFeatures {
    var result = self
    result.amplitudes = amplitudes.map { $0 * factor }
    return result
  }

  /// The same functions of the columns `indices` of rows of `columns`.
  func embedded(in columns: Int, at indices: [Int]) -> RandomFeatures {
    var result = self
    result.frequencies = Matrix(rows: count, columns: columns)
    for f in 0..<count {
      for (k, column) in indices.enumerated() { result.frequencies[f, column] = frequencies[f, k] }
    }
    return result
  }

  /// φ of every row, m × F. O(m·F·d).
  func values(_ x: Matrix) -> Matrix {
    var result = x.multiplied(by: frequencies, transposingOther: true)
    let f = count
    result.elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let c = buffer
      Threads.forEachChunk(of: x.rows, chunkSize: 64) { rows in
        for i in rows {
          for k in 0..<f {
            let argument = c[i * f + k] + phases[k]
            c[i * f + k] = amplitudes[k] * (isLinear[k] ? argument : cos(argument))
          }
        }
      }
    }
    return result
  }
}
