import LinearAlgebra

extension TrainingSet {
  /// The same rows in an order that depends on their contents alone, by target and then by the
  /// features in turn.
  ///
  /// A model that draws rows at random learns from this order, so that the order in which rows
  /// come from a file does not matter. Only rows equal in every number are interchangeable.
  /// O(n log n) comparisons.
  package func canonicallyOrdered() -> TrainingSet {
    let d = featureCount
    let noise = noiseVariances
    let order = features.elements.withUnsafeBufferPointer { x in
      (0..<count).sorted { a, b in
        if targets[a] != targets[b] { return targets[a] < targets[b] }
        for j in 0..<d where x[a * d + j] != x[b * d + j] { return x[a * d + j] < x[b * d + j] }
        if censoring[a] != censoring[b] { return censoring[a].rawValue < censoring[b].rawValue }
        if let noise, noise[a] != noise[b] { return noise[a] < noise[b] }
        return a < b
      }
    }
    return selecting(order)
  }
}
