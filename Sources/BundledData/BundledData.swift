import CBundledData

/// The project's own tables, compiled into the program.
///
/// Their columns, units and sources are described in `Datasets/README.md`.
public enum BundledData: String, CaseIterable, Sendable {
  /// Facts about the 118 elements.
  case elements

  /// The text of the table. O(bytes), a copy.
  public var text: String {
    let file = embedded
    return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
  }

  private var embedded: bundled_file {
    switch self {
    case .elements: bundled_elements()
    }
  }
}
