import LinearAlgebra

/// Minimises a smooth function within bounds by projected limited-memory BFGS.
///
/// Coordinates that rest on a bound and would leave it are held; the others move along the two-loop
/// direction (Nocedal, Math. Comput. 35 (1980), doi 10.1090/S0025-5718-1980-0572855-7), with an Armijo
/// search along the projected path.
package struct BoundedLBFGS: Sendable {
  package var lower: [Double]
  package var upper: [Double]
  var memory = 10
  package var iterationLimit = 100
  /// Stops when no free coordinate's slope exceeds this.
  var gradientTolerance = 1e-4
  /// Stops when a step lowers the value by less than this share of it.
  var valueTolerance = 1e-8

  package init(lower: [Double], upper: [Double]) {
    self.lower = lower
    self.upper = upper
  }

  package struct Result: Sendable {
    package var point: [Double]
    package var value: Double
    package var iterations: Int
  }

  /// - Parameter f: the value and gradient at a point, or nil where it cannot be evaluated.
  package func minimize(from start: [Double], _ f: ([Double]) -> (value: Double, gradient: [Double])?) -> Result? {
    var x = project(start)
    guard var (value, gradient) = f(x), value.isFinite else { return nil }
    var history: [(s: [Double], y: [Double], rho: Double)] = []
    var iteration = 0
    while iteration < iterationLimit {
      let free = x.indices.map { i in
        !(x[i] <= lower[i] && gradient[i] > 0) && !(x[i] >= upper[i] && gradient[i] < 0)
      }
      let slope = x.indices.reduce(0.0) { free[$1] ? max($0, abs(gradient[$1])) : $0 }
      if slope < gradientTolerance { break }
      var direction = descent(gradient, free, history)
      if dot(direction, gradient) >= 0 {
        history.removeAll()
        direction = descent(gradient, free, history)
      }
      // Without curvature known, the first step is kept short.
      var step = history.isEmpty ? min(1, 1 / slope) : 1
      var next: (x: [Double], value: Double, gradient: [Double])?
      for _ in 0..<30 {
        let candidate = project(x.indices.map { x[$0] + step * direction[$0] })
        let moved = x.indices.map { candidate[$0] - x[$0] }
        if let (v, g) = f(candidate), v.isFinite, v <= value + 1e-4 * dot(gradient, moved) {
          next = (candidate, v, g)
          break
        }
        step *= 0.5
      }
      iteration += 1
      guard let next else { break }
      let s = x.indices.map { next.x[$0] - x[$0] }
      let y = x.indices.map { next.gradient[$0] - gradient[$0] }
      let curvature = dot(s, y)
      if curvature > 1e-12 * dot(y, y) {
        history.append((s, y, 1 / curvature))
        if history.count > memory { history.removeFirst() }
      }
      let gain = value - next.value
      (x, value, gradient) = next
      if gain < valueTolerance * max(1, abs(value)) { break }
    }
    return Result(point: x, value: value, iterations: iteration)
  }

  private func project(_ x: [Double]) -> [Double] {
    x.indices.map { min(max(x[$0], lower[$0]), upper[$0]) }
  }

  private func descent(
    _ gradient: [Double], _ free: [Bool], _ history: [(s: [Double], y: [Double], rho: Double)]
  ) -> [Double] {
    var q = gradient.indices.map { free[$0] ? gradient[$0] : 0 }
    var alphas = [Double](repeating: 0, count: history.count)
    for i in history.indices.reversed() {
      alphas[i] = history[i].rho * dot(history[i].s, q)
      for k in q.indices { q[k] -= alphas[i] * history[i].y[k] }
    }
    if let last = history.last {
      let scale = 1 / (last.rho * dot(last.y, last.y))
      for k in q.indices { q[k] *= scale }
    }
    for i in history.indices {
      let beta = history[i].rho * dot(history[i].y, q)
      for k in q.indices { q[k] += (alphas[i] - beta) * history[i].s[k] }
    }
    return q.indices.map { free[$0] ? -q[$0] : 0 }
  }
}
