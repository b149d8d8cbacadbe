extension OxidationSolver {
  /// After `solve` with `whole`: the best assignments that differ in the mean charge of some element.
  ///
  /// Best-first search over the elements with the exact best completion as bound, so each step
  /// extends an assignment that will be among the answers. Equal scores: the smaller charges of the
  /// first elements first.
  ///
  /// - Returns: at most `limit`, best first; mean charges of the entries, scores per atom.
  /// - Complexity: the dynamic program once, then at most `limit` · elements · charges steps; allocates.
  func bestWhole(_ limit: Int, _ numbers: [Int]) -> [(charges: [Double], score: Double)] {
    var (target, fixed, atoms) = (0, 0.0, 0)
    var several: [(index: Int, sums: ChargeSums.Table)] = []
    var charges = [Double](repeating: 0, count: numbers.count)
    for (i, number) in numbers.enumerated() {
      atoms += whole[i]
      let own = usual.extents[number - 1]
      if own.count == 1 {
        charges[i] = Double(own.lowest)
        target -= own.lowest * whole[i]
        fixed += usual.vertices[usual.hull(number, .all).start].count * Double(whole[i])
      } else {
        several.append((i, sums.table(number, whole[i])))
      }
    }
    // completions[p][t]: best score of the elements from p on for the total lowest[p] + t.
    var completions: [[Int32]] = [[0]]
    var lowest = [0]
    for (_, own) in several.reversed() {
      let (old, from) = (completions[0], lowest[0])
      var new = [Int32](repeating: ChargeSums.unreachable, count: old.count + own.size - 1)
      for s in 0..<own.size where own.best[s] > ChargeSums.reachable {
        for t in old.indices where old[t] > ChargeSums.reachable { new[s + t] = max(new[s + t], own.best[s] + old[t]) }
      }
      completions.insert(new, at: 0)
      lowest.insert(from + own.lowest, at: 0)
    }
    struct Node {
      var sums: [Int]
      var rest: Int
      var score: Int32
      var bound: Int32
    }
    func completion(_ position: Int, _ total: Int) -> Int32 {
      let t = total - lowest[position]
      return completions[position].indices.contains(t) ? completions[position][t] : ChargeSums.unreachable
    }
    var open = [Node(sums: [], rest: target, score: 0, bound: completion(0, target))]
    var found: [(charges: [Double], score: Double)] = []
    while found.count < limit,
      let next = open.indices.max(by: { (open[$0].bound, open[$1].sums) < (open[$1].bound, open[$0].sums) })
    {
      let node = open.remove(at: next)
      guard node.bound > ChargeSums.reachable else { break }
      let position = node.sums.count
      if position == several.count {
        for (sum, item) in zip(node.sums, several) { charges[item.index] = Double(sum) / Double(whole[item.index]) }
        found.append((charges, (fixed + Double(node.score)) / Double(atoms)))
        continue
      }
      let own = several[position].sums
      for s in 0..<own.size where own.best[s] > ChargeSums.reachable {
        let sum = own.lowest + s
        let bound = completion(position + 1, node.rest - sum)
        guard bound > ChargeSums.reachable else { continue }
        let score = node.score + own.best[s]
        open.append(Node(sums: node.sums + [sum], rest: node.rest - sum, score: score, bound: score + bound))
      }
    }
    return found
  }
}

/// Lexicographic, for ties.
private func < (a: (Int32, [Int]), b: (Int32, [Int])) -> Bool {
  a.0 != b.0 ? a.0 < b.0 : a.1.lexicographicallyPrecedes(b.1)
}
