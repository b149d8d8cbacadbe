import Chemistry
import Foundation
import LinearAlgebra
import Regression

/// Networks of several designs, on the same chemical systems held out: what each part of the model is worth.
///
/// One tenth of the chemical systems is held out and never seen. Every design trains on the rest, for as many epochs as
/// a number of seconds affords, and an ensemble for those of its members together.
public struct NetworkStudy {
  public struct Line: Sendable, Codable {
    public let part: String
    public let name: String
    public let trainingRows: Int
    public let epochs: Int
    public let seconds: Double
    public let meanAbsoluteError: Double
    public let negativeLogPredictiveDensity: Double
    public let coverage: Double
  }

  /// Errors of one measure of doubt, after the same calibration, by distance from what is known.
  public struct DoubtLine: Sendable, Codable {
    public let doubt: String
    /// Of the nearest known composition, in steps of the Mendeleev scale; nil for all rows.
    public let from: Double?
    public let to: Double?
    public let rows: Int
    public let meanAbsoluteError: Double
    public let negativeLogPredictiveDensity: Double
    public let coverage: Double
    public let width: Double
  }

  private let data: TrainingSet
  private let training: [Int]
  private let held: [Int]
  private let regressor: CompositionNetworkRegressor

  /// - Parameters:
  ///   - data: rows to train and to score on; the columns hold those of the descriptor set
  ///     `fractions`.
  ///   - regressor: seed, and whether targets are energies, are taken from it.
  /// - Throws: `FitError` where there are too few chemical systems.
  public init(on data: TrainingSet, regressor: CompositionNetworkRegressor) throws(FitError) {
    guard let columns = ElementColumns(names: data.featureNames) else {
      throw .invalidSetting("a composition network reads the descriptor set \"fractions\"; add it to the descriptors")
    }
    let groups = CompositionNetworkRegressor.groups(of: data, columns.compositions(of: data.features))
    let folds = try GroupedFolds.upTo(10, groups: groups, seed: regressor.seed &+ 1)
    (self.data, self.regressor) = (data, regressor)
    (training, held) = (folds.trainingRows(0), folds.heldOut[0])
  }

  public var trainingCount: Int { training.count }
  public var heldCount: Int { held.count }

  /// Trains one model and scores it on the systems held out.
  ///
  /// - Parameters:
  ///   - part: the comparison that the line belongs to; copied to it.
  ///   - name: what the model is called in that comparison; copied to the line.
  ///   - designs: one for each member of the ensemble; nil for the ensemble that is trained where nothing is asked.
  ///   - seconds: for all members together, on two cores.
  ///   - share: of the training rows, drawn by chemical system.
  /// - Throws: `FitError`.
  public func line(
    _ part: String, _ name: String, designs: [NetworkDesign]?, seconds: Double, share: Double = 1
  ) throws(FitError) -> Line {
    let rows = subset(share)
    let (model, epochs, time) = try fit(designs, rows: rows, seconds: seconds)
    let prediction = try predict(model)
    let metrics = RegressionMetrics(
      targets: held.map { data.targets[$0] }, censoring: held.map { data.censoring[$0] }, prediction: prediction)
    return Line(
      part: part, name: name, trainingRows: rows.count, epochs: epochs, seconds: time,
      meanAbsoluteError: metrics.meanAbsoluteError ?? .nan,
      negativeLogPredictiveDensity: metrics.negativeLogPredictiveDensity, coverage: metrics.coverage ?? .nan)
  }

  /// Rows of whole chemical systems, about a share of those trained on.
  private func subset(_ share: Double) -> [Int] {
    guard share < 1, let columns = ElementColumns(names: data.featureNames) else { return training }
    let groups = CompositionNetworkRegressor.groups(of: data, columns.compositions(of: data.features))
    var generator = SeededGenerator(seed: regressor.seed &+ 2)
    let all = Set(groups).sorted()
    let kept = Set(generator.permutation(all.count).prefix(Int(share * Double(all.count))).map { all[$0] })
    return training.filter { kept.contains(groups[$0]) }
  }

  private func fit(
    _ designs: [NetworkDesign]?, rows: [Int], seconds: Double
  ) throws(FitError) -> (CompositionNetworkModel, epochs: Int, seconds: Double) {
    let training = data.selecting(rows)
    var one = regressor
    if let designs {
      let rate = designs.reduce(0) { $0 + CompositionNetworkRegressor.secondsPerRow($1) }
      one.designs = designs
      one.epochs = CompositionNetworkRegressor.epochs(in: seconds, secondsPerRow: rate, rows: rows.count, within: 3...200)
    } else {
      one = regressor.affording(seconds: seconds, for: training)
    }
    let start = ContinuousClock.now
    let model = try one.fit(training) { _ in true }
    return (model, one.epochs ?? 0, (ContinuousClock.now - start) / .seconds(1))
  }

  private func predict(_ model: CompositionNetworkModel) throws(FitError) -> Prediction {
    do {
      return try model.predict(data.features.selectingRows(held))
    } catch {
      throw .numericalFailure("the network could not predict held-out rows: \(error)")
    }
  }

  // MARK: Doubt

