import Foundation

/// Tells how far a job is: a bar on a terminal, plain lines elsewhere, nothing when quiet.
///
/// Writes to standard error, so that results on standard output stay clean.
public final class ProgressReporter {
  private let label: String
  private let style: Style
  private let terminal: Terminal
  private let start = Date()
  private var lastPrinted = Date.distantPast
  /// Steps that were done before this run began, as by one that was killed: they say nothing of the time left.
  public var earlier = 0

  enum Style { case bar, lines, none }

  public init(_ label: String, quiet: Bool, terminal: Terminal = .error) {
    self.label = label
    self.terminal = terminal
    style = quiet ? .none : (terminal.isTerminal ? .bar : .lines)
  }

  /// Reports `done` of `total` steps; the last one ends the bar.
  public func report(_ done: Int, of total: Int, note: String = "") {
    let isLast = done >= total
    let now = Date()
    switch style {
    case .none: return
    case .bar:
      guard isLast || now.timeIntervalSince(lastPrinted) > 0.1 else { return }
      write("\r\u{1B}[K" + bar(done, total, elapsed: now.timeIntervalSince(start), note: note, earlier: earlier))
      if isLast { write("\n") }
    case .lines:
      write(Self.line(label, done, total, elapsed: now.timeIntervalSince(start), note: note, earlier: earlier) + "\n")
    }
    lastPrinted = now
  }

  /// The bar; what does not fit the terminal goes: first the note, then the bar itself, then the end of the text.
  package func bar(_ done: Int, _ total: Int, elapsed: Double, note: String, earlier: Int = 0) -> String {
    // The last column stays free: a full line would wrap on some terminals.
    let room = terminal.width - 1
    let count = "\(done)/\(total)\(Self.timing(done, total, elapsed, earlier))"
    let bare = label.count + 1 + count.count
    let withNote = note.isEmpty ? 0 : 2 + note.count
    let bar = min(30, room - bare - 1 - withNote)
    if bar >= 8 { return "\(label) \(blocks(bar, done, total)) \(count)\(note.isEmpty ? "" : "  \(note)")" }
    let narrow = min(30, room - bare - 1)
    if narrow >= 8 { return "\(label) \(blocks(narrow, done, total)) \(count)" }
    return String("\(label) \(count)".prefix(max(1, room)))
  }

  private func blocks(_ width: Int, _ done: Int, _ total: Int) -> String {
    let filled = total > 0 ? min(width, width * done / total) : width
    return terminal.styled(String(repeating: "█", count: filled), .green)
      + terminal.styled(String(repeating: "░", count: width - filled), .dim)
  }

  static func line(_ label: String, _ done: Int, _ total: Int, elapsed: Double, note: String, earlier: Int = 0) -> String {
    "\(label): \(done) of \(total)\(timing(done, total, elapsed, earlier))\(note.isEmpty ? "" : ", \(note)")"
  }

  private static func timing(_ done: Int, _ total: Int, _ elapsed: Double, _ earlier: Int) -> String {
    guard done > earlier else { return "" }
    if done >= total { return ", \(elapsed.fixed(1)) s" }
    return ", \((elapsed / Double(done - earlier) * Double(total - done)).fixed(0)) s left"
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
