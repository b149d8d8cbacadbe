import BundledData
import CVectorMath
import Chemistry

/// Known electrolytes with their structure families, for questions about what a composition is near to.
///
/// The distance is that of `MendeleevNeighbours`: the earth mover's distance of atomic fractions on the
/// Mendeleev scale. Source: `Datasets/landmark-electrolytes.csv`, each composition once, with the
/// family that most of its rows have.
final class LandmarkElectrolytes: @unchecked Sendable {
  // Written only while it is made.
  static let all = LandmarkElectrolytes { _ in true }

  /// Those whose formula has whole amounts: hosts, not their doped and disordered variants.
  static let parents = LandmarkElectrolytes { composition in
    composition.entries.allSatisfy { $0.amount == $0.amount.rounded() }
  }

  /// Families in alphabetical order.
  static let families: [String] = Set(BundledData.landmarkElectrolytes.table.texts("family")).sorted()

  let compositions: [Composition]
  var count: Int { compositions.count }
  /// Positions in `families`.
  let family: [Int]

  /// Compositions in the order of their mean place on the scale.
  private let means: [Double]
  private let profiles: UnsafeMutablePointer<SIMD8<Float>>
  private let places: [Int]
  private let gaps: [Float]
  private let stride: Int

  private init(_ isWanted: (Composition) -> Bool) {
    let table = BundledData.landmarkElectrolytes.table
    var found: [(composition: Composition, families: [String: Int])] = []
    for (formula, family) in zip(table.texts("formula"), table.texts("family")) {
      guard let composition = try? Composition(formula: formula), isWanted(composition) else { continue }
      if let index = found.firstIndex(where: { $0.composition.hasSameFractions(as: composition, tolerance: 1e-6) }) {
        found[index].families[family, default: 0] += 1
      } else {
        found.append((composition, [family: 1]))
      }
    }
    let scale = ElementVectors.mendeleevNumbers
    let values = Set(scale).sorted()
    places = scale.map { value in values.firstIndex(of: value) ?? 0 }
    gaps = zip(values, values.dropFirst()).map { Float($1 - $0) } + [0]
    stride = (values.count + 7) / 8
    func mean(_ composition: Composition) -> Double {
      let total = composition.atomCount
      return composition.entries.reduce(0) { $0 + $1.amount / total * scale[$1.element.atomicNumber - 1] }
    }
    let sorted = found.enumerated().sorted {
      (mean($0.element.composition), $0.offset) < (mean($1.element.composition), $1.offset)
    }.map(\.element)
    compositions = sorted.map(\.composition)
    means = compositions.map(mean)
    family = sorted.map { item in
      let name = item.families.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
      return Self.families.firstIndex(of: name) ?? 0
    }
    profiles = .allocate(capacity: max(1, stride * compositions.count))
    let input = FeatureInput()
    for (index, composition) in compositions.enumerated() {
      input.load(composition)
      Self.write(profiles + index * stride, input, places, gaps, stride)
    }
  }

  deinit { profiles.deallocate() }

  /// Cumulative fractions times the ways between places.
  private static func write(
    _ profile: UnsafeMutablePointer<SIMD8<Float>>, _ input: FeatureInput, _ places: [Int], _ gaps: [Float],
    _ stride: Int
  ) {
    profile.initialize(repeating: .zero, count: stride)
    let flat = UnsafeMutableRawPointer(profile).assumingMemoryBound(to: Float.self)
    for i in 0..<input.count { flat[places[input.numbers[i] - 1]] += Float(input.fractions[i]) }
    var sum: Float = 0
    for k in gaps.indices {
      sum += flat[k]
      flat[k] = sum * gaps[k]
    }
  }

  /// Calls `body` with position and distance of all that are at most `reach` farther than the nearest,
  /// and possibly of others.
  ///
  /// - Complexity: outward from the mean place, which no distance is below; about 14 vector operations
  ///   for each composition looked at; no allocation.
  func forEach(near input: FeatureInput, reach: Double, _ body: (_ index: Int, _ distance: Double) -> Void) {
    Self.write(input.profile, input, places, gaps, stride)
    let scale = ElementVectors.mendeleevNumbers
    var mean = 0.0
    for i in 0..<input.count { mean += input.fractions[i] * scale[input.numbers[i] - 1] }
    let width = stride * 8
    let numbers = UnsafeRawPointer(profiles).assumingMemoryBound(to: Float.self)
    let query = UnsafeRawPointer(input.profile).assumingMemoryBound(to: Float.self)
    means.withUnsafeBufferPointer { means in
      var (low, high) = (0, means.count)
      while low < high {
        let middle = (low + high) / 2
        if means[middle] < mean { low = middle + 1 } else { high = middle }
      }
      var above = low
      var below = low - 1
      var nearest = Double.infinity
      while below >= 0 || above < means.count {
        let down = below >= 0 ? mean - means[below] : .infinity
        let up = above < means.count ? means[above] - mean : .infinity
        // Means are of doubles, distances of floats: a little slack.
        if min(down, up) > nearest + reach + 1e-3 { break }
        let index = down < up ? below : above
        if down < up { below -= 1 } else { above += 1 }
        let distance = Double(superionic_distancef(numbers + index * width, query, width))
        if distance < nearest { nearest = distance }
        body(index, distance)
      }
    }
  }
}

/// The formulas of `Datasets/landmark-electrolytes.csv`, for measurements.
package enum LandmarkFormulas {
  package static var all: [String] { BundledData.landmarkElectrolytes.table.texts("formula") }
}
