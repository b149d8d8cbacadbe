import Chemistry

/// Properties of all elements in one block, row by atomic number, for statistics over compositions.
///
/// Missing values are filled when the table is made: with the plain mean of the property over the
/// elements that have it. `isImputed` remembers which.
final class ElementPropertyTable: @unchecked Sendable {
  // Written only while it is made, never freed while the program runs.
  typealias Lanes = SIMD4<Double>

  let properties: [String]
  /// Groups of four properties that one element takes.
  let stride: Int
  /// `stride` groups for each element, from hydrogen.
  let lanes: UnsafePointer<Lanes>
  private let imputed: [Bool]

  /// - Parameter values: for each property, a value or nil for each of the 118 elements.
  init(properties: [String], values: [[Double?]]) {
    precondition(values.count == properties.count && values.allSatisfy { $0.count == Element.count })
    self.properties = properties
    stride = (properties.count + 3) / 4
    let block = UnsafeMutablePointer<Lanes>.allocate(capacity: stride * Element.count)
    block.initialize(repeating: .zero, count: stride * Element.count)
    var imputed = [Bool](repeating: false, count: properties.count * Element.count)
    for (p, column) in values.enumerated() {
      let known = column.compactMap { $0 }
      let mean = known.reduce(0, +) / Double(max(1, known.count))
      for (z, value) in column.enumerated() {
        block[z * stride + p / 4][p % 4] = value ?? mean
        imputed[p * Element.count + z] = value == nil
      }
    }
    lanes = UnsafePointer(block)
    self.imputed = imputed
  }

  deinit { lanes.deallocate() }

  func value(_ property: Int, _ element: Element) -> Double {
    lanes[(element.atomicNumber - 1) * stride + property / 4][property % 4]
  }

  /// Whether some of the properties (all where nil) is missing for an element, hydrogen first.
  func imputedElements(among names: [String]? = nil) -> [Bool] {
    let chosen = properties.indices.filter { names?.contains(properties[$0]) ?? true }
    return (0..<Element.count).map { z in chosen.contains { imputed[$0 * Element.count + z] } }
  }

  func isImputed(_ property: Int, _ element: Element) -> Bool {
    imputed[property * Element.count + element.atomicNumber - 1]
  }
}

/// Where the values of a table are, without a reference to it; valid while the table is kept beside it.
struct TableValues: @unchecked Sendable {
  let lanes: UnsafePointer<ElementPropertyTable.Lanes>
  let stride: Int
  let properties: Int

  init(_ table: ElementPropertyTable) {
    lanes = table.lanes
    stride = table.stride
    properties = table.properties.count
  }
}
