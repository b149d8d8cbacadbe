import CVectorMath
import Foundation
import LinearAlgebra

/// σ²·f(r), r² = Σₖ (xₖ − zₖ)²/ℓₖ²: a covariance that depends on the scaled distance alone.
///
/// With one lengthscale the kernel is isotropic; with one for each column (automatic relevance
/// determination) columns that do not matter can be stretched away.
///
/// Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), chapter 4.
public struct StationaryKernel: Kernel, Hashable, Codable {
  public enum Profile: String, Sendable, Codable, CaseIterable {
    /// exp(−r²/2)
    case rbf
    /// exp(−r)
    case matern12
    /// (1 + √3·r)·exp(−√3·r)
    case matern32
    /// (1 + √5·r + 5r²/3)·exp(−√5·r)
    case matern52

    /// The profile in the vector routines.
    var code: Int32 {
      switch self {
      case .rbf: Int32(SUPERIONIC_RBF)
      case .matern12: Int32(SUPERIONIC_MATERN12)
      case .matern32: Int32(SUPERIONIC_MATERN32)
      case .matern52: Int32(SUPERIONIC_MATERN52)
      }
    }
  }

  public let profile: Profile
  /// σ², the prior variance.
  public var variance: Double
  /// ℓ: one, or one for each column.
  public var lengthscales: [Double]

  public init(_ profile: Profile, variance: Double = 1, lengthscales: [Double]) {
    precondition(!lengthscales.isEmpty, "a stationary kernel has at least one lengthscale")
    self.profile = profile
    self.variance = variance
    self.lengthscales = lengthscales
  }

  public var logParameters: [Double] {
    get { [log(variance)] + lengthscales.map { log($0) } }
    set {
      variance = exp(newValue[0])
      lengthscales = newValue.dropFirst().map { exp($0) }
    }
  }

  public var parameterNames: [String] { ["variance"] + Lengthscales.names(lengthscales) }

  public var parameterRoles: [KernelParameterRole] { [.variance] + Lengthscales.roles(lengthscales) }

  public func diagonal(_ x: Matrix) -> [Double] { [Double](repeating: variance, count: x.rows) }

  /// - Complexity: n·m·d in tiles of `dgemm`, and n·m evaluations of the profile.
  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    ScaledRows(x, lengthscales).correlations(with: ScaledRows(z, lengthscales), profile, variance: variance)
  }

  /// - Complexity: half of `matrix(x, x)`.
  public func matrix(_ x: Matrix) -> Matrix {
    ScaledRows(x, lengthscales).symmetricCorrelations(profile, variance: variance)
  }

  /// The lengthscales come out of products of n²·d together: with H = weights·(−2·∂k/∂r²), the
  /// derivative by log ℓₖ is Σᵢⱼ Hᵢⱼ(aᵢₖ − aⱼₖ)² = 2·Σᵢ aᵢₖ²·(H·1)ᵢ − 2·Σᵢ aᵢₖ(H·a)ᵢₖ, a = x/ℓ.
  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    let a = ScaledRows(x, lengthscales)
    let byVariance = dot(weights.elements, covariance.elements)
    let (h, isotropic) = a.weightedSlopes(weights, profile, variance: variance)
    guard lengthscales.count > 1 else { return [byVariance, isotropic] }
    return [byVariance] + a.squaredDifferences(weightedBy: h)
  }

  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    let row = Matrix(rows: 1, columns: z.count, elements: z)
    let a = ScaledRows(row, lengthscales)
    let b = ScaledRows(x, lengthscales)
    var slopes = a.slopes(with: b, profile, variance: variance)
    for j in slopes.indices { slopes[j] *= weights[j] }
    // ∂k/∂zₖ = −slope·(zₖ − xₖ)/ℓₖ², slope = −2·∂k/∂r².
    let total = slopes.reduce(0, +)
    let pulled = b.values.multiplied(by: slopes, transposingSelf: true)
    return z.indices.map { k in
      let scale = lengthscales[lengthscales.count == 1 ? 0 : k]
      return (pulled[k] - total * a.values.elements[k]) / scale
    }
  }

  /// Frequencies drawn from the spectral density: normal for RBF, Student's t of 2ν degrees of
  /// freedom for Matérn. Source: Rahimi and Recht, "Random features for large-scale kernel
  /// machines", NIPS 2007; Rasmussen and Williams (2006), section 4.2.1.
  public func randomFeatures(count: Int, columns: Int, _ generator: inout SeededGenerator) -> RandomFeatures? {
    let degrees: Int? =
      switch profile {
      case .rbf: nil
      case .matern12: 1
      case .matern32: 3
      case .matern52: 5
      }
    var frequencies = Matrix(rows: count, columns: columns)
    for f in 0..<count {
      var stretch = 1.0
      if let degrees {
        var chi = 0.0
        for _ in 0..<degrees {
          let normal = generator.normal()
          chi += normal * normal
        }
        stretch = (Double(degrees) / chi).squareRoot()
      }
      for k in 0..<columns {
        frequencies[f, k] = generator.normal() * stretch / lengthscales[lengthscales.count == 1 ? 0 : k]
      }
    }
    let phases = (0..<count).map { _ in 2 * Double.pi * generator.uniform() }
    return RandomFeatures(
      frequencies: frequencies, phases: phases,
      amplitudes: [Double](repeating: (2 * variance / Double(count)).squareRoot(), count: count))
  }
}

/// Names and roles of lengthscales, one or one for each column.
enum Lengthscales {
  static func names(_ lengthscales: [Double]) -> [String] {
    lengthscales.count == 1 ? ["lengthscale"] : lengthscales.indices.map { "lengthscale[\($0)]" }
  }

  static func roles(_ lengthscales: [Double]) -> [KernelParameterRole] {
    lengthscales.map { _ in .lengthscale(columns: lengthscales.count) }
  }
}
