import Chemistry
import Foundation
import LinearAlgebra
import Regression

/// A table of known answers, of which a simulated campaign sees only what it has measured.
public struct SimulatedPool: Sendable {
  public let names: [String]
  public let compositions: [Composition]
  /// Larger is better; for a censored row, the bound.
  public let targets: [Double]
  public let censoring: [Censoring]
  /// Rows that are to be found: the best `topFraction`, by falling target, ties by position.
  public let top: [Int]
  public let topFraction: Double
  /// Rows that a start may hold: all below the best tenth.
  public let startRows: [Int]

  public var count: Int { targets.count }

  /// - Parameters:
  ///   - names: the formula of each row, as written.
  ///   - compositions: one for each row.
  ///   - targets: larger is better; for a censored row, the bound.
  ///   - censoring: one for each row.
  ///   - topFraction: the share of best rows that are to be found, in (0, 1); at least one row.
  ///   - startExclusion: the share of best rows that no start may hold.
  public init(
    names: [String], compositions: [Composition], targets: [Double], censoring: [Censoring], topFraction: Double = 0.05,
    startExclusion: Double = 0.1
  ) {
    self.names = names
    self.compositions = compositions
    self.targets = targets
    self.censoring = censoring
    self.topFraction = topFraction
    let order = targets.indices.sorted { (targets[$0], $1) > (targets[$1], $0) }
    let n = Double(targets.count)
    top = Array(order.prefix(max(1, Int((topFraction * n).rounded(.up)))))
    startRows = order.dropFirst(Int((startExclusion * n).rounded(.up))).sorted()
  }

  /// The rows measured before a campaign with this seed begins, ascending.
  public func start(count: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed).stream(0)
    return generator.permutation(startRows.count).prefix(count).map { startRows[$0] }.sorted()
  }
}
