import Chemistry
import LinearAlgebra
import Tables

/// Featurizers side by side: one vector of numbers for a composition.
///
///     let set = try DescriptorSet(named: "magpie,valence")
///     let x = set.matrix(for: compositions)      // one row each, set.labels.count columns
public struct DescriptorSet: Sendable {
  public let featurizers: [any Featurizer]
  /// How many numbers.
  public let count: Int
  /// Names of the columns, each once.
  public let labels: [String]
  /// Their units; empty for numbers without.
  public let units: [String]

  private let needsOxidationStates: Bool

  public init(_ featurizers: [any Featurizer]) {
    self.featurizers = featurizers
    let columns = featurizers.flatMap(\.columns)
    count = columns.count
    labels = columns.map(\.label)
    units = columns.map(\.unit)
    needsOxidationStates = featurizers.contains(where: \.needsOxidationStates)
  }

  /// Sets by name, separated by commas: `magpie`, `magpie,valence`, `all`. A set named twice
  /// counts once; the order is as given.
  ///
  /// - Throws: `DescriptorError.unknown` with the nearest name.
  public init(named names: String) throws(DescriptorError) {
    var chosen: [String] = []
    for part in names.split(separator: ",", omittingEmptySubsequences: false) {
      var name = part[...]
      while name.first?.isWhitespace == true { name.removeFirst() }
      while name.last?.isWhitespace == true { name.removeLast() }
      let key = name.lowercased()
      if key == "all" {
        chosen += Self.names
      } else if Self.makers[key] != nil {
        chosen.append(key)
      } else {
        throw .unknown(
          String(name), suggestion: Suggestion.nearest(to: key, among: Self.names + ["all"]))
      }
    }
    var seen = Set<String>()
    self.init(chosen.filter { seen.insert($0).inserted }.compactMap { Self.makers[$0]?() })
  }

  /// The sets that can be chosen, in the order of `all`.
  public static let names: [String] = all.map(\.name)

  private static let all: [(name: String, make: @Sendable () -> any Featurizer)] = [
    ("magpie", { MagpieDescriptors() }),
    ("stoichiometry", { StoichiometryNorms() }),
    ("valence", { ValenceOrbitals() }),
    ("fractions", { ElementFractions() }),
    ("mixture", { MixtureDescriptors() }),
  ]

  private static let makers = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.make) })

  /// Publications and programs behind the columns, each once.
  public var citations: [String] {
    var seen = Set<String>()
    return featurizers.flatMap(\.citations).filter { seen.insert($0).inserted }
  }

  /// The numbers of one composition.
  public func values(for composition: Composition) -> [Double] { matrix(for: [composition]).row(0) }

  /// One row for each composition, n × `count`, all finite.
  ///
  /// Parallel over rows; the result does not depend on the number of threads. Nothing is allocated
  /// for a row.
  public func matrix(for compositions: [Composition], threads: Int = Threads.limit) -> Matrix {
    var matrix = Matrix(rows: compositions.count, columns: count)
    matrix.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let rows = RowPointer(base: base, width: count)
      Threads.forEachChunk(of: compositions.count, chunkSize: 256, limit: threads) { range in
        let input = FeatureInput()
        for row in range { fill(rows[row], for: compositions[row], using: input) }
      }
    }
    return matrix
  }

  /// Fills one row.
  package func fill(
    _ row: UnsafeMutableBufferPointer<Double>, for composition: Composition, using input: FeatureInput
  ) {
    input.load(composition, oxidationStates: needsOxidationStates)
    var start = 0
    for featurizer in featurizers {
      let end = start + featurizer.count
      featurizer.fill(UnsafeMutableBufferPointer(rebasing: row[start..<end]), from: input)
      start = end
    }
  }
}

/// Rows of a matrix that threads fill, each its own.
struct RowPointer: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>
  let width: Int

  subscript(row: Int) -> UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: base + row * width, count: width)
  }
}
