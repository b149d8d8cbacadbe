import BundledData
import Foundation

/// Oxidation states of all elements with their counts in the ICSD, laid out for solvers.
///
/// Source: `Datasets/oxidation-states.csv`. For each element and each choice of signs (negative
/// states only, positive only, all) the table also holds the upper concave hull of the counts over
/// the states: what mixtures of two states can reach.
final class OxidationStateTable: @unchecked Sendable {
  // Written only while it is made.

  /// The states pymatgen tries: those of the ICSD, or the common ones of elements without.
  static let usual = OxidationStateTable { icsd, common, _ in icsd.isEmpty ? common : icsd }

  /// Every state that the table names for an element, rare ones too.
  static let extended = OxidationStateTable { icsd, common, all in icsd + common + all }

  /// Which states of an element a mixture may use.
  enum Branch: Int, CaseIterable { case negative, positive, all }

  struct State {
    let charge: Int
    /// Occurrences in the ICSD.
    let count: Int32
  }

  struct Hull {
    /// Into `vertices`.
    let start: Int
    let count: Int
    /// Of the vertex with the largest count, relative to `start`; the smallest charge where equal.
    let peak: Int
  }

  struct Vertex {
    let charge: Double
    let count: Double
  }

  /// Ascending charges, without zero; by atomic number, hydrogen first.
  let states: [[State]]
  /// Natural logarithm of the share of each state among the counts of `states`.
  let logShares: [[Double]]
  /// How many states each element has, and its lowest one; 0 without states.
  let extents: UnsafePointer<(count: Int, lowest: Int)>
  let vertices: UnsafePointer<Vertex>
  let hulls: UnsafePointer<Hull>

  private init(_ choose: (_ icsd: [Int], _ common: [Int], _ all: [Int]) -> [Int]) {
    let table = BundledData.oxidationStates.table
    func lists(_ column: String) -> [[Int]] {
      table.texts(column).map { $0.split(separator: " ").compactMap { Int($0) } }
    }
    let (icsd, common, all) = (
      lists("icsd_oxidation_states"), lists("common_oxidation_states"), lists("all_oxidation_states")
    )
    let states: [[State]] = Element.all.map { element in
      let z = element.atomicNumber - 1
      return Set(choose(icsd[z], common[z], all[z])).subtracting([0]).sorted().map {
        State(charge: $0, count: Int32(Element.occurrenceCounts[z][$0] ?? 0))
      }
    }
    self.states = states
    logShares = states.map { states in
      // A state without a count has one in a million; where nothing was counted, all are alike.
      let total = states.reduce(0.0) { $0 + Double($1.count) }
      return states.map {
        total > 0 ? log(max(Double($0.count) / total, 1e-6)) : -log(Double(states.count))
      }
    }
    var vertices: [Vertex] = []
    var hulls: [Hull] = []
    for own in states {
      for branch in Branch.allCases {
        let start = vertices.count
        for state in own where branch == .all || (state.charge > 0) == (branch == .positive) {
          let next = Vertex(charge: Double(state.charge), count: Double(state.count))
          while vertices.count - start >= 2 {
            let (a, b) = (vertices[vertices.count - 2], vertices[vertices.count - 1])
            guard (b.count - a.count) * (next.charge - a.charge) <= (next.count - a.count) * (b.charge - a.charge)
            else { break }
            vertices.removeLast()
          }
          vertices.append(next)
        }
        let own = vertices[start...]
        let peak = own.indices.max {
          (own[$0].count, -abs(own[$0].charge)) < (own[$1].count, -abs(own[$1].charge))
        }
        hulls.append(Hull(start: start, count: own.count, peak: (peak ?? start) - start))
      }
    }
    extents = UnsafePointer(Self.copy(states.map { ($0.count, $0.first?.charge ?? 0) }))
    self.vertices = UnsafePointer(Self.copy(vertices))
    self.hulls = UnsafePointer(Self.copy(hulls))
  }

  private static func copy<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
    let block = UnsafeMutablePointer<T>.allocate(capacity: max(1, values.count))
    block.initialize(from: values, count: values.count)
    return block
  }

  deinit {
    extents.deallocate()
    vertices.deallocate()
    hulls.deallocate()
  }

  @inline(__always)
  func hull(_ number: Int, _ branch: Branch) -> Hull { hulls[(number - 1) * Branch.allCases.count + branch.rawValue] }

  /// Whether an element has states of both signs.
  func isAmphoteric(_ number: Int) -> Bool { hull(number, .negative).count > 0 && hull(number, .positive).count > 0 }

  /// How an element's atoms share a mean charge: one state, or two of them.
  ///
  /// The two neighbouring states of the sign of the mean that enclose it; a pair of opposite signs
  /// where that has the larger count, as the nitrogen of NH4NO3 (−3 and +5, not twice +1).
  ///
  /// - Parameter atoms: how many whole atoms there are; a pair of opposite signs has to part them
  ///   into whole numbers. nil where shares may be any: then only where nothing else encloses the mean.
  func mixture(_ number: Int, mean: Double, atoms: Int?) -> Mixture? {
    let own = states[number - 1]
    guard let first = own.first, let last = own.last else { return nil }
    let clamped = min(max(mean, Double(first.charge)), Double(last.charge))
    var best: (mixture: Mixture, count: Double)?
    func consider(_ low: Int, _ high: Int) {
      let width = own[high].charge - own[low].charge
      let share = width == 0 ? 0 : (clamped - Double(own[low].charge)) / Double(width)
      guard share >= -1e-9, share <= 1 + 1e-9 else { return }
      let count = (1 - share) * Double(own[low].count) + share * Double(own[high].count)
      if best.map({ count > $0.count }) ?? true {
        best = (Mixture(low: low, high: high, share: min(max(share, 0), 1)), count)
      }
    }
    for low in own.indices {
      if abs(clamped - Double(own[low].charge)) < 1e-9 {
        consider(low, low)
      } else if low + 1 < own.count, own[low].charge * own[low + 1].charge > 0 {
        consider(low, low + 1)
      }
    }
    guard best == nil || atoms.map({ $0 > 1 }) ?? false else { return best?.mixture }
    for low in own.indices where own[low].charge < 0 {
      for high in own.indices where own[high].charge > 0 {
        if let atoms, best != nil {
          let lower = (Double(own[high].charge) - clamped) / Double(own[high].charge - own[low].charge) * Double(atoms)
          guard abs(lower - lower.rounded()) < 1e-6 else { continue }
        }
        consider(low, high)
      }
    }
    return best?.mixture
  }

  /// Positions in an element's states and the share of the higher one.
  struct Mixture {
    let low: Int
    let high: Int
    let share: Double
  }
}
