import Chemistry

extension PhaseDiagram {
  /// Pairs of stable phases that coexist: the edges of the hull of two or three elements.
  ///
  /// - Parameter stable: as `stablePhases` gives them.
  /// - Returns: pairs of positions in `stable`.
  /// - Throws: as `decomposition`. Complexity: a linear program for each pair.
  public func tieLines(between stable: [Phase]) throws(StabilityError) -> [(Int, Int)] {
    var evaluator = HullEvaluator(self)
    var lines: [(Int, Int)] = []
    for i in stable.indices {
      for j in stable.indices where j > i {
        let (a, b) = (stable[i].composition.normalized, stable[j].composition.normalized)
        let found = try evaluator.decomposition(of: a + b, excludingSelf: false)
        let names = found.products.map { CompositionKey($0.phase.composition) }
        let pair = [CompositionKey(a), CompositionKey(b)]
        if names.count == 2, names.allSatisfy(pair.contains) { lines.append((i, j)) }
      }
    }
    return lines
  }
}
