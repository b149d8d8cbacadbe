import LinearAlgebra
import Regression

/// One simulated campaign: measure, learn, choose, until enough is found.
struct ClosedLoop: Sendable {
  let pool: SimulatedPool
  let points: Points
  let kind: AcquisitionKind
  let startCount: Int
  /// Stops when so many of the top rows are found, but not before `minimum` experiments.
  let goal: Int
  let minimum: Int
  let limit: Int

  /// The hyperparameters are fitted anew when this share of rows has come in since the last time.
  static let refitGrowth = 0.05

  /// The rows in the order measured, without the start.
  func run(seed: UInt64) -> [Int] {
    var measured = pool.start(count: startCount, seed: seed)
    var isMeasured = [Bool](repeating: false, count: pool.count)
    for row in measured { isMeasured[row] = true }
    var isTop = [Bool](repeating: false, count: pool.count)
    for row in pool.top { isTop[row] = true }
    var found = measured.count { isTop[$0] }
    var order: [Int] = []
    if kind == .random {
      var generator = SeededGenerator(seed: seed).stream(1)
      for row in generator.permutation(pool.count) where !isMeasured[row] {
        if order.count >= limit || (found >= goal && order.count >= minimum) { break }
        order.append(row)
        if isTop[row] { found += 1 }
      }
      return order
    }
    var process: LaplaceProcess?
    var fittedCount = 0
    while order.count < min(limit, pool.count - startCount), found < goal || order.count < minimum {
      let refits = Double(measured.count) >= Double(fittedCount) * (1 + Self.refitGrowth)
      if process == nil || refits {
        process = fit(measured, from: process?.hyperparameters)
        fittedCount = measured.count
      }
      guard let current = process else { break }
      let open = isMeasured.indices.filter { !isMeasured[$0] }
      let best = measured.filter { pool.censoring[$0] != .left }.map { pool.targets[$0] }.max()
        ?? measured.map { pool.targets[$0] }.max() ?? 0
      let scorer = PoolScorer(process: current, best: best, seed: seed &+ UInt64(order.count))
      let values = scorer.scores(kind, of: points.selecting(open)).values
      var winner = 0
      for j in values.indices where values[j] > values[winner] { winner = j }
      let row = open[winner]
      order.append(row)
      measured.append(row)
      isMeasured[row] = true
      if isTop[row] { found += 1 }
      if pool.censoring[row] == .none {
        process?.append(points.selecting([row]), target: pool.targets[row])
      } else {
        // A bound needs its stand-in, which needs the whole posterior; the hyperparameters stay.
        process = refresh(measured, keeping: current)
      }
    }
    return order
  }

  private func fit(_ rows: [Int], from start: LaplaceProcess.Hyperparameters?) -> LaplaceProcess? {
    try? LaplaceProcess(
      fitting: points.selecting(rows), targets: rows.map { pool.targets[$0] },
      censoring: rows.map { pool.censoring[$0] }, from: start ?? .init())
  }

  private func refresh(_ rows: [Int], keeping process: LaplaceProcess) -> LaplaceProcess? {
    try? LaplaceProcess(
      points: points.selecting(rows), targets: rows.map { pool.targets[$0] },
      censoring: rows.map { pool.censoring[$0] }, hyperparameters: process.hyperparameters,
      targetMean: process.targetMean, targetSpread: process.targetSpread)
  }
}
