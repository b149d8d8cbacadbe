import Foundation

/// How well probabilities of a yes agree with what came out, such as stable or not.
public struct ClassificationMetrics: Sendable, Equatable, Codable {
  /// Rows, and how many of them are a yes.
  public let count: Int
  public let positives: Int
  /// Share of rows on the side that the probability says, one half being a yes.
  public let accuracy: Double
  /// Of those said to be a yes, the share that is; nil where none is said to be.
  public let precision: Double?
  /// Of those that are a yes, the share that was said; nil where none is.
  public let recall: Double?
  /// 2·precision·recall/(precision + recall); nil where either is.
  public let f1: Double?
  /// The probability that a yes is given a higher probability than a no; nil where one class is empty.
  public let auc: Double?
  /// Mean squared difference of probability and outcome.
  public let brier: Double
  /// Mean negative log probability of the outcome, in nats, probabilities kept within 1e-6 of 0 and 1.
  public let logLoss: Double
  /// Mean |probability − share of yes| over bins, weighted by their rows.
  public let calibrationError: Double
  /// Tenths of the unit interval that hold rows, ascending.
  public let reliability: [Bin]

  /// Rows of like probability.
  public struct Bin: Sendable, Equatable, Codable {
    public let rows: Int
    public let meanProbability: Double
    public let share: Double
  }

  /// - Precondition: at least one row, and a label for each probability.
  public init(probabilities p: [Double], labels: [Bool]) {
    precondition(!p.isEmpty && p.count == labels.count, "a label for each probability")
    let n = Double(p.count)
    count = p.count
    positives = labels.count { $0 }
    let said = p.map { $0 >= 0.5 }
    let hits = zip(said, labels).count { $0 && $1 }
    let saidYes = said.count { $0 }
    accuracy = Double(zip(said, labels).count { $0 == $1 }) / n
    precision = saidYes > 0 ? Double(hits) / Double(saidYes) : nil
    recall = positives > 0 ? Double(hits) / Double(positives) : nil
    f1 = saidYes + positives > 0 && saidYes > 0 && positives > 0 ? 2 * Double(hits) / Double(saidYes + positives) : nil
    brier = zip(p, labels).reduce(0) { $0 + pow($1.0 - ($1.1 ? 1 : 0), 2) } / n
    logLoss = zip(p, labels).reduce(0) { sum, pair in
      let kept = min(max(pair.0, 1e-6), 1 - 1e-6)
      return sum - log(pair.1 ? kept : 1 - kept)
    } / n
    let negatives = count - positives
    if positives > 0, negatives > 0 {
      // Mann and Whitney's statistic, ties by mean ranks.
      let ranks = RankCorrelation.ranks(p)
      let sum = zip(ranks, labels).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
      auc = (sum - Double(positives * (positives + 1)) / 2) / Double(positives * negatives)
    } else {
      auc = nil
    }
    var bins = [(rows: Int, sum: Double, yes: Int)](repeating: (0, 0, 0), count: 10)
    for (probability, label) in zip(p, labels) {
      let bin = min(9, max(0, Int(probability * 10)))
      bins[bin].rows += 1
      bins[bin].sum += probability
      bins[bin].yes += label ? 1 : 0
    }
    reliability = bins.filter { $0.rows > 0 }.map {
      Bin(rows: $0.rows, meanProbability: $0.sum / Double($0.rows), share: Double($0.yes) / Double($0.rows))
    }
    calibrationError = reliability.reduce(0) { $0 + Double($1.rows) * abs($1.meanProbability - $1.share) } / n
  }
}
