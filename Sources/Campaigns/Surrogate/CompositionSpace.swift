import Chemistry
import CompositionNetworks
import Descriptors
import Foundation
import LinearAlgebra

/// Where compositions lie, such that close ones can be expected to behave alike.
///
/// Two distances are joined by default. One is the sum of absolute differences of atomic fractions. The other
/// says how far atoms would have to be moved to make one composition of the other, along three scales of
/// the elements (Mendeleev number, electronegativity, covalent radius): the earth mover's distance on a line
/// is the sum of absolute differences of cumulative fractions, so it too is a sum over columns. Descriptor
/// sets and numbers such as a sintering temperature can be added as further parts. Each part is scaled so
/// that two members of the pool are on average 1 apart in it.
///
/// The default was chosen by cross-validation grouped by publication on 30 and 100 training rows of two
/// public conductivity collections, against Magpie descriptors and others.
public struct CompositionSpace: Sendable {
  /// Elements that occur, by atomic number, and their columns.
  private let columnOfElement: [Int]
  private let elementCount: Int
  /// For each scale: elements in its order, and the step to the next one.
  private let scales: [(order: [Int], steps: [Double])]
  private let descriptors: DescriptorSet?
  private let numericCount: Int
  /// Standardisation of descriptors and numbers: 1/deviation, 0 for constant columns.
  private let factors: [Double]
  private let usesFractions: Bool
  /// One factor for fractions, each scale, descriptors and numbers.
  private var weights: [Float]
  /// What the parts are called.
  public let parts: [String]
  public let width: Int

  /// Names that stand for the fractions and the element scales.
  public static let compositionName = "composition"
  private static let elementScales = [ElementScale.mendeleevNumber, .electronegativity, .covalentRadius]
  /// At most so many members of the pool settle the scales.
  static let sampleLimit = 400

  /// - Parameters:
  ///   - compositions: of the whole pool, or a part that has all its elements.
  ///   - names: `composition`, names of descriptor sets, or both, separated by commas.
  ///   - numbers: further numbers of each composition; all of one length.
  /// - Throws: `DescriptorError` for an unknown set.
  public init(
    pool compositions: [Composition], descriptors names: String = compositionName, numbers: [[Double]] = []
  ) throws(DescriptorError) {
    var isPresent = [Bool](repeating: false, count: Element.count + 1)
    for composition in compositions { for element in composition.elements { isPresent[element.atomicNumber] = true } }
    let present = (1...Element.count).filter { isPresent[$0] }
    var columnOfElement = [Int](repeating: -1, count: Element.count + 1)
    for (column, number) in present.enumerated() { columnOfElement[number] = column }
    self.columnOfElement = columnOfElement
    elementCount = present.count

    var sets = names.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    usesFractions = sets.contains(Self.compositionName)
    sets.removeAll { $0 == Self.compositionName }
    descriptors = sets.isEmpty ? nil : try DescriptorSet(naming: sets.joined(separator: ","))
    scales = usesFractions ? Self.elementScales.map { Self.scale($0.values, present: present) } : []
    numericCount = numbers.first?.count ?? 0

    // Settle the scales on members spread evenly over the pool.
    let count = compositions.count
    let taken = min(count, Self.sampleLimit)
    let sample = (0..<taken).map { $0 * count / max(1, taken) }
    var plain: [[Double]] = []
    if let set = descriptors {
      let matrix = set.matrix(for: sample.map { compositions[$0] })
      plain = (0..<sample.count).map { matrix.row($0) }
    }
    if numericCount > 0 {
      plain = sample.enumerated().map { ($0 < plain.count ? plain[$0] : []) + numbers[$1] }
    }
    let plainWidth = plain.first?.count ?? 0
    factors = (0..<plainWidth).map { column in
      let values = plain.map { $0[column] }
      let mean = values.reduce(0, +) / Double(max(1, values.count))
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
      return variance > 1e-24 * max(1e-12, mean * mean) ? 1 / variance.squareRoot() : 0
    }
    var partNames: [String] = []
    if usesFractions { partNames += ["atomic fractions", "Mendeleev number", "electronegativity", "covalent radius"] }
    if descriptors != nil { partNames.append(sets.joined(separator: ",")) }
    if numericCount > 0 { partNames.append("numbers") }
    parts = partNames
    let columns = (usesFractions ? 4 * present.count : 0) + plainWidth
    width = max(8, (columns + 7) / 8 * 8)
    weights = [Float](repeating: 1, count: partNames.count)

    let raw = embed(sample.map { compositions[$0] }, numbers: numericCount > 0 ? sample.map { numbers[$0] } : [])
    var means: [Double] = []
    for range in partRanges { means.append(Self.meanDistance(raw, range)) }
    // Three scales share the weight of one part; all parts together make a mean distance of about 1.
    let shares = partNames.indices.map { usesFractions && (1...3).contains($0) ? 1.0 / 3 : 1.0 }
    let total = shares.reduce(0, +)
    weights = partNames.indices.map { Float(means[$0] > 0 ? shares[$0] / total / means[$0] : 0) }
  }

