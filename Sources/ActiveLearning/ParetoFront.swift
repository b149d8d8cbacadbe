/// Sorting by several objectives at once, all of them to be maximised.
public enum ParetoFront {
  /// Whether `a` is at least as good as `b` everywhere and better somewhere.
  public static func dominates(_ a: [Double], _ b: [Double]) -> Bool {
    precondition(a.count == b.count, "points of \(a.count) and \(b.count) objectives")
    return zip(a, b).allSatisfy(>=) && zip(a, b).contains { $0 > $1 }
  }

  /// The front of each point: 1 for points that no other dominates, 2 for those that only points
  /// of front 1 dominate, and so on (fast non-dominated sort).
  ///
  /// Deb, Pratap, Agarwal and Meyarivan, IEEE Trans. Evol. Comput. 6 (2002),
  /// doi 10.1109/4235.996017.
  /// - Complexity: O(n²·m) for n points of m objectives; O(n·log n) for one objective.
  public static func fronts(_ points: [[Double]]) -> [Int] {
    let n = points.count
    guard n > 0 else { return [] }
    if points[0].count == 1 {
      let levels = Set(points.map { $0[0] }).sorted(by: >)
      let front = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0 + 1) })
      return points.map { front[$0[0]] ?? 0 }
    }
    var dominated = [[Int]](repeating: [], count: n)
    var dominators = [Int](repeating: 0, count: n)
    for i in 0..<n {
      for j in (i + 1)..<max(n, i + 1) {
        if dominates(points[i], points[j]) {
          dominated[i].append(j)
          dominators[j] += 1
        } else if dominates(points[j], points[i]) {
          dominated[j].append(i)
          dominators[i] += 1
        }
      }
    }
    var result = [Int](repeating: 0, count: n)
    var current = (0..<n).filter { dominators[$0] == 0 }
    var front = 1
    while !current.isEmpty {
      var next: [Int] = []
      for i in current {
        result[i] = front
        for j in dominated[i] {
          dominators[j] -= 1
          if dominators[j] == 0 { next.append(j) }
        }
      }
      current = next
      front += 1
    }
    return result
  }
}
