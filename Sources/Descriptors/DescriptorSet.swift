import Chemistry
import LinearAlgebra

/// Featurizers side by side: the columns of a descriptor matrix.
///
///     let magpie = try DescriptorSet(named: "magpie")
///     let x = magpie.matrix(for: compositions)   // n × 132
public struct DescriptorSet: Sendable {
  public let featurizers: [any Featurizer]
  public let labels: [String]

  /// The featurizers that can be asked for by name, in the order of `all`.
  public static let available: [any Featurizer] = [
    MagpieDescriptors(), StoichiometryNorms(), ValenceOrbitals(), ElementFractions(),
  ]

  public init(_ featurizers: [any Featurizer]) {
    self.featurizers = featurizers
    labels = featurizers.flatMap(\.labels)
  }

  /// The featurizers named in a list such as `magpie,valence`, in that order; `all` is every one.
  ///
  /// - Throws: `DescriptorError` for a name that is unknown or stands twice, or none at all.
  public init(named list: String) throws(DescriptorError) {
    let names = list.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }.filter { !$0.isEmpty }
    guard !names.isEmpty else { throw .none }
    if names == ["all"] {
      self.init(Self.available)
      return
    }
    var chosen: [any Featurizer] = []
    for name in names {
      guard let featurizer = Self.available.first(where: { $0.name == name }) else {
        throw .unknown(name, available: Self.available.map(\.name) + ["all"])
      }
      if chosen.contains(where: { $0.name == name }) { throw .repeated(name) }
      chosen.append(featurizer)
    }
    self.init(chosen)
  }

  /// One row for each composition, n × `labels.count`; on all cores.
  public func matrix(for compositions: [Composition]) -> Matrix {
    let width = labels.count
    var result = Matrix(rows: compositions.count, columns: width)
    result.elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      Threads.forEachChunk(of: compositions.count, chunkSize: 256) { rows in
        var offset = 0
        for featurizer in featurizers {
          let count = featurizer.labels.count
          for row in rows {
            let start = row * width + offset
            featurizer.fill(.init(rebasing: out[start..<start + count]), for: compositions[row])
          }
          offset += count
        }
      }
    }
    return result
  }
}

/// Why a list of descriptor sets cannot be used.
public enum DescriptorError: Error, Equatable, Sendable, CustomStringConvertible {
  case none
  case unknown(String, available: [String])
  case repeated(String)

  public var description: String {
    switch self {
    case .none: "no descriptor set is named; write a list such as magpie,valence"
    case .unknown(let name, let available):
      "no descriptor set is named \"\(name)\"; there are \(available.joined(separator: ", "))"
    case .repeated(let name): "descriptor set \"\(name)\" stands twice; name it once"
    }
  }
}
