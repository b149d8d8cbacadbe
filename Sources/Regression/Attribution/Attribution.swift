import LinearAlgebra

/// What families of features add to predicted means: for each row, a base and a part for each family.
///
/// base + Σ parts is the predicted mean.
public struct Attribution: Sendable, Equatable {
  /// The families.
  public private(set) var names: [String]
  /// One for each row, in units of the target.
  public private(set) var base: [Double]
  /// m × families, in units of the target.
  public private(set) var parts: Matrix

  /// - Precondition: a base for each row of `parts`, a name for each column.
  public init(names: [String], base: [Double], parts: Matrix) {
    precondition(parts.rows == base.count && parts.columns == names.count, "a base for each row, a name for each column")
    self.names = names
    self.base = base
    self.parts = parts
  }

  /// The means that it explains.
  public var means: [Double] { base.indices.map { row in parts.row(row).reduce(base[row], +) } }

  /// Every number of a row times its factor.
  public func scaled(by factors: [Double]) -> Attribution {
    var result = self
    for row in base.indices {
      result.base[row] *= factors[row]
      for column in names.indices { result.parts[row, column] *= factors[row] }
    }
    return result
  }

  /// What explains the sum of both means: parts of one name are added.
  public func adding(_ other: Attribution) -> Attribution {
    let missing = other.names.filter { !names.contains($0) }
    var sum = Attribution(
      names: names + missing, base: zip(base, other.base).map { $0 + $1 },
      parts: missing.isEmpty ? parts : parts.appendingColumns(Matrix(rows: base.count, columns: missing.count)))
    for (column, name) in other.names.enumerated() {
      guard let place = sum.names.firstIndex(of: name) else { continue }
      for row in base.indices { sum.parts[row, place] += other.parts[row, column] }
    }
    return sum
  }
}

/// Which features are explained together: one player of the game that Shapley values share out.
public struct FeatureFamilies: Sendable, Equatable {
  public let names: [String]
  /// For each feature, the place of its family.
  public let members: [Int]

  /// - Parameter families: the name of each feature's family.
  public init(_ families: [String]) {
    var names: [String] = []
    var place: [String: Int] = [:]
    members = families.map { name in
      if let known = place[name] { return known }
      place[name] = names.count
      names.append(name)
      return names.count - 1
    }
    self.names = names
  }

  /// The features of a family.
  public func features(of family: Int) -> [Int] { members.indices.filter { members[$0] == family } }
}

/// A model that can say exactly what families of features add to its means.
public protocol AttributableRegressor: FittedRegressor {
  /// - Parameters:
  ///   - features: m × d, the rows to explain.
  ///   - background: rows that stand for what is usual; a model may do without.
  ///   - families: of the d features.
  func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution
}

extension FittedRegressor {
  /// Shapley values of any model by sampling: families are given the row's values one after the other in
  /// random orders, and the mean changes add up. Exactly additive; the values carry sampling noise.
  ///
  /// Štrumbelj and Kononenko, J. Mach. Learn. Res. 11 (2010), with orders taken forwards and backwards.
  /// - Complexity: predictions of `orders` · 2 · families · background rows for each row.
  public func sampledAttribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies, orders: Int = 8, seed: UInt64 = 0
  ) throws(PredictionError) -> Attribution {
    try check(features)
    let (k, b, d) = (families.names.count, background.rows, features.columns)
    precondition(b > 0 && background.columns == d, "a background of the same columns")
    let base = try predict(background).mean.reduce(0, +) / Double(b)
    var parts = Matrix(rows: features.rows, columns: k)
    let members = (0..<k).map(families.features)
    for row in 0..<features.rows {
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<orders {
        let forwards = generator.permutation(k)
        for order in [forwards, forwards.reversed()] {
          // Stage s: the first s families of the order have the row's values.
          var stages = Matrix(rows: (k + 1) * b, columns: d)
          var current = background
          for stage in 0...k {
            if stage > 0 {
              for feature in members[order[stage - 1]] {
                for i in 0..<b { current[i, feature] = features[row, feature] }
              }
            }
            stages.elements.replaceSubrange(stage * b * d..<(stage + 1) * b * d, with: current.elements)
          }
          let means = try predict(stages).mean
          let levels = (0...k).map { stage in means[stage * b..<(stage + 1) * b].reduce(0, +) / Double(b) }
          for stage in 1...max(1, k) where k > 0 {
            parts[row, order[stage - 1]] += (levels[stage] - levels[stage - 1]) / Double(2 * orders)
          }
        }
      }
    }
    return Attribution(names: families.names, base: [Double](repeating: base, count: features.rows), parts: parts)
  }
}
