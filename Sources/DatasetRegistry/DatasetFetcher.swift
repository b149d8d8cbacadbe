import FileIO
import Foundation

/// Fetches a data set from its address, a mirror or a folder; what is written has the known digest.
///
/// Addresses are fetched by the program `curl`: Foundation's networking would tie the program to libcurl and what that
/// needs, for a command that is used once.
public struct DatasetFetcher: Sendable {
  /// Seconds without a byte after which a server is given up.
  public var timeout: Double

  public init(timeout: Double = 60) { self.timeout = timeout }

  /// - Parameters:
  ///   - dataset: what to fetch; the digest in its entry decides whether the bytes are kept.
  ///   - source: a folder, a file, or an http(s) address: of the file, or of a folder if it ends in `/`. Nil for
  ///     the address in the registry.
  ///   - destination: the file to write, whole or not at all.
  /// - Returns: where it came from.
  /// - Throws: `DatasetError`.
  @discardableResult
  public func fetch(_ dataset: PublicDataset, from source: String?, to destination: String) throws(DatasetError) -> String {
    let place = try place(of: dataset, source)
    let data = try contents(place)
    let digest = Digest.sha256(data)
    guard digest == dataset.sha256 else { throw .altered(place, expected: dataset.sha256, found: digest) }
    do {
      try FileContents.write(data, to: destination)
    } catch {
      throw .file(destination, reason: "\(error)")
    }
    return place
  }

  private func place(of dataset: PublicDataset, _ source: String?) throws(DatasetError) -> String {
    guard let source else {
      guard !dataset.address.isEmpty else { throw .noAddress(dataset.name) }
      return dataset.address
    }
    if Self.isAddress(source) { return source.hasSuffix("/") ? source + dataset.file : source }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? source + (source.hasSuffix("/") ? "" : "/") + dataset.file : source
  }

  private static func isAddress(_ source: String) -> Bool { source.hasPrefix("http://") || source.hasPrefix("https://") }

  private func contents(_ place: String) throws(DatasetError) -> Data {
    guard Self.isAddress(place) else {
      do { return try FileContents.read(place) } catch { throw .file(place, reason: "\(error)") }
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("superionic-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("data").path
    let seconds = "\(max(1, Int(timeout.rounded(.up))))"
    let curl = Process()
    curl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    curl.arguments = [
      "curl", "--silent", "--show-error", "--location", "--max-redirs", "5", "--proto", "=http,https",
      "--connect-timeout", seconds, "--speed-limit", "1", "--speed-time", seconds, "--write-out", "%{http_code}",
      "--output", file, "--", place,
    ]
    let (answer, complaint) = (Pipe(), Pipe())
    curl.standardInput = FileHandle.nullDevice
    curl.standardOutput = answer
    curl.standardError = complaint
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try curl.run()
    } catch {
      throw .unreachable(place, reason: "\(error.localizedDescription)")
    }
    // Both are a line at most, so neither pipe fills while the other is read.
    func text(_ pipe: Pipe) -> String {
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let status = Int(text(answer)) ?? 0
    let reason = text(complaint)
    curl.waitUntilExit()
    if curl.terminationStatus == Self.noSuchProgram {
      throw .unreachable(place, reason: "curl is not installed; install it, or download the file and name it with --from")
    }
    guard curl.terminationStatus == 0 else { throw .unreachable(place, reason: reason) }
    guard status == 200 else { throw .refused(place, status: status) }
    do { return try FileContents.read(file) } catch { throw .file(file, reason: "\(error)") }
  }

  /// What `env` says when it finds no such program.
  private static let noSuchProgram: Int32 = 127
}
