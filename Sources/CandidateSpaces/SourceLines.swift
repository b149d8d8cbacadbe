/// Where the keys of a TOML document stand, so that an error about a value can name its line.
///
/// Reads only headers and the beginnings of lines; what it does not recognise (keys in inline
/// tables, say) takes the line of the table it is in.
struct SourceLines: Sendable {
  let file: String
  private var lines: [String: Int] = [:]

  init(_ text: String, file: String) {
    self.file = file
    var path = ""
    var counts: [String: Int] = [:]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let trimmed = line.trimmingPrefix { $0.isWhitespace }
      if trimmed.hasPrefix("[[") {
        let name = Self.key(trimmed.dropFirst(2).prefix { $0 != "]" })
        path = Self.place(of: name, counts: counts)
        counts[path, default: 0] += 1
        path += "[\(counts[path, default: 1] - 1)]"
        lines[path] = number + 1
      } else if trimmed.hasPrefix("[") {
        path = Self.place(of: Self.key(trimmed.dropFirst().prefix { $0 != "]" }), counts: counts)
        lines[path] = number + 1
      } else if let equals = trimmed.firstIndex(of: "="), trimmed.first != "#" {
        let place = Self.join(path, Self.key(trimmed[..<equals]))
        if lines[place] == nil { lines[place] = number + 1 }
      }
    }
  }

  /// The line of a key in a table, or of the table, or 1.
  func line(of key: String, in path: String) -> Int {
    if !key.isEmpty, let line = lines[Self.join(path, key)] { return line }
    var path = path
    while !path.isEmpty {
      if let line = lines[path] { return line }
      guard let dot = path.lastIndex(of: ".") else { break }
      path = String(path[..<dot])
    }
    return 1
  }

  static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private static func key(_ text: some StringProtocol) -> String {
    String(text.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
  }

  /// `space.site` with the numbers of the arrays it stands in: `space[1].site`.
  private static func place(of name: String, counts: [String: Int]) -> String {
    var place = ""
    let parts = name.split(separator: ".")
    for (index, part) in parts.enumerated() {
      place = join(place, String(part))
      if index < parts.count - 1, let count = counts[place] { place += "[\(count - 1)]" }
    }
    return place
  }
}
