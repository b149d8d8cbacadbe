/// Named tensors and text, the contents of a model file before it is written.
///
/// A fitted model writes itself into an archive and is read back from one; models made of other
/// models nest them under a prefix. The archive knows nothing of files: see `Safetensors`.
public struct TensorArchive: Sendable, Equatable {
  /// An array of numbers with a shape, row-major.
  public struct Tensor: Sendable, Equatable {
    public var shape: [Int]
    public var values: Values

    public enum Values: Sendable, Equatable {
      case float64([Double])
      case float32([Float])
      case int64([Int64])
    }
  }

  public private(set) var tensors: [String: Tensor] = [:]
  /// Text by key: kinds, names, options. Kept in the header of the file.
  public private(set) var metadata: [String: String] = [:]

  public init() {}

  public init(tensors: [String: Tensor], metadata: [String: String]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  // MARK: Writing

  public mutating func set(_ name: String, _ values: [Double], shape: [Int]? = nil) {
    tensors[name] = Tensor(shape: shape ?? [values.count], values: .float64(values))
  }

  public mutating func set(_ name: String, _ values: [Float], shape: [Int]? = nil) {
    tensors[name] = Tensor(shape: shape ?? [values.count], values: .float32(values))
  }

  public mutating func set(_ name: String, _ values: [Int], shape: [Int]? = nil) {
    tensors[name] = Tensor(shape: shape ?? [values.count], values: .int64(values.map(Int64.init)))
  }

  public mutating func set(_ name: String, text: String) { metadata[name] = text }

  /// Adds everything in `archive` with `prefix.` before each name.
  public mutating func nest(_ archive: TensorArchive, under prefix: String) {
    for (name, tensor) in archive.tensors { tensors["\(prefix).\(name)"] = tensor }
    for (name, text) in archive.metadata { metadata["\(prefix).\(name)"] = text }
  }

  // MARK: Reading

  /// The part whose names begin with `prefix.`, without the prefix.
  public func nested(under prefix: String) -> TensorArchive {
    let start = "\(prefix)."
    func strip<V>(_ dictionary: [String: V]) -> [String: V] {
      var result: [String: V] = [:]
      for (name, value) in dictionary where name.hasPrefix(start) {
        result[String(name.dropFirst(start.count))] = value
      }
      return result
    }
    return TensorArchive(tensors: strip(tensors), metadata: strip(metadata))
  }

  /// A tensor of doubles.
  /// - Throws: `ArchiveError` when it is missing, of another type, or not of `shape`.
  public func doubles(_ name: String, shape: [Int]? = nil) throws(ArchiveError) -> [Double] {
    guard case .float64(let values) = try tensor(name, shape: shape).values else {
      throw .wrongType(name)
    }
    return values
  }

  /// A tensor of floats; see `doubles(_:shape:)`.
  public func floats(_ name: String, shape: [Int]? = nil) throws(ArchiveError) -> [Float] {
    guard case .float32(let values) = try tensor(name, shape: shape).values else {
      throw .wrongType(name)
    }
    return values
  }

  /// A tensor of integers; see `doubles(_:shape:)`.
  public func integers(_ name: String, shape: [Int]? = nil) throws(ArchiveError) -> [Int] {
    guard case .int64(let values) = try tensor(name, shape: shape).values else {
      throw .wrongType(name)
    }
    return values.map(Int.init)
  }

  /// A tensor of one double.
  public func double(_ name: String) throws(ArchiveError) -> Double {
    try doubles(name, shape: [1])[0]
  }

  public func text(_ name: String) throws(ArchiveError) -> String {
    guard let value = metadata[name] else { throw .missing(name) }
    return value
  }

  /// The shape of a tensor.
  public func shape(_ name: String) throws(ArchiveError) -> [Int] {
    try tensor(name, shape: nil).shape
  }

  private func tensor(_ name: String, shape: [Int]?) throws(ArchiveError) -> Tensor {
    guard let tensor = tensors[name] else { throw .missing(name) }
    if let shape, shape != tensor.shape {
      throw .wrongShape(name, expected: shape, found: tensor.shape)
    }
    return tensor
  }
}

/// Why an archive does not hold the model it should.
public enum ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
  case missing(String)
  case wrongType(String)
  case wrongShape(String, expected: [Int], found: [Int])
  /// A value that no version of this program writes.
  case invalid(String, reason: String)

  public var description: String {
    switch self {
    case .missing(let name): "the model file has no \"\(name)\""
    case .wrongType(let name): "\"\(name)\" in the model file is of another type"
    case .wrongShape(let name, let expected, let found):
      "\"\(name)\" in the model file has shape \(found), not \(expected)"
    case .invalid(let name, let reason): "\"\(name)\" in the model file \(reason)"
    }
  }
}
