/// The rules by which a campaign can choose what to measure next.
public enum AcquisitionKind: String, Sendable, Codable, CaseIterable {
  /// The default: `coverage` until `coveredCount` are measured, `probability` from then on.
  ///
  /// A surrogate of a few measurements does not know where the pool is good, and goes for the best corner of what it
  /// has seen; some twenty that stand for the pool show it all corners.
  case search
  /// Stands for as many as possible that nothing measured resembles (`PoolCoverage`).
  case coverage = "cover"
  /// Logarithm of the expected improvement.
  case expectedImprovement = "ei"
  /// Probability of improvement.
  case probability = "pi"
  /// Mean plus two deviations.
  case upperBound = "ucb"
  /// The largest of one pathwise sample.
  case thompson
  /// What one measurement adds to the mean of the final choice.
  case knowledgeGradient = "kg"
  /// What one measurement tells about the largest value.
  case maxValueEntropy = "mes"
  /// What one measurement tells about all others.
  case information
  /// Probability of being among the best few of the pool: finds many, not one.
  case topShare = "top-share"
  /// The mean alone.
  case greedy = "mean"
  /// Expected gain of hypervolume; for several objectives.
  case hypervolume = "ehvi"
  /// Farthest from everything measured.
  case spaceFilling = "space-filling"
  /// Any.
  case random

  /// Measured candidates from which on `search` trusts the surrogate.
  public static let coveredCount = 20

  /// The rule that holds once so many candidates are measured.
  func rule(measured: Int) -> AcquisitionKind {
    guard self == .search else { return self }
    return measured < Self.coveredCount ? .coverage : .probability
  }

  /// Whether the value needs the candidates together: joint posteriors, or what they resemble.
  public var needsJointPosterior: Bool {
    switch self {
    case .coverage, .thompson, .knowledgeGradient, .maxValueEntropy, .information, .topShare: true
    default: false
    }
  }
}
