import BundledData
import Chemistry

/// Mean, variance, minimum and maximum of the 44 elemental properties that Oliynyk and others chose for
/// intermetallics: several scales of electronegativity and radius, valence counts, thermal properties.
///
/// Values as in the table of ElementEmbeddings 0.8.0 (85 elements). Gaps hold the mean over the elements.
public struct OliynykDescriptors: Featurizer {
  public let name = "oliynyk"
  public let columns: [DescriptorColumn]
  public let count: Int
  public let citations = [
    "A. O. Oliynyk et al., Chem. Mater. 28, 7324-7331 (2016), doi 10.1021/acs.chemmater.6b02724",
    "ElementEmbeddings 0.8.0",
  ]
  public var imputed: [Bool] { Self.table.imputedElements() }

  private static let table: ElementPropertyTable = {
    let source = BundledData.oliynykElements.table
    precondition(source.texts("symbol") == Element.all.map(\.symbol), "other elements")
    let names = source.columns.filter { $0 != "symbol" }
    return ElementPropertyTable(properties: names, values: names.map { source.numbers($0) })
  }()

  private let moments: ElementMoments

  public init() {
    moments = ElementMoments(table: Self.table)
    columns = moments.columns(prefix: "oliynyk", unit: Self.unit(of:))
    count = columns.count
  }

  /// What stands in brackets at the end of a property's name.
  private static func unit(of property: String) -> String {
    guard let end = property.lastIndex(where: { $0 == ")" || $0 == "]" }), property.index(after: end) == property.endIndex,
      let start = property.firstIndex(where: { $0 == "(" || $0 == "[" })
    else { return "" }
    let inside = property[property.index(after: start)..<end].filter { $0 != "(" && $0 != ")" }
    return inside == "A^3" ? "Å³" : inside.replacing("_", with: " ")
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    moments.fill(out, from: input, weights: UnsafePointer(input.fractions))
  }
}
