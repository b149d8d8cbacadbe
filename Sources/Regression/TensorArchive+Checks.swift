import ModelFiles

extension TensorArchive {
  /// Throws unless the archive was written by a model of this kind.
  public func expectKind(_ kind: String) throws(ArchiveError) {
    let found = try text("kind")
    guard found == kind else {
      throw .invalid("kind", reason: "is \"\(found)\", where a model of kind \"\(kind)\" was expected")
    }
  }

  /// Doubles of which none is NaN or infinite.
  package func finiteDoubles(_ name: String, shape: [Int]? = nil) throws(ArchiveError) -> [Double] {
    let values = try doubles(name, shape: shape)
    guard values.allSatisfy(\.isFinite) else {
      throw .invalid(name, reason: "holds a value that is not finite")
    }
    return values
  }

  /// The sizes of a tensor of two dimensions.
  package func tableShape(_ name: String) throws(ArchiveError) -> (rows: Int, columns: Int) {
    let shape = try shape(name)
    guard shape.count == 2 else { throw .invalid(name, reason: "is no table") }
    return (shape[0], shape[1])
  }
}
