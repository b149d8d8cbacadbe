/// Finds the cheapest mixture of phases with a given composition: the linear program of a convex hull.
///
/// Minimise Σⱼ wⱼ·cⱼ subject to Σⱼ wⱼ·aⱼ = b, w ≥ 0, where aⱼ are the atomic fractions of phase j
/// (they sum to 1) and cⱼ its energy per atom. A primal revised simplex: the elements are the first
/// basis, the cheapest column enters, and the lexicographic rule (Dantzig, Orden and Wolfe 1955)
/// picks the one that leaves, so that compositions on tie lines and duplicate columns cannot make it
/// cycle. Because all columns sum to 1, so does every direction, and a pivot is never tiny for want
/// of a larger one.
///
/// One value holds the workspace for many problems; it is not shared between threads.
/// Cost of a solve: some 2m steps of O(n·m) for n phases and m elements.
struct HullSimplex {
  /// Positions of the columns in the optimal basis.
  private(set) var basis: [Int] = []
  /// Their amounts, as many as there are elements; zero where the optimum is degenerate.
  private(set) var weights: [Double] = []
  /// Dual prices of the rows: chemical potentials, one of several sets where degenerate.
  private(set) var prices: [Double] = []
  /// Pivots of the last solve.
  private(set) var pivots = 0

  private var inverse: [Double] = []
  private var direction: [Double] = []

  /// Smallest gain (eV/atom) for which a column enters: bounds the error of the optimum.
  static let costTolerance = 1e-11
  /// Directions below this do not move the row.
  static let pivotTolerance = 1e-9
  /// Ratios closer than this are a tie.
  static let tieTolerance = 1e-12

  /// Solves; the columns `0..<rows` must be the unit vectors.
  ///
  /// - Parameters:
  ///   - columns: count × rows, the rows of one column together.
  ///   - target: b, non-negative.
  ///   - skipped: a column that may not be used, or -1.
  /// - Returns: the optimum, or nil if the iteration limit was reached.
  mutating func minimize(
    columns: UnsafeBufferPointer<Double>, costs: UnsafeBufferPointer<Double>,
    target: UnsafeBufferPointer<Double>, skipping skipped: Int = -1
  ) -> Double? {
    let m = target.count
    let n = costs.count
    begin(target)
    // Generous: typical solves take 2m pivots.
    let limit = 1000 + 10 * (n + m)
    var isRefined = false
    while pivots <= limit {
      price(costs, m)
      let entering = cheapest(columns, costs, m, n, skipped)
      guard entering >= 0 else {
        // Accumulated rounding is removed once; the optimum must survive it.
        if isRefined || pivots == 0 { return objective(costs) }
        refine(columns, target)
        isRefined = true
        continue
      }
      isRefined = false
      let column = UnsafeBufferPointer(rebasing: columns[entering * m..<(entering + 1) * m])
      guard let leaving = leavingRow(column, m) else { return nil }
      pivot(leaving, entering, m)
    }
    return nil
  }

  /// Moves the last optimum to another composition, where the same phases still mix to it.
  ///
  /// An optimal basis stays dual feasible whatever the target: it is optimal wherever its amounts are
  /// not negative.
  /// - Returns: the optimum, or nil, leaving everything as it was, where other phases are needed.
  /// - Complexity: O(m²) for m elements.
  mutating func move(to target: UnsafeBufferPointer<Double>, costs: UnsafeBufferPointer<Double>) -> Double? {
    let m = target.count
    guard basis.count == m, m > 0 else { return nil }
    for i in 0..<m {
      var sum = 0.0
      for k in 0..<m { sum += inverse[i * m + k] * target[k] }
      guard sum >= -HullSimplex.tieTolerance else { return nil }
      direction[i] = max(0, sum)
    }
    swap(&weights, &direction)
    return objective(costs)
  }

  private mutating func begin(_ target: UnsafeBufferPointer<Double>) {
    let m = target.count
    basis = Array(0..<m)
    weights = Array(target)
    prices = Array(repeating: 0, count: m)
    direction = Array(repeating: 0, count: m)
    inverse = Array(repeating: 0, count: m * m)
    for i in 0..<m { inverse[i * m + i] = 1 }
    pivots = 0
  }

