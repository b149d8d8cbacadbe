/// The rules by which a campaign can choose what to measure next.
public enum AcquisitionKind: String, Sendable, Codable, CaseIterable {
  /// Logarithm of the expected improvement: the default.
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

  /// Whether the value needs joint posteriors of many candidates.
  public var needsJointPosterior: Bool {
    switch self {
    case .thompson, .knowledgeGradient, .maxValueEntropy, .information, .topShare: true
    default: false
    }
  }
}
