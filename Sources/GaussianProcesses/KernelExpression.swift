import Foundation
import LinearAlgebra

/// A kernel built by expression from the others: one `Codable` value, whatever is in it.
///
///     let kernel: KernelExpression = .matern(.matern52) + 0.5 * .linear()
///     let law: KernelExpression = .arrhenius(composition: .matern(.matern52), columns: 0..<132, inverseTemperature: 132)
///
/// Sums and products of covariances are covariances, and so is a covariance of selected columns or one
/// scaled by a positive number (Rasmussen and Williams 2006, section 4.2.4).
public indirect enum KernelExpression: Kernel, Hashable, Codable {
  case stationary(StationaryKernel)
  case rationalQuadratic(RationalQuadraticKernel)
  case linear(LinearKernel)
  case polynomial(PolynomialKernel)
  case periodic(PeriodicKernel)
  case constant(ConstantKernel)
  case white(WhiteKernel)
  case fractions(FractionKernel)
  case elementSimilarity(ElementSimilarityKernel)
  case sum(KernelExpression, KernelExpression)
  case product(KernelExpression, KernelExpression)
  /// The kernel of these columns alone.
  case columns([Int], KernelExpression)

  public static func + (a: KernelExpression, b: KernelExpression) -> KernelExpression { .sum(a, b) }
  public static func * (a: KernelExpression, b: KernelExpression) -> KernelExpression { .product(a, b) }
  /// Scales by a variance that is learned from this value.
  public static func * (variance: Double, b: KernelExpression) -> KernelExpression {
    .product(.constant(ConstantKernel(variance: variance)), b)
  }

  public static func rbf(lengthscales: [Double] = [1]) -> KernelExpression {
    .stationary(StationaryKernel(.rbf, lengthscales: lengthscales))
  }
  public static func matern(_ profile: StationaryKernel.Profile, lengthscales: [Double] = [1]) -> KernelExpression {
    .stationary(StationaryKernel(profile, lengthscales: lengthscales))
  }
  public static func linear(lengthscales: [Double] = [1]) -> KernelExpression {
    .linear(LinearKernel(lengthscales: lengthscales))
  }
  public static func constant(_ variance: Double = 1) -> KernelExpression {
    .constant(ConstantKernel(variance: variance))
  }
  public static func white(_ variance: Double) -> KernelExpression { .white(WhiteKernel(variance: variance)) }

  /// Targets that follow log σ = A(c) − B(c)/T, with A and B unknown functions of the composition:
  /// k(c, c′)·(v + τ·τ′/ℓ²), τ the (standardised) inverse temperature.
  ///
  /// - Parameters:
  ///   - composition: the kernel of the columns that describe the composition.
  ///   - columns: those columns.
  ///   - inverseTemperature: the column of 1/T.
  public static func arrhenius(
    composition: KernelExpression, columns: [Int], inverseTemperature: Int
  ) -> KernelExpression {
    .columns(columns, composition) * (.constant() + .columns([inverseTemperature], .linear()))
  }

  /// The same kernel of only some columns.
  public func selecting(columns: [Int]) -> KernelExpression { .columns(columns, self) }

  /// The same kernel with a lengthscale for each column it sees, of rows with `columns` columns.
  public func withARD(columns: Int) -> KernelExpression {
    func spread(_ lengthscales: [Double]) -> [Double] {
      lengthscales.count == 1 ? [Double](repeating: lengthscales[0], count: max(1, columns)) : lengthscales
    }
    switch self {
    case .stationary(var kernel):
      kernel.lengthscales = spread(kernel.lengthscales)
      return .stationary(kernel)
    case .rationalQuadratic(var kernel):
      kernel.lengthscales = spread(kernel.lengthscales)
      return .rationalQuadratic(kernel)
    case .linear(var kernel):
      kernel.lengthscales = spread(kernel.lengthscales)
      return .linear(kernel)
    case .polynomial(var kernel):
      kernel.lengthscales = spread(kernel.lengthscales)
      return .polynomial(kernel)
    case .periodic(var kernel):
      kernel.lengthscales = spread(kernel.lengthscales)
      return .periodic(kernel)
    case .fractions(var kernel):
      kernel.lengthscales = spread(kernel.lengthscales)
      return .fractions(kernel)
    case .constant, .white, .elementSimilarity: return self
    case .sum(let a, let b): return .sum(a.withARD(columns: columns), b.withARD(columns: columns))
    case .product(let a, let b): return .product(a.withARD(columns: columns), b.withARD(columns: columns))
    case .columns(let indices, let kernel): return .columns(indices, kernel.withARD(columns: indices.count))
    }
  }

  /// The single stationary kernel that this is, if it is one.
  var stationary: StationaryKernel? {
    if case .stationary(let kernel) = self { return kernel }
    return nil
  }

  /// Whether columns are named by position, so that none may be dropped.
  var selectsColumns: Bool {
    switch self {
    case .columns, .elementSimilarity: true
    case .sum(let a, let b), .product(let a, let b): a.selectsColumns || b.selectsColumns
    default: false
    }
  }

  /// Whether it compares fractions, which standardisation would destroy.
  var needsRawInputs: Bool {
    switch self {
    case .fractions, .elementSimilarity: true
    case .sum(let a, let b), .product(let a, let b): a.needsRawInputs || b.needsRawInputs
    case .columns(_, let kernel): kernel.needsRawInputs
    default: false
    }
  }

  /// Whether every lengthscale and column it names belongs to one of `columns` columns.
  func fits(columns: Int) -> Bool {
    func fit(_ lengthscales: [Double]) -> Bool { lengthscales.count == 1 || lengthscales.count == columns }
    switch self {
    case .stationary(let kernel): return fit(kernel.lengthscales)
    case .rationalQuadratic(let kernel): return fit(kernel.lengthscales)
    case .linear(let kernel): return fit(kernel.lengthscales)
    case .polynomial(let kernel): return fit(kernel.lengthscales)
    case .periodic(let kernel): return fit(kernel.lengthscales)
    case .fractions(let kernel): return fit(kernel.lengthscales)
    case .elementSimilarity(let kernel): return kernel.scale.count == columns
    case .constant, .white: return true
    case .sum(let a, let b), .product(let a, let b): return a.fits(columns: columns) && b.fits(columns: columns)
    case .columns(let indices, let kernel):
      return indices.allSatisfy { (0..<columns).contains($0) } && kernel.fits(columns: indices.count)
    }
  }

  /// The kernel at a leaf.
  private var leaf: (any Kernel)? {
    switch self {
    case .stationary(let kernel): kernel
    case .rationalQuadratic(let kernel): kernel
    case .linear(let kernel): kernel
    case .polynomial(let kernel): kernel
    case .periodic(let kernel): kernel
    case .constant(let kernel): kernel
    case .white(let kernel): kernel
    case .fractions(let kernel): kernel
    case .elementSimilarity(let kernel): kernel
    case .sum, .product, .columns: nil
    }
  }

  // MARK: Kernel

  public var logParameters: [Double] {
    get {
      switch self {
      case .sum(let a, let b), .product(let a, let b): a.logParameters + b.logParameters
      case .columns(_, let kernel): kernel.logParameters
      default: leaf?.logParameters ?? []
      }
    }
    set {
      func with<K: Kernel>(_ kernel: K) -> K {
        var kernel = kernel
        kernel.logParameters = newValue
        return kernel
      }
      func split(_ a: KernelExpression, _ b: KernelExpression) -> (KernelExpression, KernelExpression) {
        var (a, b) = (a, b)
        let count = a.logParameters.count
        a.logParameters = Array(newValue.prefix(count))
        b.logParameters = Array(newValue.dropFirst(count))
        return (a, b)
      }
      switch self {
      case .stationary(let kernel): self = .stationary(with(kernel))
      case .rationalQuadratic(let kernel): self = .rationalQuadratic(with(kernel))
      case .linear(let kernel): self = .linear(with(kernel))
      case .polynomial(let kernel): self = .polynomial(with(kernel))
      case .periodic(let kernel): self = .periodic(with(kernel))
      case .constant(let kernel): self = .constant(with(kernel))
      case .white(let kernel): self = .white(with(kernel))
      case .fractions(let kernel): self = .fractions(with(kernel))
      case .elementSimilarity(let kernel): self = .elementSimilarity(with(kernel))
      case .columns(let indices, let kernel): self = .columns(indices, with(kernel))
      case .sum(let a, let b):
        let (a, b) = split(a, b)
        self = .sum(a, b)
      case .product(let a, let b):
        let (a, b) = split(a, b)
        self = .product(a, b)
      }
    }
  }

  public var parameterNames: [String] {
    switch self {
    case .sum(let a, let b), .product(let a, let b):
      a.parameterNames.map { "left.\($0)" } + b.parameterNames.map { "right.\($0)" }
    case .columns(_, let kernel): kernel.parameterNames
    default: leaf?.parameterNames ?? []
    }
  }

  public var parameterRoles: [KernelParameterRole] {
    switch self {
    case .sum(let a, let b), .product(let a, let b): a.parameterRoles + b.parameterRoles
    case .columns(_, let kernel): kernel.parameterRoles
    default: leaf?.parameterRoles ?? []
    }
  }

  public func matrix(_ x: Matrix, _ z: Matrix) -> Matrix {
    switch self {
    case .sum(let a, let b): a.matrix(x, z).combined(with: b.matrix(x, z)) { $0 + $1 }
    case .product(let a, let b): a.matrix(x, z).combined(with: b.matrix(x, z)) { $0 * $1 }
    case .columns(let indices, let kernel): kernel.matrix(x.selectingColumns(indices), z.selectingColumns(indices))
    default: leaf?.matrix(x, z) ?? Matrix(rows: x.rows, columns: z.rows)
    }
  }

  public func matrix(_ x: Matrix) -> Matrix {
    switch self {
    case .sum(let a, let b): a.matrix(x).combined(with: b.matrix(x)) { $0 + $1 }
    case .product(let a, let b): a.matrix(x).combined(with: b.matrix(x)) { $0 * $1 }
    case .columns(let indices, let kernel): kernel.matrix(x.selectingColumns(indices))
    default: leaf?.matrix(x) ?? Matrix(rows: x.rows, columns: x.rows)
    }
  }

  public func diagonal(_ x: Matrix) -> [Double] {
    switch self {
    case .sum(let a, let b): zip(a.diagonal(x), b.diagonal(x)).map { $0 + $1 }
    case .product(let a, let b): zip(a.diagonal(x), b.diagonal(x)).map { $0 * $1 }
    case .columns(let indices, let kernel): kernel.diagonal(x.selectingColumns(indices))
    default: leaf?.diagonal(x) ?? []
    }
  }

  /// A factor of a product is differentiated with the weights multiplied by the other factor.
  public func gradient(weights: Matrix, at x: Matrix, covariance: Matrix) -> [Double] {
    switch self {
    case .sum(let a, let b):
      let left = a.matrix(x)
      let right = covariance.combined(with: left) { $0 - $1 }
      return a.gradient(weights: weights, at: x, covariance: left)
        + b.gradient(weights: weights, at: x, covariance: right)
    case .product(let a, let b):
      let (left, right) = (a.matrix(x), b.matrix(x))
      return a.gradient(weights: weights.combined(with: right) { $0 * $1 }, at: x, covariance: left)
        + b.gradient(weights: weights.combined(with: left) { $0 * $1 }, at: x, covariance: right)
    case .columns(let indices, let kernel):
      return kernel.gradient(weights: weights, at: x.selectingColumns(indices), covariance: covariance)
    default: return leaf?.gradient(weights: weights, at: x, covariance: covariance) ?? []
    }
  }

  public func inputGradient(at z: [Double], _ x: Matrix, weights: [Double]) -> [Double] {
    switch self {
    case .sum(let a, let b):
      return zip(
        a.inputGradient(at: z, x, weights: weights), b.inputGradient(at: z, x, weights: weights)
      ).map { $0 + $1 }
    case .product(let a, let b):
      let row = Matrix(rows: 1, columns: z.count, elements: z)
      let byA = zip(weights, b.matrix(row, x).elements).map { $0 * $1 }
      let byB = zip(weights, a.matrix(row, x).elements).map { $0 * $1 }
      return zip(a.inputGradient(at: z, x, weights: byA), b.inputGradient(at: z, x, weights: byB)).map { $0 + $1 }
    case .columns(let indices, let kernel):
      let inner = kernel.inputGradient(at: indices.map { z[$0] }, x.selectingColumns(indices), weights: weights)
      return Self.scattered(inner, to: indices, of: z.count)
    default: return leaf?.inputGradient(at: z, x, weights: weights) ?? []
    }
  }

  public func diagonalGradient(at z: [Double]) -> [Double] {
    switch self {
    case .sum(let a, let b): return zip(a.diagonalGradient(at: z), b.diagonalGradient(at: z)).map { $0 + $1 }
    case .product(let a, let b):
      let row = Matrix(rows: 1, columns: z.count, elements: z)
      let (left, right) = (a.diagonal(row)[0], b.diagonal(row)[0])
      return zip(a.diagonalGradient(at: z), b.diagonalGradient(at: z)).map { $0 * right + left * $1 }
    case .columns(let indices, let kernel):
      return Self.scattered(kernel.diagonalGradient(at: indices.map { z[$0] }), to: indices, of: z.count)
    default: return leaf?.diagonalGradient(at: z) ?? []
    }
  }

  public func randomFeatures(count: Int, columns: Int, _ generator: inout SeededGenerator) -> RandomFeatures? {
    switch self {
    case .sum(let a, let b):
      guard let left = a.randomFeatures(count: count, columns: columns, &generator),
        let right = b.randomFeatures(count: count, columns: columns, &generator)
      else { return nil }
      return left.joined(right)
    case .product(.constant(let constant), let kernel), .product(let kernel, .constant(let constant)):
      return kernel.randomFeatures(count: count, columns: columns, &generator)?
        .scaled(by: constant.variance.squareRoot())
    case .product: return nil
    case .columns(let indices, let kernel):
      return kernel.randomFeatures(count: count, columns: indices.count, &generator)?
        .embedded(in: columns, at: indices)
    default: return leaf?.randomFeatures(count: count, columns: columns, &generator)
    }
  }

  private static func scattered(_ values: [Double], to indices: [Int], of count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for (value, index) in zip(values, indices) { result[index] += value }
    return result
  }
}

extension Matrix {
  /// Element by element. O(rows·columns).
  func combined(with other: Matrix, _ operation: (Double, Double) -> Double) -> Matrix {
    var result = self
    result.elements.withUnsafeMutableBufferPointer { a in
      other.elements.withUnsafeBufferPointer { b in
        for i in a.indices { a[i] = operation(a[i], b[i]) }
      }
    }
    return result
  }
}