  /// An ensemble, and four measures of its doubt: the scales that the networks predict, their disagreement, both, and
  /// the scale with the variance of a Bayesian linear layer in place of the first network's last one.
  ///
  /// Each is calibrated on half of the held-out chemical systems and scored on the other, and the other way round.
  public func doubts(designs: [NetworkDesign], seconds: Double, level: Double = 0.9) throws(FitError) -> [DoubtLine] {
    let (model, _, _) = try fit(designs, rows: training, seconds: seconds)
    let features = data.features.selectingRows(held)
    let outputs = model.outputs(features)
    let mixed = model.mixture.combine(outputs)
    let targets = held.map { data.targets[$0] }
    let groups = CompositionNetworkRegressor.groups(of: data, model.columns.compositions(of: data.features))
    let halves = try GroupedFolds.upTo(2, groups: held.map { groups[$0] }, seed: regressor.seed)
    var spread = [Double](repeating: 0, count: held.count)
    var scales = spread
    let shares = model.mixture.shares
    for i in held.indices {
      for (m, output) in outputs.enumerated() {
        let gap = output.means[i] - mixed.means[i]
        spread[i] += shares[m] * gap * gap
        scales[i] += shares[m] * 2 * output.scales[i] * output.scales[i]
      }
    }
    let layer = try lastLayerVariances(model)
    var measures = [("scale", scales)]
    if outputs.count > 1 { measures += [("spread", spread), ("scale + spread", zip(scales, spread).map(+))] }
    measures += [
      ("Bayesian layer", layer), ("scale + Bayesian layer", zip(scales, layer).map(+)),
      ("scale + spread + layer", held.indices.map { scales[$0] + spread[$0] + layer[$0] }), ("constant", scales.map { _ in 1 }),
    ]
    let compositions = model.columns.compositions(of: features)
    let distances = model.memory?.nearest(to: compositions, limit: 1).map { $0.first?.distance ?? .infinity }
    let bounds = [0, 1, 3, 6, Double.infinity]
    return measures.flatMap { name, variances -> [DoubtLine] in
      var deviation = variances
      var (lower, upper) = (mixed.means, mixed.means)
      for fold in halves.heldOut.indices {
        let known = halves.trainingRows(fold)
        let calibration = ResidualCalibration(
          targets: known.map { targets[$0] }, censoring: known.map { data.censoring[held[$0]] },
          means: known.map { mixed.means[$0] }, variances: known.map { variances[$0] },
          smallest: leastDeviation(of: data.targets))
        let (below, above) = calibration.shape.centralQuantiles(level)
        for i in halves.heldOut[fold] {
          deviation[i] = calibration.standardDeviation(variances[i], mean: mixed.means[i])
          lower[i] += below * deviation[i]
          upper[i] += above * deviation[i]
        }
      }
      func line(_ from: Double?, _ to: Double?, _ rows: [Int]) -> DoubtLine? {
        guard !rows.isEmpty else { return nil }
        let m = RegressionMetrics(
          targets: rows.map { targets[$0] }, censoring: rows.map { data.censoring[held[$0]] },
          mean: rows.map { mixed.means[$0] }, standardDeviation: rows.map { deviation[$0] },
          lower: rows.map { lower[$0] }, upper: rows.map { upper[$0] }, level: level)
        return DoubtLine(
          doubt: name, from: from, to: to, rows: rows.count, meanAbsoluteError: m.meanAbsoluteError ?? .nan,
          negativeLogPredictiveDensity: m.negativeLogPredictiveDensity, coverage: m.coverage ?? .nan, width: m.meanWidth)
      }
      let strata = zip(bounds, bounds.dropFirst()).compactMap { from, to in
        line(from, to.isFinite ? to : nil, held.indices.filter { i in
          distances.map { $0[i] >= from && $0[i] < to } ?? false
        })
      }
      return [line(nil, nil, Array(held.indices))].compactMap { $0 } + strata
    }
  }

  /// Rows on which the Bayesian layer stands.
  private static let layerRows = 8000

  /// φᵀ·Λ⁻¹·φ of the held-out rows in units of the target, φ what the first network's last layer reads: the doubt in
  /// that layer's weights, Λ = 1 + Σ φφᵀ/2s² over training rows with their predicted scales s.
  private func lastLayerVariances(_ model: CompositionNetworkModel) throws(FitError) -> [Double] {
    let member = model.members[0]
    var generator = SeededGenerator(seed: regressor.seed &+ 3)
    let chosen = generator.permutation(training.count).prefix(Self.layerRows).map { training[$0] }
    func vectors(_ rows: [Int]) -> (Matrix, scales: [Double]) {
      let features = data.features.selectingRows(rows)
      let compositions = model.columns.compositions(of: features)
      let known = CompositionNetworkModel.description(model.description(of: compositions), for: member)
      let (input, priors) = NetworkMember.input(
        member.design, compositions, others: features.selectingColumns(model.columns.others), known, member.standardizer)
      let all = Array(rows.indices)
      let raw = member.network.lastVectors(input, rows: all, weights: member.weights)
      let width = member.network.shape.headWidth
      return (
        Matrix(rows: rows.count, columns: width, elements: raw.map(Double.init)),
        member.output(input, priors, rows: all).scales
      )
    }
    var (phi, scales) = vectors(chosen)
    for i in chosen.indices {
      // On the scale of the network, as the prior of the weights is.
      let factor = member.scale / (2.0.squareRoot() * scales[i])
      for j in 0..<phi.columns { phi[i, j] *= factor }
    }
    var precision = phi.multiplied(by: phi, transposingSelf: true)
    for j in 0..<precision.rows { precision[j, j] += 1 }
    let factor: Cholesky
    do { factor = try Cholesky(of: precision) } catch { throw .numericalFailure("\(error)") }
    let (asked, _) = vectors(held)
    return (0..<asked.rows).map { row in
      let z = factor.solveLower(Array(asked.row(row)))
      return member.scale * member.scale * z.reduce(0) { $0 + $1 * $1 }
    }
  }
}
