import Foundation

/// Tells how far a job is: a bar on a terminal, plain lines elsewhere, nothing when quiet.
///
/// Writes to standard error, so that results on standard output stay clean.
public final class ProgressReporter {
  private let label: String
  private let style: Style
  private let start = Date()
  private var lastPrinted = Date.distantPast

  enum Style { case bar, lines, none }

  public init(_ label: String, quiet: Bool) {
    self.label = label
    style = quiet ? .none : (isatty(FileHandle.standardError.fileDescriptor) == 1 ? .bar : .lines)
  }

  /// Reports `done` of `total` steps; the last one ends the bar.
  public func report(_ done: Int, of total: Int, note: String = "") {
    let isLast = done >= total
    let now = Date()
    switch style {
    case .none: return
    case .bar:
      guard isLast || now.timeIntervalSince(lastPrinted) > 0.1 else { return }
      write("\r\u{1B}[K" + Self.bar(label, done, total, elapsed: now.timeIntervalSince(start), note: note))
      if isLast { write("\n") }
    case .lines:
      write(Self.line(label, done, total, elapsed: now.timeIntervalSince(start), note: note) + "\n")
    }
    lastPrinted = now
  }

  static func bar(_ label: String, _ done: Int, _ total: Int, elapsed: Double, note: String) -> String {
    let width = 30
    let filled = total > 0 ? min(width, width * done / total) : width
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    return "\(label) \(bar) \(done)/\(total)\(timing(done, total, elapsed))\(note.isEmpty ? "" : "  \(note)")"
  }

  static func line(_ label: String, _ done: Int, _ total: Int, elapsed: Double, note: String) -> String {
    "\(label): \(done) of \(total)\(timing(done, total, elapsed))\(note.isEmpty ? "" : ", \(note)")"
  }

  private static func timing(_ done: Int, _ total: Int, _ elapsed: Double) -> String {
    guard done > 0 else { return "" }
    if done >= total { return ", \(elapsed.fixed(1)) s" }
    return ", \((elapsed / Double(done) * Double(total - done)).fixed(0)) s left"
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
