/// Why descriptors could not be chosen.
public enum DescriptorError: Error, Equatable, Sendable {
  /// No set has this name.
  case unknown(String, suggestion: String?)
}

extension DescriptorError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name, let suggestion):
      let known = (DescriptorSet.names + ["all"]).joined(separator: ", ")
      let hint = suggestion.map { "did you mean \"\($0)\"? " } ?? ""
      return "unknown descriptors \"\(name)\"; \(hint)Known: \(known)"
    }
  }
}
