import Chemistry

/// Numbers that describe a composition: a name, labelled columns, and how to fill them.
///
///     let values = StoichiometryNorms().values(for: try Composition(formula: "Li3PS4"))
///
/// A featurizer holds tables only; filling changes nothing in it and gives the same numbers for the
/// same composition. All values are finite. Formulas that differ by a factor give the same vector,
/// unless a featurizer says otherwise.
public protocol Featurizer: Sendable {
  /// The name by which a set is chosen: `magpie`.
  var name: String { get }

  /// One for each number.
  var columns: [DescriptorColumn] { get }

  /// Where definitions and values come from, one publication or program each.
  var citations: [String] { get }

  /// How many numbers; `columns.count`, stored.
  var count: Int { get }

  /// Whether `FeatureInput.ions` have to be there.
  var needsOxidationStates: Bool { get }

  /// By atomic number, hydrogen first: whether a value of the element that goes into some column is
  /// not in the sources and stands at the mean of the others, or at what the set says.
  var imputed: [Bool] { get }

  /// Writes `count` numbers. Does not allocate.
  func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput)
}

extension Featurizer {
  public var labels: [String] { columns.map(\.label) }
  public var units: [String] { columns.map(\.unit) }
  public var needsOxidationStates: Bool { false }
  public var imputed: [Bool] { [Bool](repeating: false, count: Element.count) }

  /// The numbers of one composition; allocates, for single use.
  public func values(for composition: Composition) -> [Double] {
    let input = FeatureInput()
    input.load(composition, oxidationStates: needsOxidationStates)
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: input)
      initialized = count
    }
  }
}

/// One number of a descriptor vector.
public struct DescriptorColumn: Sendable, Equatable {
  /// Unique among all columns of the project.
  public let label: String
  /// Empty for a number without unit.
  public let unit: String

  public init(_ label: String, unit: String = "") {
    self.label = label
    self.unit = unit
  }
}
