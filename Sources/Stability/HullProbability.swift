import Chemistry
import Foundation
import LinearAlgebra

/// A candidate whose energy is predicted.
public struct UncertainPhase: Sendable, Hashable {
  public let composition: Composition
  /// eV/atom.
  public let mean: Double
  /// eV/atom; 0 for a computed energy.
  public let standardDeviation: Double

  public init(_ composition: Composition, mean: Double, standardDeviation: Double) {
    self.composition = composition
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}

/// How errors of predicted energies are distributed, in units of their standard deviation.
public enum ErrorShape: Sendable, Hashable {
  case normal
  /// Residuals on held-out rows, ascending: tails as heavy as they were. At least one.
  case empirical([Double])

  /// The probability of an error of at most `limit`.
  func cumulative(_ limit: Double) -> Double {
    switch self {
    case .normal: return 0.5 * erfc(-limit / 2.0.squareRoot())
    case .empirical(let sorted):
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] <= limit { low = middle + 1 } else { high = middle }
      }
      return (Double(low) + 0.5) / Double(sorted.count + 1)
    }
  }

  /// The error at the place that a normal variate has in its own distribution (a Gaussian copula).
  func error(at normal: Double) -> Double {
    switch self {
    case .normal: return normal
    case .empirical(let sorted):
      let rank = 0.5 * erfc(-normal / 2.0.squareRoot()) * Double(sorted.count)
      return sorted[min(sorted.count - 1, max(0, Int(rank)))]
    }
  }

  /// Mean and standard deviation.
  var moments: (mean: Double, deviation: Double) {
    guard case .empirical(let sorted) = self, !sorted.isEmpty else { return (0, 1) }
    let mean = sorted.reduce(0, +) / Double(sorted.count)
    let square = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sorted.count)
    return (mean, square.squareRoot())
  }
}

/// How probably a candidate lies near the hull.
public struct HullProbability: Sendable, Hashable {
  /// eV/atom above the hull of everything else: below 0 the candidate is stable.
  public let mean: Double
  public let standardDeviation: Double
  /// Probability of lying at most `thresholds[k]` above the hull.
  public let probabilities: [Double]

  /// 0, 25, 50 and 100 meV/atom.
  public static let thresholds = [0, 0.025, 0.05, 0.1]

  /// An answer with one probability for each of `thresholds`; energies in eV/atom.
  public init(mean: Double, standardDeviation: Double, probabilities: [Double]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.probabilities = probabilities
  }
}

extension PhaseDiagram {
  /// Carries the uncertainty of predicted energies through the hull.
  ///
  /// The phases of the diagram are certain. Candidates compete with them and with each other; their errors
  /// are drawn together, with the correlation of neighbours. Without rival candidates the answer is exact;
  /// with rivals it is the share of `draws` samples.
  /// - Parameters:
  ///   - candidates: compositions with predicted energies and their deviations, eV/atom.
  ///   - asking: positions of the candidates that are wanted, the others being rivals only; all by default.
  ///   - correlation: of the errors of two candidates.
  ///   - shape: how errors are distributed.
  ///   - draws: samples for each candidate with rivals; the error of a probability is at most 0.5/√draws.
  ///   - rivals: at most so many, those most likely to matter.
  ///   - seed: equal seeds draw equal samples.
  ///   - threads: at most so many.
  /// - Returns: one for each candidate that was asked about, in order, the same for any number of threads.
  /// - Complexity: `draws` linear programs for each candidate with rivals.
  public func hullProbabilities(
    of candidates: [UncertainPhase], asking: [Int]? = nil, correlation: ErrorCorrelation, shape: ErrorShape = .normal,
    draws: Int = 1000, rivals: Int = 30, seed: UInt64 = 0, threads: Int = Threads.limit
  ) -> [Result<HullProbability, StabilityError>] {
    let sets = candidates.map { ElementSet($0.composition) }
    let hulls = hullEnergies(at: candidates.map(\.composition), threads: threads)
    var bySystem: [ElementSet: [Int]] = [:]
    for (i, set) in sets.enumerated() { bySystem[set, default: []].append(i) }
    // How far a candidate could lie below the known hull, in its favour.
    let promise = candidates.indices.map { i -> Double in
      guard case .success(let hull) = hulls[i] else { return .infinity }
      return candidates[i].mean - 3 * candidates[i].standardDeviation - hull
    }
    let asked = asking ?? Array(candidates.indices)
    let results = [Result<HullProbability, StabilityError>?](unsafeUninitializedCapacity: asked.count) {
      buffer, count in
      buffer.initialize(repeating: nil)
      count = asked.count
      let slots = Slots(buffer)
      let systems = bySystem
      Threads.forEachChunk(of: asked.count, chunkSize: 4, limit: threads) { chunk in
        for place in chunk {
          let i = asked[place]
          do throws(StabilityError) {
            let own = CompositionKey(candidates[i].composition)
            var others: [Int] = []
            for (set, members) in systems where set.isSubset(of: sets[i]) {
              others += members.filter {
                $0 != i && promise[$0] < 0 && CompositionKey(candidates[$0].composition) != own
              }
            }
            others.sort { promise[$0] != promise[$1] ? promise[$0] < promise[$1] : $0 < $1 }
            slots.buffer[place] = .success(
              try hullProbability(
                of: candidates[i], rivals: others.prefix(rivals).map { candidates[$0] },
                correlation: correlation, shape: shape, draws: draws, seed: seed &+ UInt64(i) &* 0x9E37_79B9_7F4A_7C15))
          } catch {
            slots.buffer[place] = .failure(error)
          }
        }
      }
    }
    return results.compactMap(\.self)
  }

