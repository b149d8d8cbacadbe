import FileIO
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Fetches a data set from its address, a mirror or a folder; what is written has the known digest.
public struct DatasetFetcher: Sendable {
  /// Seconds without a byte after which a server is given up.
  public var timeout: Double

  public init(timeout: Double = 60) { self.timeout = timeout }

  /// - Parameters:
  ///   - source: a folder, a file, or an http(s) address: of the file, or of a folder if it ends in `/`. Nil for the
  ///     address in the registry.
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
    guard let url = URL(string: place) else { throw .unreachable(place, reason: "is not an address") }
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeout
    let session = URLSession(configuration: configuration)
    defer { session.finishTasksAndInvalidate() }
    // The program waits for this one answer; nothing else runs meanwhile.
    let answer = Answer()
    let done = DispatchSemaphore(value: 0)
    session.dataTask(with: url) { data, response, error in
      answer.set(data, (response as? HTTPURLResponse)?.statusCode, error?.localizedDescription)
      done.signal()
    }.resume()
    done.wait()
    if let reason = answer.reason { throw .unreachable(place, reason: reason) }
    guard answer.status == 200, let data = answer.data else { throw .refused(place, status: answer.status ?? 0) }
    return data
  }

  /// What the session's thread hands over before it signals.
  private final class Answer: @unchecked Sendable {
    // Written once, before the semaphore is signalled, and read after it.
    private(set) var data: Data?
    private(set) var status: Int?
    private(set) var reason: String?

    func set(_ data: Data?, _ status: Int?, _ reason: String?) {
      self.data = data
      self.status = status
      self.reason = reason
    }
  }
}