  /// prices = c_B · B⁻¹.
  private mutating func price(_ costs: UnsafeBufferPointer<Double>, _ m: Int) {
    for k in 0..<m { prices[k] = 0 }
    for i in 0..<m {
      let cost = costs[basis[i]]
      if cost == 0 { continue }
      for k in 0..<m { prices[k] += cost * inverse[i * m + k] }
    }
  }

  /// The column that gains most per atom, the first of equals; -1 when none gains.
  private func cheapest(
    _ columns: UnsafeBufferPointer<Double>, _ costs: UnsafeBufferPointer<Double>,
    _ m: Int, _ n: Int, _ skipped: Int
  ) -> Int {
    prices.withUnsafeBufferPointer { y in
      var best = -HullSimplex.costTolerance
      var entering = -1
      for j in 0..<n {
        var gain = costs[j]
        let start = j * m
        for k in 0..<m { gain -= y[k] * columns[start + k] }
        if gain < best, j != skipped {
          best = gain
          entering = j
        }
      }
      return entering
    }
  }

  /// The lexicographically smallest row of (w, B⁻¹) / direction over positive directions.
  private mutating func leavingRow(_ column: UnsafeBufferPointer<Double>, _ m: Int) -> Int? {
    for i in 0..<m {
      var sum = 0.0
      for k in 0..<m { sum += inverse[i * m + k] * column[k] }
      direction[i] = sum
    }
    var best: Int?
    for i in 0..<m where direction[i] > HullSimplex.pivotTolerance {
      guard let current = best else {
        best = i
        continue
      }
      if precedes(i, current, m) { best = i }
    }
    return best
  }

  private func precedes(_ i: Int, _ j: Int, _ m: Int) -> Bool {
    let first = weights[i] / direction[i]
    let second = weights[j] / direction[j]
    if abs(first - second) > HullSimplex.tieTolerance { return first < second }
    for k in 0..<m {
      let first = inverse[i * m + k] / direction[i]
      let second = inverse[j * m + k] / direction[j]
      if abs(first - second) > HullSimplex.tieTolerance * max(1, abs(first)) { return first < second }
    }
    return false
  }

  private mutating func pivot(_ row: Int, _ entering: Int, _ m: Int) {
    let scale = 1 / direction[row]
    weights[row] = max(0, weights[row] * scale)
    for k in 0..<m { inverse[row * m + k] *= scale }
    for i in 0..<m where i != row && direction[i] != 0 {
      let factor = direction[i]
      weights[i] = max(0, weights[i] - factor * weights[row])
      for k in 0..<m { inverse[i * m + k] -= factor * inverse[row * m + k] }
    }
    basis[row] = entering
    pivots += 1
  }

  /// Inverts the basis afresh by Gauss–Jordan with row pivoting, and recomputes the weights.
  private mutating func refine(
    _ columns: UnsafeBufferPointer<Double>, _ target: UnsafeBufferPointer<Double>
  ) {
    let m = target.count
    var left = [Double](repeating: 0, count: m * m)
    var right = [Double](repeating: 0, count: m * m)
    for i in 0..<m {
      right[i * m + i] = 1
      for k in 0..<m { left[k * m + i] = columns[basis[i] * m + k] }
    }
    for c in 0..<m {
      var p = c
      for r in c..<m where abs(left[r * m + c]) > abs(left[p * m + c]) { p = r }
      let value = left[p * m + c]
      // A basis that rounding made singular: keep the updated inverse, which is not.
      if abs(value) < 1e-13 { return }
      if p != c {
        for k in 0..<m {
          left.swapAt(p * m + k, c * m + k)
          right.swapAt(p * m + k, c * m + k)
        }
      }
      for k in 0..<m {
        left[c * m + k] /= value
        right[c * m + k] /= value
      }
      for r in 0..<m where r != c && left[r * m + c] != 0 {
        let factor = left[r * m + c]
        for k in 0..<m {
          left[r * m + k] -= factor * left[c * m + k]
          right[r * m + k] -= factor * right[c * m + k]
        }
      }
    }
    inverse = right
    for i in 0..<m {
      var sum = 0.0
      for k in 0..<m { sum += inverse[i * m + k] * target[k] }
      weights[i] = max(0, sum)
    }
  }

  private func objective(_ costs: UnsafeBufferPointer<Double>) -> Double {
    var sum = 0.0
    for (column, weight) in zip(basis, weights) { sum += costs[column] * weight }
    return sum
  }
}
