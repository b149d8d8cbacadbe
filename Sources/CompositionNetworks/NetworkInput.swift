import Chemistry
import Descriptors
import Foundation
import LinearAlgebra
import Regression

/// Rows as the network reads them: elements, shares, and further numbers.
package struct NetworkInput: Sendable {
  /// Elements of row i stand at `starts[i]..<starts[i + 1]`.
  package private(set) var starts: [Int] = [0]
  package private(set) var numbers: [UInt8] = []
  package private(set) var fractions: [Float] = []
  package private(set) var logFractions: [Float] = []
  /// rows × extras, and one more so that there is always an address.
  package private(set) var extras: [Float] = []

  /// The nearest known compositions, for networks that recall.
  package var recall: RecallTable?

  package var count: Int { starts.count - 1 }

  package func elementCount(_ row: Int) -> Int { starts[row + 1] - starts[row] }
  package var largestElementCount: Int { (0..<count).map(elementCount).max() ?? 0 }

  /// The same memory as pointers, for the time of a call.
  package struct View: @unchecked Sendable {
    // Only read.
    let starts: UnsafePointer<Int>
    let numbers: UnsafePointer<UInt8>
    let fractions: UnsafePointer<Float>
    let logFractions: UnsafePointer<Float>
    let extras: UnsafePointer<Float>
    let properties: UnsafePointer<Float>
    let recall: RecallTable.View?
  }

  package func withView<T>(_ body: (View) throws -> T) rethrows -> T? {
    guard let recall else { return try withView(recall: nil, body) }
    return try recall.withView { try withView(recall: $0, body) } ?? nil
  }

  private func withView<T>(recall: RecallTable.View?, _ body: (View) throws -> T) rethrows -> T? {
    try starts.withUnsafeBufferPointer { starts in
      try numbers.withUnsafeBufferPointer { numbers in
        try fractions.withUnsafeBufferPointer { fractions in
          try logFractions.withUnsafeBufferPointer { logs in
            try extras.withUnsafeBufferPointer { extras in
              try ElementVectors.magpie.withUnsafeBufferPointer { properties in
                guard let a = starts.baseAddress, let b = numbers.baseAddress, let c = fractions.baseAddress,
                  let d = logs.baseAddress, let e = extras.baseAddress, let f = properties.baseAddress
                else { return nil }
                return try body(
                  View(starts: a, numbers: b, fractions: c, logFractions: d, extras: e, properties: f,
                    recall: recall))
              }
            }
          }
        }
      }
    }
  }

  /// - Parameter standardized: further columns, rows × extras, on a common scale.
  package init(_ compositions: [Composition], standardized: Matrix) {
    for composition in compositions {
      let total = composition.atomCount
      for entry in composition.entries {
        let fraction = entry.amount / total
        numbers.append(UInt8(entry.element.atomicNumber))
        fractions.append(Float(fraction))
        logFractions.append(Float(log(fraction)))
      }
      starts.append(numbers.count)
    }
    extras = standardized.elements.map { Float($0) } + [0]
  }
}

/// Which columns of a feature matrix hold the atomic fractions of the elements, and which the rest.
package struct ElementColumns: Sendable, Equatable {
  /// One for each of the 118 elements.
  package let shares: [Int]
  package let others: [Int]

  /// - Returns: nil unless there is a column for every element, named as by `ElementFractions`.
  package init?(names: [String]) {
    let places = Dictionary(names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { a, _ in a })
    let shares = ElementFractions().columns.compactMap { places[$0.label] }
    guard shares.count == Element.count else { return nil }
    self.shares = shares
    let taken = Set(shares)
    others = names.indices.filter { !taken.contains($0) }
  }

  /// The compositions that rows hold.
  ///
  /// A row without elements is not a material; it reads as hydrogen, so that no model stumbles.
  package func compositions(of features: Matrix) -> [Composition] {
    (0..<features.rows).map { row in
      let total = shares.reduce(0) { $0 + max(0, features[row, $1]) }
      let entries = shares.enumerated().compactMap { z, column in
        let amount = features[row, column]
        return amount > 0 ? Element(atomicNumber: z + 1).map { ($0, amount / total) } : nil
      }
      return Composition(entries) ?? Self.hydrogen
    }
  }

  private static let hydrogen = Composition(
    ordered: Element(atomicNumber: 1).map { [Composition.Entry(element: $0, amount: 1)] } ?? [])

  /// - Returns: nil unless `shares` are 118 different columns below `count`.
  package init?(shares: [Int], count: Int) {
    let taken = Set(shares)
    guard shares.count == Element.count, taken.count == shares.count, shares.allSatisfy({ (0..<count).contains($0) })
    else { return nil }
    self.shares = shares
    others = (0..<count).filter { !taken.contains($0) }
  }
}
