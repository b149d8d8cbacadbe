import Foundation
import LinearAlgebra

/// Linear least squares with a penalty on the squared weights, chosen by exact leave-one-out.
///
/// Minimises ‖y − b − X·w‖² + λ‖w‖² over standardised features (`Standardizer`). One
/// eigendecomposition serves every λ of the grid. The λ kept has the least mean squared error on
/// groups left out, computed exactly without refitting from the hat matrix H: the errors of a
/// group G are (I − H_GG)⁻¹ (y − ŷ)_G. For rows that are their own group this is the ordinary
/// leave-one-out, eᵢ/(1 − Hᵢᵢ). With a single group, rows are left out one at a time.
///
/// A censored row is used as if it had been measured at its bound, which pulls predictions towards
/// the bound; a model that knows censoring should be preferred when there are many such rows.
/// Known noise variances are not used. Fewer rows than features, and constant columns, are fine.
public struct RidgeRegressor: Regressor, Hashable, Codable {
  /// Candidates for λ, positive.
  public var penalties: [Double]

  /// 10⁻³ to 10⁷ in quarter decades: from next to none to next to the mean alone.
  public static let defaultPenalties = (0...40).map { pow(10, -3 + Double($0) / 4) }

  public init(penalties: [Double] = Self.defaultPenalties) { self.penalties = penalties }

  /// - Throws: `FitError.tooFewRows` below two rows, `.invalidSetting` for a penalty that is not
  ///   positive, `.numericalFailure` when the eigendecomposition does not converge.
  /// - Complexity: O(n·d·min(n, d)), and O(n·g²) for each λ with groups of g rows.
  public func fit(_ data: TrainingSet) throws(FitError) -> RidgeModel {
    guard !penalties.isEmpty, penalties.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw .invalidSetting("ridge regression needs penalties that are finite and above 0")
    }
    guard data.count >= 2 else { throw .tooFewRows(needed: 2, found: data.count) }
    let standardizer = Standardizer(of: data.features)
    let spectrum = try LinearSpectrum(standardizer.standardize(data.features))
    let intercept = Standardizer.moments(of: data.targets).mean
    let centred = data.targets.map { $0 - intercept }
    let leaveOut = RidgeLeaveOut(spectrum: spectrum, targets: centred, groups: data.groups)

    var best: (penalty: Double, result: RidgeLeaveOut.Result)?
    var errors: [Double] = []
    for penalty in penalties {
      let result = leaveOut.evaluate(penalty: penalty)
      errors.append(result.meanSquaredError)
      if result.meanSquaredError < best?.result.meanSquaredError ?? .infinity {
        best = (penalty, result)
      }
    }
    guard let (penalty, result) = best else {
      throw .numericalFailure("no penalty left the leave-one-out errors finite; raise the penalties")
    }
    // Exactly linear targets leave residuals of rounding only; certainty is never claimed.
    let floor = 1e-9 * (data.targets.map { abs($0) }.max() ?? 0)
    return RidgeModel(
      standardizer: standardizer, directions: spectrum.directions,
      shrinkage: spectrum.values.map { 1 / ($0 + penalty) },
      weights: spectrum.weights(penalty: penalty, targets: centred), intercept: intercept,
      penalty: penalty, noiseVariance: max(result.noiseVariance, floor * floor),
      leaveOutErrors: errors, rowCount: data.count)
  }
}