  /// The columns of each part.
  private var partRanges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    func add(_ count: Int) {
      ranges.append(start..<start + count)
      start += count
    }
    if usesFractions { for _ in 0..<4 { add(elementCount) } }
    if descriptors != nil { add(factors.count - numericCount) }
    if numericCount > 0 { add(numericCount) }
    return ranges
  }

  /// The points of some compositions, each with its numbers where the space has any.
  ///
  /// Elements that the pool did not have are left out of the sums.
  /// - Complexity: O(compositions · width).
  public func embed(_ compositions: [Composition], numbers: [[Double]] = []) -> Points {
    var values = [Float](repeating: 0, count: compositions.count * width)
    let ranges = partRanges
    let matrix = descriptors?.matrix(for: compositions)
    for (row, composition) in compositions.enumerated() {
      let start = row * width
      var part = 0
      if usesFractions {
        var fractions = [Double](repeating: 0, count: elementCount)
        let total = composition.atomCount
        for entry in composition.entries {
          let column = columnOfElement[entry.element.atomicNumber]
          if column >= 0 { fractions[column] = entry.amount / total }
        }
        for (column, fraction) in fractions.enumerated() { values[start + column] = weights[0] * Float(fraction) }
        for (index, scale) in scales.enumerated() {
          let base = start + ranges[index + 1].lowerBound
          var cumulative = 0.0
          for (place, column) in scale.order.enumerated() {
            cumulative += fractions[column]
            values[base + place] = weights[index + 1] * Float(cumulative * scale.steps[place])
          }
        }
        part = 4
      }
      var plain = 0
      if let matrix {
        for column in 0..<matrix.columns {
          values[start + ranges[part].lowerBound + column] =
            weights[part] * Float(matrix.elements[row * matrix.columns + column] * factors[column])
        }
        plain = matrix.columns
        part += 1
      }
      if numericCount > 0, row < numbers.count {
        for column in 0..<numericCount {
          values[start + ranges[part].lowerBound + column] =
            weights[part] * Float(numbers[row][column] * factors[plain + column])
        }
      }
    }
    return Points(width: width, values: values)
  }

  private static func meanDistance(_ points: Points, _ range: Range<Int>) -> Double {
    let n = points.count
    guard n > 1 else { return 0 }
    var sum = 0.0
    for i in 0..<n {
      for j in 0..<i {
        for k in range { sum += Double(abs(points.values[i * points.width + k] - points.values[j * points.width + k])) }
      }
    }
    return sum / Double(n * (n - 1) / 2)
  }

  /// Elements of the pool in the order of a scale; an element without a value takes the mean.
  private static func scale(_ values: [Double?], present: [Int]) -> (order: [Int], steps: [Double]) {
    let known = present.compactMap { values[$0 - 1] }
    let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    let filled = present.map { values[$0 - 1] ?? mean }
    let order = filled.indices.sorted { (filled[$0], $0) < (filled[$1], $1) }
    let steps = order.indices.map { $0 + 1 < order.count ? filled[order[$0 + 1]] - filled[order[$0]] : 0 }
    return (order, steps)
  }
}
