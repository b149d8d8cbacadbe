import Chemistry
import Foundation
import Modeling
import Regression
import Tables

extension SimulatedPool {
  /// Reads a labelled table; bad rows become diagnostics.
  ///
  /// - Parameters:
  ///   - table: labelled rows; a target such as `<1e-10` is a bound.
  ///   - target: the column of the answers.
  ///   - log10: whether log10 of the target counts.
  ///   - formulaColumn: the column of the compositions.
  ///   - isMinimised: whether small values are sought; targets are then negated.
  ///   - topFraction: the share of best rows that are to be found, in (0, 1).
  ///   - startCount: rows that campaigns will start from; with fewer to start from, or too few
  ///     beyond these and the best, the pool is refused.
  /// - Throws: `TableError`; `CampaignError.tooFewRows`.
  public static func read(
    _ table: Table, target: String, log10: Bool, formulaColumn: String = "formula", isMinimised: Bool = false,
    topFraction: Double = 0.05, startCount: Int = 10
  ) throws -> (pool: SimulatedPool, diagnostics: [Diagnostic]) {
    let options = ModelingOptions(target: target, log10: log10, formulaColumn: formulaColumn)
    let data = try Measurements(table, options: options)
    let sign = isMinimised ? -1.0 : 1.0
    let pool = SimulatedPool(
      names: data.rows.map(\.sample.formula), compositions: data.rows.map(\.sample.composition),
      targets: data.rows.map { sign * $0.target },
      censoring: data.rows.map { row in
        guard isMinimised, row.censoring != .none else { return row.censoring }
        return row.censoring == .left ? .right : .left
      }, topFraction: topFraction)
    guard pool.startRows.count >= startCount, pool.count > startCount + pool.top.count else {
      throw CampaignError.tooFewRows(needed: startCount + pool.top.count + 1, found: pool.count)
    }
    return (pool, data.diagnostics)
  }
}
