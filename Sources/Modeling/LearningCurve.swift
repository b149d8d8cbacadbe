import LinearAlgebra
import Regression

/// How errors on unseen groups fall as more groups are measured: what more data would bring.
///
/// The folds are those of a validation. In each, models are trained on growing shares of the groups of
/// the training part, every share holding the smaller ones, and predict the same held-out rows.
public struct LearningCurve: Sendable {
  public struct Point: Sendable {
    /// Share of the training groups.
    public let share: Double
    /// Mean number of rows trained on.
    public let rows: Double
    /// Mean absolute error on held-out measured rows; nil where every row is censored.
    public let meanAbsoluteError: Double?
    /// 95% confidence interval of it, from drawing whole groups again; nil below two groups.
    public let errorInterval: ClosedRange<Double>?
  }

  public let points: [Point]
  /// The kind of model that was trained.
  public let kind: ModelKind

  /// - Parameters:
  ///   - data: what models are trained and scored on.
  ///   - options: an automatic choice is represented by extra trees, its quickest flexible candidate.
  ///   - count: number of folds, at least 2, at most the number of groups.
  ///   - shares: of the training groups, ascending, in (0, 1].
  ///   - progress: called after each training with the number done and the number of all.
  /// - Throws: `ModelingError`; but a share with too little to train on is left out.
  /// - Complexity: `folds` trainings for each share.
  public init(
    of data: Measurements, options: ModelingOptions, folds count: Int = 5, shares: [Double] = [0.125, 0.25, 0.5, 0.75, 1],
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelingError) {
    var options = options
    if options.model == .auto { options.model = .extraTrees }
    kind = options.model
    let splits: GroupedFolds
    do {
      splits = try GroupedFolds(groups: data.groups, count: count, seed: options.seed)
    } catch {
      throw .folds(error)
    }
    let orders = (0..<splits.count).map { Self.rowsByGroup(splits.trainingRows($0), data.groups, seed: options.seed + UInt64($0)) }
    let bootstrap = GroupBootstrap(groups: data.groups, seed: options.seed)
    var points: [Point] = []
    shares: for (k, share) in shares.enumerated() {
      var errors: [Double] = []
      var rows: [Int] = []
      var trained = 0
      for (fold, heldOut) in splits.heldOut.enumerated() {
        let groups = orders[fold].prefix(max(2, Int((share * Double(orders[fold].count)).rounded(.up))))
        // Rows in their order, so that the whole share is the training part of the validation.
        let training = groups.flatMap { $0 }.sorted()
        trained += training.count
        let model: PropertyModel
        do {
          model = try PropertyModel(training: data.selecting(training), options: options)
        } catch {
          if share < 1 { continue shares }
          throw error
        }
        let prediction = try model.predict(heldOut.map { data.rows[$0].sample })
        for (i, row) in heldOut.enumerated() where data.rows[row].censoring == .none {
          errors.append(abs(prediction.mean[i] - data.rows[row].target))
          rows.append(row)
        }
        progress(k * splits.count + fold + 1, shares.count * splits.count)
      }
      points.append(
        Point(
          share: share, rows: Double(trained) / Double(splits.count),
          meanAbsoluteError: errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count),
          errorInterval: bootstrap.meanInterval(of: errors, at: rows)))
    }
    self.points = points
  }

  /// The rows of each group, groups in a random order.
  private static func rowsByGroup(_ rows: [Int], _ groups: [Int], seed: UInt64) -> [[Int]] {
    var members: [[Int]] = []
    var number: [Int: Int] = [:]
    for row in rows {
      if let known = number[groups[row]] {
        members[known].append(row)
      } else {
        number[groups[row]] = members.count
        members.append([row])
      }
    }
    var generator = SeededGenerator(seed: seed)
    return generator.permutation(members.count).map { members[$0] }
  }
}
