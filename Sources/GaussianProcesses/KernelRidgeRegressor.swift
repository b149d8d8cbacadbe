import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// Kernel ridge regression: the function f = Σ αⱼ·k(·, xⱼ) of least squared error plus λ·αᵀKα.
///
/// Columns are standardised. Profile, lengthscale and λ are those of the least mean squared error on groups left out,
/// computed exactly without refitting: with C = K + λI and α = C⁻¹(y − ȳ), the errors of a group G are
/// ([C⁻¹]_GG)⁻¹·α_G. One eigendecomposition of K serves every λ. With a single group, rows are left out one at a time.
///
/// A censored row is used as if measured at its bound; known noise variances are not used.
public struct KernelRidgeRegressor: Regressor, Hashable, Codable {
  /// The kernels that compete, of unit variance.
  public var profiles: [StationaryKernel.Profile]
  /// Lengthscales that compete, in units of √d.
  public var lengthscales: [Double]
  /// λ that compete, in units of the kernel's variance, which is 1.
  public var penalties: [Double]

  public init(
    profiles: [StationaryKernel.Profile] = [.matern12, .matern52, .rbf], lengthscales: [Double] = [0.25, 0.5, 1, 2, 4],
    penalties: [Double] = (0...12).map { pow(10, -4 + Double($0) / 2) }
  ) {
    self.profiles = profiles
    self.lengthscales = lengthscales
    self.penalties = penalties
  }

  /// All pairs of rows are held in memory.
  public static let rowLimit = 10_000

  /// - Throws: `FitError.invalidSetting`, also above `rowLimit` rows; `.tooFewRows` below two; `.numericalFailure`.
  /// - Complexity: O(n³) for each profile and lengthscale, and O(n²·g) for each λ with groups of g rows.
  public func fit(_ original: TrainingSet) throws(FitError) -> KernelRidgeModel {
    guard !profiles.isEmpty, (lengthscales + penalties).allSatisfy({ $0 > 0 && $0.isFinite }), !lengthscales.isEmpty,
      !penalties.isEmpty
    else { throw .invalidSetting("kernel ridge needs profiles, and lengthscales and penalties above 0") }
    guard original.count >= 2 else { throw .tooFewRows(needed: 2, found: original.count) }
    guard original.count <= Self.rowLimit else {
      throw .invalidSetting(
        "kernel-ridge holds all pairs of at most \(Self.rowLimit) rows; for \(original.count) use gp with --method inducing, or boosting")
    }
    let data = original.canonicallyOrdered()
    let inputs = ProcessInputs(data.features, standardizing: true, keepingAll: false)
    let x = inputs.transformed(data.features)
    let mean = Standardizer.moments(of: data.targets).mean
    let residuals = data.targets.map { $0 - mean }
    let members = GroupedFolds.leftOutTogether(data.groups)
    var best: (error: Double, kernel: StationaryKernel, penalty: Double)?
    for profile in profiles {
      for factor in lengthscales {
        let kernel = StationaryKernel(profile, lengthscales: [factor * Double(max(1, x.columns)).squareRoot()])
        let spectrum: SymmetricEigen
        do throws(EigenError) { spectrum = try SymmetricEigen(of: kernel.matrix(x)) } catch {
          throw .numericalFailure("the eigendecomposition of the kernel did not converge; look for enormous values")
        }
        let along = spectrum.vectors.multiplied(by: residuals)
        for penalty in penalties {
          let error = Self.leaveOutError(spectrum, along: along, groups: members, penalty: penalty)
          if error < best?.error ?? .infinity { best = (error, kernel, penalty) }
        }
      }
    }
    guard let best else { throw .numericalFailure("no penalty left the leave-out errors finite; raise the penalties") }
    return try KernelRidgeModel(
      kernel: best.kernel, penalty: best.penalty, x: x, residuals: residuals, inputs: inputs, mean: mean,
      errorVariance: max(best.error, pow(leastDeviation(of: data.targets), 2)))
  }

