import Chemistry
import Modeling
import Regression
import Stability

/// What became of predicted probabilities of lying near the hull, and what is to be made of new ones.
///
/// Materials that are reported at all crowd just above the hull: a distribution of errors that holds on
/// average puts too few of them within 50 meV/atom. Rows that the model has not seen show how far off
/// it is, threshold by threshold.
public struct HullCalibration: Sendable, Codable, Hashable {
  public struct Threshold: Sendable, Codable, Hashable {
    /// eV/atom above the hull.
    public let limit: Double
    /// Mean of the probabilities as predicted.
    public let meanPredicted: Double
    /// Share of the rows that do lie within the limit.
    public let observed: Double
    /// From a probability as predicted to a calibrated one.
    public let map: IsotonicRegression
  }

  public let rows: Int
  public let thresholds: [Threshold]

  /// Fewer rows say too little.
  public static let leastRows = 100

  /// - Parameters:
  ///   - predicted: for each row the probabilities of `HullProbability.thresholds`.
  ///   - distances: how far each row lies above the hull of all others, eV/atom.
  /// - Returns: nil with fewer than `leastRows`.
  public init?(predicted: [[Double]], distances: [Double]) {
    guard predicted.count >= Self.leastRows, predicted.count == distances.count else { return nil }
    rows = predicted.count
    thresholds = HullProbability.thresholds.enumerated().map { k, limit in
      let probabilities = predicted.map { $0[k] }
      let outcomes = distances.map { $0 <= limit + 1e-9 ? 1.0 : 0.0 }
      return Threshold(
        limit: limit, meanPredicted: probabilities.reduce(0, +) / Double(predicted.count),
        observed: outcomes.reduce(0, +) / Double(predicted.count),
        map: IsotonicRegression(probabilities, outcomes, prior: 1))
    }
  }

  /// Calibrated probabilities, which never fall from one threshold to the next.
  public func callAsFunction(_ probabilities: [Double]) -> [Double] {
    var highest = 0.0
    return zip(probabilities, thresholds).map { probability, threshold in
      highest = max(highest, threshold.map(probability))
      return highest
    }
  }
}

extension HullJob {
  /// Learns from phases that the model was not trained on, at most `limit` of them, spread evenly over
  /// the table; those of the same composition in the diagram are left out of it.
  ///
  /// - Returns: nil with fewer than `HullCalibration.leastRows`.
  /// - Throws: `ModelingError`, and `StabilityError` in its text.
  public func calibration(on heldOut: [Phase], limit: Int = 3000) throws -> HullCalibration? {
    guard let model else { return nil }
    let step = max(1, (heldOut.count + limit - 1) / limit)
    let asked = Array(stride(from: 0, to: heldOut.count, by: step))
    let unseen = try PhaseDiagram(heldOut)
    let others = diagram.phases.filter { unseen.phase(at: $0.composition) == nil || $0.composition.entries.count == 1 }
    let known = try PhaseDiagram(others)
    // All held-out phases are there in truth, whether or not they are asked about.
    let all = try PhaseDiagram(others + heldOut)
    let prediction = try model.predict(heldOut.map { Sample(formula: $0.name, composition: $0.composition) })
    let candidates = heldOut.indices.map {
      UncertainPhase(
        heldOut[$0].composition, mean: prediction.mean[$0], standardDeviation: prediction.standardDeviation[$0])
    }
    let answers = known.hullProbabilities(
      of: candidates, asking: asked, correlation: correlation,
      shape: prediction.shape.errorShape, draws: draws, seed: seed)
    let hulls = all.hullEnergiesExcludingSelf(at: asked.map { heldOut[$0].composition })
    var predicted: [[Double]] = []
    var distances: [Double] = []
    for (place, (answer, hull)) in zip(asked, zip(answers, hulls)) {
      guard case .success(let probability) = answer, case .success(let energy) = hull else { continue }
      predicted.append(probability.probabilities)
      distances.append(heldOut[place].formationEnergy - energy)
    }
    return HullCalibration(predicted: predicted, distances: distances)
  }
}
