import Foundation

/// Rates this machine reaches, measured: what other rates are held against.
public struct MachineRate: Sendable {
  /// Operations per second of a large product on all threads in use.
  public let dgemm: Double
  /// Bytes per second read from and written to memory by a large copy.
  public let memory: Double

  /// Measures for about half a second; the best of several runs counts.
  ///
  /// - Parameter order: of the matrices multiplied.
  public static func measure(order: Int = 1024) -> MachineRate {
    var generator = SeededGenerator(seed: 1)
    let a = Matrix(rows: order, columns: order, elements: (0..<order * order).map { _ in generator.uniform() })
    var sum = 0.0
    let multiply = best(of: 5) { sum += a.multiplied(by: a)[0, 0] }
    var target = [Double](repeating: 0, count: 8 << 20)
    let source = [Double](repeating: sum, count: target.count)
    let copy = best(of: 5) {
      target.withUnsafeMutableBufferPointer { t in
        source.withUnsafeBufferPointer { s in _ = t.update(from: s) }
      }
    }
    return MachineRate(
      dgemm: 2 * Double(order * order * order) / multiply,
      memory: 2 * Double(target.count * MemoryLayout<Double>.stride) / copy)
  }

  /// The shortest time of several runs, in seconds.
  public static func best(of runs: Int, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    var shortest = Double.infinity
    for _ in 0..<runs {
      let duration = clock.measure(body)
      shortest = min(shortest, Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18)
    }
    return max(shortest, 1e-9)
  }
}
