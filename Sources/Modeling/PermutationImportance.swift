import Foundation
import LinearAlgebra
import Regression

/// How much worse held-out predictions become when the columns of a descriptor family are exchanged among rows.
///
/// Breiman's permutation importance (Mach. Learn. 45 (2001), doi 10.1023/A:1010933404324), on rows of groups that the
/// model had not seen. Families that carry the same information share their importance.
public struct PermutationImportance: Sendable {
  public struct Line: Sendable, Codable, Equatable {
    public let family: String
    /// How many columns.
    public let columns: Int
    /// The rise of the mean absolute error of measured rows, in units of the target, over folds and repeats.
    public let increase: Double
    /// Its standard error over folds.
    public let standardError: Double
  }

  /// Most important first.
  public let lines: [Line]

  /// - Parameters:
  ///   - data: what models are trained and scored on.
  ///   - options: the model, and the seed of folds and exchanges.
  ///   - count: number of folds, at least 2, at most the number of groups.
  ///   - repeats: exchanges of each family in each fold.
  ///   - progress: called after each fold with the number done and the number of all.
  /// - Throws: `ModelingError`.
  /// - Complexity: `folds` trainings, and families · `repeats` predictions of each row.
  public init(
    of data: Measurements, options: ModelingOptions, folds count: Int = 5, repeats: Int = 3,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelingError) {
    let splits: GroupedFolds
    do { splits = try GroupedFolds(groups: data.groups, count: count, seed: options.seed) } catch { throw .folds(error) }
    var rises: [String: [Double]] = [:]
    var columns: [String: Int] = [:]
    for (fold, heldOut) in splits.heldOut.enumerated() {
      let measured = heldOut.filter { data.rows[$0].censoring == .none }
      guard !measured.isEmpty else { continue }
      let model = try PropertyModel(training: data.selecting(splits.trainingRows(fold)), options: options)
      let families = model.features.families
      let x = model.features.matrix(for: measured.map { data.rows[$0].sample })
      let targets = measured.map { data.rows[$0].target }
      func error(_ rows: Matrix) throws(ModelingError) -> Double {
        do {
          let mean = try model.regressor.predict(rows).mean
          return zip(mean, targets).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(targets.count)
        } catch {
          throw .prediction(error)
        }
      }
      let plain = try error(x)
      var generator = SeededGenerator(seed: options.seed).stream(fold + 1)
      for (family, name) in families.names.enumerated() {
        let members = families.features(of: family)
        columns[name] = members.count
        var sum = 0.0
        for _ in 0..<repeats {
          let order = generator.permutation(x.rows)
          var exchanged = x
          for column in members { for row in 0..<x.rows { exchanged[row, column] = x[order[row], column] } }
          sum += try error(exchanged) - plain
        }
        rises[name, default: []].append(sum / Double(repeats))
      }
      progress(fold + 1, splits.count)
    }
    lines = rises.map { family, values in
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n - 1)
      return Line(
        family: family, columns: columns[family] ?? 0, increase: mean, standardError: (variance / n).squareRoot())
    }.sorted { (-$0.increase, $0.family) < (-$1.increase, $1.family) }
  }
}
