import Regression

/// The region that a set of points leaves undominated, cut into boxes.
///
/// All objectives are maximised; the reference point bounds the region from below. The volume that
/// a new point z adds is Σ over boxes of Πⱼ (min(uⱼ, zⱼ) − lⱼ)⁺, which makes expectations over
/// independent normals exact (Yang, Emmerich, Deutz et al., J. Glob. Optim. 75, 3–34 (2019); Daulton,
/// Balandat and Bakshy, NeurIPS 2020).
public struct UndominatedBoxes: Sendable {
  public let objectives: Int
  public let reference: [Double]
  /// The bounds of all boxes: `objectives` lower ones, then as many upper ones, box after box. Upper
  /// bounds may be infinite.
  private let bounds: [Double]

  public var count: Int { bounds.count / (2 * objectives) }

  /// - Parameters:
  ///   - points: those already held, of one length; points not above the reference add nothing.
  ///   - reference: the least value of each objective that counts.
  /// - Complexity: O(n^(m − 1)) boxes for n undominated points of m objectives.
  public init(points: [[Double]], reference: [Double]) {
    precondition(points.allSatisfy { $0.count == reference.count }, "points and reference differ in length")
    objectives = reference.count
    self.reference = reference
    let inside = points.filter { zip($0, reference).allSatisfy(>) }
    let front = inside.enumerated().filter { i, p in
      !inside.enumerated().contains { j, q in
        ParetoFront.dominates(q, p) || (q == p && j < i)
      }
    }.map(\.element)
    var boxes: [Double] = []
    Self.cut(front, reference, depth: reference.count, tail: ([], []), into: &boxes)
    bounds = boxes
  }

  /// Slices along the last of the first `depth` objectives; within a slab only the points that reach
  /// through it matter.
  private static func cut(
    _ points: [[Double]], _ reference: [Double], depth: Int, tail: (lower: [Double], upper: [Double]),
    into boxes: inout [Double]
  ) {
    let axis = depth - 1
    if depth == 1 {
      let top = points.map { $0[0] }.max() ?? reference[0]
      boxes += [max(top, reference[0])] + tail.lower + [.infinity] + tail.upper
      return
    }
    let levels = [reference[axis]] + Set(points.map { $0[axis] }).sorted()
    for (place, low) in levels.enumerated() {
      let high = place + 1 < levels.count ? levels[place + 1] : .infinity
      let reaching = points.filter { $0[axis] > low }
      // Projected points that another one dominates would only add empty slabs.
      let kept = reaching.filter { p in
        !reaching.contains { q in
          ParetoFront.dominates(Array(q[..<axis]), Array(p[..<axis]))
        }
      }
      cut(
        kept, reference, depth: depth - 1, tail: ([low] + tail.lower, [high] + tail.upper), into: &boxes)
    }
  }

  /// The volume that `point` adds. O(boxes).
  public func improvement(of point: [Double]) -> Double {
    precondition(point.count == objectives, "a point of \(point.count) for \(objectives) objectives")
    var sum = 0.0
    for box in 0..<count {
      let start = box * 2 * objectives
      var volume = 1.0
      for j in 0..<objectives {
        let side = min(bounds[start + objectives + j], point[j]) - bounds[start + j]
        if side <= 0 {
          volume = 0
          break
        }
        volume *= side
      }
      sum += volume
    }
    return sum
  }

  /// The expected volume that a point of independent normal coordinates adds.
  ///
  /// E[(min(u, f) − l)⁺] = EI(l) − EI(u) for every side. O(boxes).
  public func expectedImprovement(mean: [Double], deviation: [Double]) -> Double {
    precondition(mean.count == objectives && deviation.count == objectives, "a normal for each objective")
    var sum = 0.0
    for box in 0..<count {
      let start = box * 2 * objectives
      var volume = 1.0
      for j in 0..<objectives where volume > 0 {
        func excess(_ level: Double) -> Double {
          level == .infinity
            ? 0
            : Acquisition.expectedImprovement(best: level).value(mean: mean[j], standardDeviation: deviation[j])
        }
        volume *= max(0, excess(bounds[start + j]) - excess(bounds[start + objectives + j]))
      }
      sum += volume
    }
    return sum
  }

  /// The volume between the reference and a set of points.
  ///
  /// - Complexity: n decompositions of at most n points.
  public static func hypervolume(_ points: [[Double]], reference: [Double]) -> Double {
    var held: [[Double]] = []
    var sum = 0.0
    for point in points {
      sum += UndominatedBoxes(points: held, reference: reference).improvement(of: point)
      held.append(point)
    }
    return sum
  }
}

/// Expected hypervolume improvement where the front itself is uncertain.
///
/// Daulton, Balandat and Bakshy, "Parallel Bayesian optimization of multiple noisy objectives with
/// expected hypervolume improvement", NeurIPS 2021: the improvement is averaged over joint samples of
/// the latent values at the measured points and the candidate.
public struct NoisyHypervolumeImprovement: Sendable {
  private let boxes: [UndominatedBoxes]

  /// - Parameters:
  ///   - frontSamples: for each sample, the latent objectives of every measured point.
  ///   - reference: the least value of each objective that counts.
  public init(frontSamples: [[[Double]]], reference: [Double]) {
    boxes = frontSamples.map { UndominatedBoxes(points: $0, reference: reference) }
  }

  /// - Parameter samples: the candidate's objectives in the same samples.
  public func value(_ samples: [[Double]]) -> Double {
    precondition(samples.count == boxes.count, "\(samples.count) samples for \(boxes.count) fronts")
    guard !boxes.isEmpty else { return 0 }
    var sum = 0.0
    for (front, point) in zip(boxes, samples) { sum += front.improvement(of: point) }
    return sum / Double(boxes.count)
  }
}
