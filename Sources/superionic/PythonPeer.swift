import Foundation

/// A peer measured beside us, when a Python that has it is named: one child process that answers one
/// question at a time, so that its runs and ours alternate.
///
/// The script reads a question a line and answers each with a line of JSON.
final class PythonPeer {
  struct Answer: Decodable {
    /// Seconds.
    var time: Double
    /// What the peer computed, such as a log likelihood, where it was asked for.
    var value: Double?
  }

  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private var buffer = Data()

  /// - Parameter python: a program of `PATH`, or a path.
  /// - Throws: when the program cannot be started.
  init(python: String, script: String) throws {
    process.executableURL = URL(fileURLWithPath: Self.found(python))
    process.arguments = ["-W", "ignore", "-c", script]
    process.standardInput = questions
    process.standardOutput = answers
    try process.run()
  }

  deinit { try? questions.fileHandleForWriting.close() }

  /// Asks for one timed run; nil when the peer is not there or failed.
  func ask(_ question: String) -> Answer? {
    guard process.isRunning else { return nil }
    try? questions.fileHandleForWriting.write(contentsOf: Data((question + "\n").utf8))
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[buffer.startIndex..<end]
        buffer = Data(buffer[buffer.index(after: end)...])
        return try? JSONDecoder().decode(Answer.self, from: line)
      }
      let part = answers.fileHandleForReading.availableData
      guard !part.isEmpty else { return nil }
      buffer.append(part)
    }
  }

  /// Runs a script once with some input and returns what it prints.
  ///
  /// The script is to read all of its input before it writes.
  /// - Throws: when the program cannot be started.
  static func output(python: String, script: String, arguments: [String] = [], input: String = "") throws -> Data {
    let process = Process()
    let (questions, answers) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: found(python))
    process.arguments = ["-W", "ignore", "-c", script] + arguments
    process.standardInput = questions
    process.standardOutput = answers
    try process.run()
    try questions.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try questions.fileHandleForWriting.close()
    let data = answers.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data
  }

  /// A bare name is looked for in PATH.
  private static func found(_ name: String) -> String {
    if name.contains("/") { return name }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) } ?? name
  }
}
