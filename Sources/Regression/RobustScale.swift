/// Spread that a few wild values do not move.
public enum RobustScale {
  /// The median of |value − median| times 1.4826, which for normal values is their standard deviation.
  ///
  /// 1.4826 is 1/Φ⁻¹(3/4); Rousseeuw and Croux (1993), doi 10.1080/01621459.1993.10476408. O(n log n).
  public static func medianDeviation(of values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let middle = BoostingLoss.quantile(values.sorted(), 0.5)
    return 1.4826 * BoostingLoss.quantile(values.map { abs($0 - middle) }.sorted(), 0.5)
  }
}
