import Foundation

/// Fields of `application/x-www-form-urlencoded` text, as in a form's body or a query.
struct FormBody: Sendable {
  private var fields: [String: String] = [:]
  private var counts: [String: Int] = [:]

  /// A value that is not percent-encoded UTF-8 is empty; the first of several fields of one name counts.
  init(_ text: String) {
    for pair in text.split(separator: "&").prefix(256) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      func decoded(_ part: Substring) -> String? {
        part.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
      }
      guard let name = decoded(parts[0]) else { continue }
      counts[name, default: 0] += 1
      if fields[name] == nil { fields[name] = (parts.count > 1 ? decoded(parts[1]) : nil) ?? "" }
    }
  }

  /// How often a field is given.
  func count(of name: String) -> Int { counts[name] ?? 0 }

  /// A field without the blanks around it; nil when it is absent or empty.
  subscript(name: String) -> String? {
    guard let value = fields[name]?.trimmingCharacters(in: .whitespacesAndNewlines), !value.isEmpty else { return nil }
    return value
  }
}