  private func hullProbability(
    of candidate: UncertainPhase, rivals: [UncertainPhase], correlation: ErrorCorrelation, shape: ErrorShape,
    draws: Int, seed: UInt64
  ) throws(StabilityError) -> HullProbability {
    let thresholds = HullProbability.thresholds
    let composition = candidate.composition
    guard !rivals.isEmpty, let factor = Self.factor([candidate] + rivals, correlation) else {
      let distance = candidate.mean - (try hullEnergyExcludingSelf(at: composition))
      let sigma = candidate.standardDeviation
      let moments = shape.moments
      return HullProbability(
        mean: distance + sigma * moments.mean, standardDeviation: sigma * moments.deviation,
        probabilities: thresholds.map { limit in
          sigma > 0 ? shape.cumulative((limit - distance) / sigma) : (distance <= limit ? 1 : 0)
        })
    }
    let known = try subsystem(of: ElementSet(composition), asked: composition)
    let all = [candidate] + rivals
    let m = known.elements.count
    var columns = known.columns
    for rival in rivals { columns += known.target(rival.composition) }
    var costs = known.energies + [Double](repeating: 0, count: rivals.count)
    let skipped = positions[CompositionKey(composition)].flatMap { known.column(of: $0) } ?? -1
    let target = known.target(composition)
    precondition(columns.count == costs.count * m, "a column for each cost")
    var generator = SeededGenerator(seed: seed)
    var simplex = HullSimplex()
    var (sum, squares) = (0.0, 0.0)
    var hits = [Int](repeating: 0, count: thresholds.count)
    var normals = [Double](repeating: 0, count: all.count)
    for _ in 0..<draws {
      for k in normals.indices { normals[k] = generator.normal() }
      var own = candidate.mean
      for (k, phase) in all.enumerated() {
        var error = 0.0
        for j in 0...k { error += factor[k * all.count + j] * normals[j] }
        let energy = phase.mean + phase.standardDeviation * shape.error(at: error)
        if k == 0 { own = energy } else { costs[known.energies.count + k - 1] = energy }
      }
      let hull = columns.withUnsafeBufferPointer { columns in
        costs.withUnsafeBufferPointer { costs in
          target.withUnsafeBufferPointer {
            simplex.minimize(columns: columns, costs: costs, target: $0, skipping: skipped)
          }
        }
      }
      guard let hull else { throw .didNotConverge(composition.phaseLabel) }
      let distance = own - hull
      sum += distance
      squares += distance * distance
      for (k, limit) in thresholds.enumerated() where distance <= limit { hits[k] += 1 }
    }
    let mean = sum / Double(draws)
    return HullProbability(
      mean: mean, standardDeviation: max(0, squares / Double(draws) - mean * mean).squareRoot(),
      probabilities: hits.map { Double($0) / Double(draws) })
  }

  /// The lower Cholesky factor of the correlation matrix, row by row; nil if rounding spoils it.
  private static func factor(_ phases: [UncertainPhase], _ correlation: ErrorCorrelation) -> [Double]? {
    let n = phases.count
    var l = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        // A trace of independence keeps coinciding compositions apart.
        var value = i == j ? 1 + 1e-9 : correlation(phases[i].composition, phases[j].composition)
        for k in 0..<j { value -= l[i * n + k] * l[j * n + k] }
        if i == j {
          guard value > 0 else { return nil }
          l[i * n + i] = value.squareRoot()
        } else {
          l[i * n + j] = value / l[j * n + j]
        }
      }
    }
    return l
  }
}
