import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// Gaussian-process regression for many rows, through m inducing points: O(n·m²) time, O(m²) memory.
///
/// Titsias's variational posterior with the optimal distribution of the inducing values, which for
/// normal noise has a closed form (the limit that natural gradients would reach in one step):
/// A = L⁻¹K_mn, B = I + AAᵀ/σₙ². Source: Titsias, AISTATS 2009, PMLR 5:567–574.
///
/// Hyperparameters come from the exact likelihood of a random subset; the noise then maximises the
/// bound over all rows. `InducingPointProcess.evidence` brackets log p(y | x) on both sides.
public struct InducingPointRegressor: Regressor, Hashable, Codable {
  /// Settings of the exact process that is fitted to the subset.
  public var exact: GaussianProcessRegressor
  /// m; all rows where there are fewer.
  public var inducingPoints: Int
  /// Rows of the subset that hyperparameters are learned from.
  public var subsetRows: Int
  public var seed: UInt64

  public init(
    exact: GaussianProcessRegressor = GaussianProcessRegressor(starts: 1), inducingPoints: Int = 2000,
    subsetRows: Int = 2000, seed: UInt64 = 0
  ) {
    self.exact = exact
    self.inducingPoints = inducingPoints
    self.subsetRows = subsetRows
    self.seed = seed
  }

  /// Rows whose covariances with the inducing points are held at a time.
  static let blockSize = 2048

  /// A censored row counts as measured at its bound; known noise of rows is not used.
  ///
  /// - Throws: `FitError`.
  /// - Complexity: 2·n·m² + n·m·d operations beside the subset's fit.
  public func fit(_ original: TrainingSet) throws(FitError) -> InducingPointProcess {
    guard inducingPoints >= 1, subsetRows >= 2 else {
      throw .invalidSetting("at least one inducing point and two rows for the hyperparameters are needed")
    }
    let data = original.canonicallyOrdered()
    do {
      return try NystromFeatures(self, data, keepingRows: false).process(noise: nil)
    } catch let error as FitError {
      throw error
    } catch {
      throw .numericalFailure("the inducing points cannot be factored: \(error); use fewer of them")
    }
  }
}

/// Bounds of the log marginal likelihood as functions of the noise, O(m) each.
struct EvidenceBracket {
  let count: Int
  /// Eigenvalues of AAᵀ, and A·y in their basis.
  let spectrum: [Double]
  let projected: [Double]
  let squaredTargets: Double
  /// tr K.
  let priorTrace: Double

  /// Lower: Titsias (2009), equation 9. Upper: Titsias, "Variational inference for Gaussian and
  /// determinantal point processes" (2014), with t = tr(K − Q).
  func bracket(noise: Double) -> (lower: Double, upper: Double) {
    let n = Double(count)
    let residue = max(0, priorTrace - spectrum.reduce(0, +))
    func density(_ inner: Double) -> Double {
      var fitted = 0.0
      var logs = (n - Double(spectrum.count)) * log(noise)
      for (s, u) in zip(spectrum, projected) {
        fitted += u * u / (inner + s)
        logs += log(noise + s)
      }
      return -0.5 * n * log(2 * .pi) - 0.5 * logs - 0.5 * (squaredTargets - fitted) / inner
    }
    return (density(noise) - 0.5 * residue / noise, density(noise + residue))
  }

  /// The noise of the largest lower bound, by golden section on its logarithm.
  func bestNoise(from guess: Double) -> Double {
    var (low, high) = (log(guess) - 4, log(guess) + 4)
    let ratio = (5.0.squareRoot() - 1) / 2
    for _ in 0..<60 {
      let (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
      if bracket(noise: exp(a)).lower < bracket(noise: exp(b)).lower { low = a } else { high = b }
    }
    return exp(0.5 * (low + high))
  }
}
