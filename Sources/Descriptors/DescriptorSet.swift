import Chemistry
import LinearAlgebra
import Synchronization
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

  private let fillers: Fillers
  private let needsOxidationStates: Bool
  private let imputed: [[Bool]]

  public init(_ featurizers: [any Featurizer]) {
    self.featurizers = featurizers
    let columns = featurizers.flatMap(\.columns)
    count = columns.count
    labels = columns.map(\.label)
    units = columns.map(\.unit)
    fillers = Fillers(featurizers)
    needsOxidationStates = featurizers.contains(where: \.needsOxidationStates)
    imputed = featurizers.map(\.imputed)
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
    ("oliynyk", { OliynykDescriptors() }),
    ("weighted", { WeightedDescriptors() }),
    ("stoichiometry", { StoichiometryNorms() }),
    ("valence", { ValenceOrbitals() }),
    ("fractions", { ElementFractions() }),
    ("meredig", { MeredigDescriptors() }),
    ("bonding", { BondingDescriptors() }),
    ("oxidation", { OxidationDescriptors() }),
    ("ions", { IonDescriptors() }),
    ("lithium", { LithiumDescriptors() }),
    ("family", { FamilyDescriptors() }),
    ("miedema", { MiedemaDescriptors() }),
    ("mixture", { MixtureDescriptors() }),
  ]

  private static let makers = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.make) })

  /// Publications and programs behind the columns, each once.
  public var citations: [String] {
    var seen = Set<String>()
    return featurizers.flatMap(\.citations).filter { seen.insert($0).inserted }
  }

  /// Which elements of a composition have values that the sources lack, and in which sets: those
  /// stand at what the set says, mostly the mean over the other elements. nil where there are none.
  public func imputationNote(for composition: Composition) -> String? {
    let parts = zip(featurizers, imputed).compactMap { featurizer, imputed in
      let own = composition.elements.filter { imputed[$0.atomicNumber - 1] }
      return own.isEmpty ? nil : "\(featurizer.name) of \(own.map(\.symbol).joined(separator: " "))"
    }
    return parts.isEmpty ? nil : "imputed values: " + parts.joined(separator: ", ")
  }

  /// The numbers of one composition.
  public func values(for composition: Composition) -> [Double] { matrix(for: [composition]).row(0) }

  /// One row for each composition, n × `count`, all finite.
  ///
  /// Parallel over rows; the result does not depend on the number of threads. Nothing is allocated
  /// for a row.
  public func matrix(for compositions: [Composition], threads: Int = Threads.limit) -> Matrix {
    var matrix = Matrix(rows: compositions.count, columns: count)
    fill(&matrix, for: compositions, threads: threads)
    return matrix
  }

  /// Overwrites a matrix of as many rows and `count` columns; for many batches into one matrix.
  public func fill(_ matrix: inout Matrix, for compositions: [Composition], threads: Int = Threads.limit) {
    precondition(matrix.rows == compositions.count && matrix.columns == count, "a matrix of another shape")
    matrix.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let rows = RowPointer(base: base, width: count)
      Threads.forEachChunk(of: compositions.count, chunkSize: 256, limit: threads) { range in
        FeatureInput.withShared { input in
          for row in range { fill(rows[row], for: compositions[row], using: input) }
        }
      }
    }
  }

  /// Reads formulas and overwrites a matrix of as many rows with their numbers, each thread its rows.
  ///
  /// - Returns: positions and errors of formulas that cannot be read, ascending; their rows are NaN.
  public func fill(
    _ matrix: inout Matrix, parsing formulas: [String], threads: Int = Threads.limit
  ) -> [(row: Int, error: FormulaError)] {
    precondition(matrix.rows == formulas.count && matrix.columns == count, "a matrix of another shape")
    let errors = Mutex<[(row: Int, error: FormulaError)]>([])
    matrix.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let rows = RowPointer(base: base, width: count)
      Threads.forEachChunk(of: formulas.count, chunkSize: 256, limit: threads) { range in
        FeatureInput.withShared { input in
          for row in range {
            do throws(FormulaError) {
              fill(rows[row], for: try Composition(formula: formulas[row]), using: input)
            } catch {
              rows[row].update(repeating: .nan)
              errors.withLock { $0.append((row, error)) }
            }
          }
        }
      }
    }
    return errors.withLock { $0.sorted { $0.row < $1.row } }
  }

  /// Fills one row.
  package func fill(
    _ row: UnsafeMutableBufferPointer<Double>, for composition: Composition, using input: FeatureInput
  ) {
    input.load(composition, oxidationStates: needsOxidationStates)
    var start = 0
    fillers.forEach { filler in
      let end = start + filler.count
      filler.fill(UnsafeMutableBufferPointer(rebasing: row[start..<end]), from: input)
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

/// Featurizers that are called without counting references: the count of a featurizer that all threads use is one place
/// in memory, and they would wait for each other there.
private final class Fillers: @unchecked Sendable {
  // Written only while it is made.
  private let owned: [Filler]
  private let unowned: [Unmanaged<Filler>]

  init(_ featurizers: [any Featurizer]) {
    func filler(_ featurizer: some Featurizer) -> Filler { TypedFiller(featurizer) }
    owned = featurizers.map { filler($0) }
    unowned = owned.map { Unmanaged.passUnretained($0) }
  }

  @inline(__always)
  func forEach(_ body: (Filler) -> Void) {
    unowned.withUnsafeBufferPointer { fillers in
      for i in fillers.indices { fillers[i]._withUnsafeGuaranteedRef { body($0) } }
    }
  }
}

private class Filler {
  let count: Int

  init(count: Int) { self.count = count }

  func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {}
}

private final class TypedFiller<F: Featurizer>: Filler {
  private let featurizer: F

  init(_ featurizer: F) {
    self.featurizer = featurizer
    super.init(count: featurizer.count)
  }

  override func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    featurizer.fill(out, from: input)
  }
}
