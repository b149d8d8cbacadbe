import ActiveLearning

extension PoolCoverage {
  /// Distance at which members of a pool no longer stand for each other; their mean distance is 1.
  static let resemblanceScale = 0.2

  /// At most `limit` positions of a pool, spread evenly: a coverage of more takes too long.
  static func members(of count: Int, limit: Int) -> [Int] {
    let kept = min(limit, count)
    return (0..<kept).map { $0 * count / kept }
  }

  /// Of the points of a pool, when these are known.
  init(of pool: Points, known: Points?) {
    self.init(
      distances: pool.distances(to: pool), known: known?.distances(to: pool), scale: Self.resemblanceScale)
  }
}
