import Foundation

/// What the other end of an output stream is: how wide, and whether it shows colour.
///
/// `COLUMNS` overrides the width that a terminal states; a stream that is no terminal has the width of a page.
/// Colour is shown on a terminal only, and not when `NO_COLOR` holds anything (no-color.org) or `TERM` is `dumb`.
public struct Terminal: Sendable, Equatable {
  public let isTerminal: Bool
  /// Characters in a line.
  public let width: Int
  public let hasColour: Bool

  /// Width where nothing states one.
  public static let pageWidth = 100

  public init(isTerminal: Bool, statedWidth: Int? = nil, environment: [String: String]) {
    self.isTerminal = isTerminal
    let columns = environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
    width = columns ?? statedWidth ?? Self.pageWidth
    hasColour = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// The stream of a file descriptor.
  public init(descriptor: Int32) {
    var size = winsize()
    let isStated = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    self.init(
      isTerminal: isatty(descriptor) == 1, statedWidth: isStated ? Int(size.ws_col) : nil,
      environment: ProcessInfo.processInfo.environment)
  }

  public static let output = Terminal(descriptor: FileHandle.standardOutput.fileDescriptor)
  public static let error = Terminal(descriptor: FileHandle.standardError.fileDescriptor)

  public enum Style: String, Sendable {
    case bold = "1", dim = "2", red = "31", green = "32", yellow = "33"
  }

  /// The text in a style, where there is colour.
  public func styled(_ text: String, _ style: Style) -> String {
    hasColour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Lines of a report with the heads of their tables set off: a head is a line above a rule.
  public func emphasising(_ lines: [String]) -> [String] {
    guard hasColour else { return lines }
    func isRule(_ line: String) -> Bool { line.contains("─") && line.allSatisfy { $0 == "─" || $0 == " " } }
    return lines.indices.map { index in
      if isRule(lines[index]) { return styled(lines[index], .dim) }
      return index + 1 < lines.count && isRule(lines[index + 1]) ? styled(lines[index], .bold) : lines[index]
    }
  }

  /// A report of something wrong: its place in bold, a warning in yellow, an error in red.
  public func emphasising(report: String) -> String {
    guard hasColour else { return report }
    let lines = report.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      guard let place = line.firstMatch(of: #/^[^\s:]+(?::\d+)?:(?= )/#) else { return String(line) }
      let rest = line[place.range.upperBound...]
      let style: Style = rest.hasPrefix(" warning:") ? .yellow : .red
      guard let mark = rest.firstMatch(of: #/^ (?:warning|Error):/#) else {
        return styled(String(place.output), .bold) + rest
      }
      return styled(String(place.output), .bold) + styled(String(mark.output), style) + rest[mark.range.upperBound...]
    }
    return lines.joined(separator: "\n")
  }
}