  /// Mean squared error of rows without their group; infinite where that is not determined.
  private static func leaveOutError(
    _ spectrum: SymmetricEigen, along: [Double], groups: [[Int]], penalty: Double
  ) -> Double {
    let n = along.count
    let shrinkage = spectrum.values.map { 1 / (max(0, $0) + penalty) }
    let alpha = spectrum.vectors.multiplied(by: zip(along, shrinkage).map { $0 * $1 }, transposingSelf: true)
    var sum = 0.0
    for group in groups {
      let g = group.count
      // [C⁻¹]_GG from the eigenvectors' entries at the group's rows.
      var block = Matrix(rows: g, columns: g)
      for k in 0..<n {
        for a in 0..<g {
          let scaled = shrinkage[k] * spectrum.vectors[k, group[a]]
          for b in 0...a { block[a, b] += scaled * spectrum.vectors[k, group[b]] }
        }
      }
      block.mirrorLowerTriangle()
      guard let factor = try? Cholesky(of: block) else { return .infinity }
      for error in factor.solve(group.map { alpha[$0] }) { sum += error * error }
    }
    return sum / Double(n)
  }
}

/// What `KernelRidgeRegressor` learned.
public struct KernelRidgeModel: FittedRegressor {
  public static let kind = "kernel-ridge"

  public let kernel: StationaryKernel
  /// λ.
  public let penalty: Double
  /// Mean squared error on groups left out.
  public let errorVariance: Double
  let inputs: ProcessInputs
  private let mean: Double
  private let posterior: Posterior<StationaryKernel>

  public var featureCount: Int { inputs.featureCount }

  init(
    kernel: StationaryKernel, penalty: Double, x: Matrix, residuals: [Double], inputs: ProcessInputs, mean: Double,
    errorVariance: Double
  ) throws(FitError) {
    self.kernel = kernel
    self.penalty = penalty
    self.inputs = inputs
    self.mean = mean
    self.errorVariance = errorVariance
    do {
      posterior = try Posterior(
        kernel: kernel, x: x, targets: residuals, noise: [Double](repeating: penalty, count: residuals.count))
    } catch {
      throw .numericalFailure("\(error)")
    }
  }

  /// The function, and the deviation √(error · (1 + r)/(1 + r̄)), where r is the part of k(x, x) that the training rows
  /// do not explain and r̄ the most there can be: errors are those of groups left out, a little less near known rows.
  ///
  /// - Complexity: O(m·n·(d + n)).
  public func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let (function, unexplained) = posterior.meanAndVariance(at: inputs.transformed(features))
    return Prediction(
      mean: function.map { mean + $0 },
      standardDeviation: unexplained.map { (errorVariance * (1 + $0) / (1 + kernel.variance)).squareRoot() })
  }

  public func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("profile", text: kernel.profile.rawValue)
    archive.set("numbers", [kernel.lengthscales[0], penalty, errorVariance, mean])
    posterior.write(to: &archive)
    inputs.write(to: &archive)
    return archive
  }

  public init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    guard let profile = StationaryKernel.Profile(rawValue: try archive.text("profile")) else {
      throw .invalid("profile", reason: "is a kernel that this version lacks")
    }
    let numbers = try archive.finiteDoubles("numbers", shape: [4])
    guard numbers[0] > 0, numbers[1] > 0, numbers[2] > 0 else {
      throw .invalid("numbers", reason: "holds a scale that is not positive")
    }
    kernel = StationaryKernel(profile, lengthscales: [numbers[0]])
    (penalty, errorVariance, mean) = (numbers[1], numbers[2], numbers[3])
    let (n, d) = try archive.tableShape("x")
    inputs = try ProcessInputs(archive: archive, columns: d)
    posterior = try Posterior(from: archive, kernel: kernel, noise: [Double](repeating: penalty, count: n))
  }
}
