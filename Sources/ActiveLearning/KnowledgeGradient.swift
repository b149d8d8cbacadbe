import Foundation
import Regression

/// What one more measurement adds, in expectation, to the mean of the candidate that would be
/// chosen afterwards.
///
/// A measurement of x moves the means of the pool along one direction, μⱼ + σ̃ⱼ·Z with Z standard
/// normal and σ̃ⱼ = cov(fⱼ, y)/sd(y). The gain E[maxⱼ(μⱼ + σ̃ⱼ·Z)] − maxⱼ μⱼ is exact on a discrete
/// pool: the maximum of lines is their upper envelope.
///
/// Frazier, Powell and Dayanik, "A knowledge-gradient policy for sequential information
/// collection", SIAM J. Control Optim. (2008).
public enum KnowledgeGradient {
  /// - Parameters:
  ///   - means: μ of the pool that the final choice is made from.
  ///   - slopes: σ̃, one for each mean.
  /// - Returns: the expected gain, never negative, in units of the target.
  /// - Complexity: O(m·log m).
  public static func value(means: [Double], slopes: [Double]) -> Double {
    precondition(means.count == slopes.count, "\(slopes.count) slopes for \(means.count) means")
    let order = means.indices.sorted { (slopes[$0], means[$0]) < (slopes[$1], means[$1]) }
    // Lines of the upper envelope, and where each takes over from the one before.
    var envelope: [Int] = []
    var crossings: [Double] = []
    for line in order {
      if let last = envelope.last, slopes[last] == slopes[line] {
        // Of parallel lines the higher counts, and it comes later in the order.
        envelope.removeLast()
        if !crossings.isEmpty { crossings.removeLast() }
      }
      while let last = envelope.last {
        let crossing = (means[last] - means[line]) / (slopes[line] - slopes[last])
        if let previous = crossings.last, crossing <= previous {
          envelope.removeLast()
          crossings.removeLast()
        } else {
          crossings.append(crossing)
          break
        }
      }
      envelope.append(line)
    }
    var sum = 0.0
    for (place, crossing) in crossings.enumerated() {
      let rise = slopes[envelope[place + 1]] - slopes[envelope[place]]
      sum += rise * exp(Acquisition.logImprovement(-abs(crossing)))
    }
    return sum
  }
}
