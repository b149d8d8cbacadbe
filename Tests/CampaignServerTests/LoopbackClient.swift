import Foundation

/// Sends bytes to a port of this machine and reads what comes back, without a library between.
struct LoopbackClient: Sendable {
  let port: Int

  struct Answer: Sendable {
    /// 0 when the server closed the connection without an answer.
    let status: Int
    let headers: [String: String]
    let body: String
  }

  struct Failure: Error {
    let step: String
    let code: Int32
  }

  /// A request as a well-behaved program makes it.
  func send(
    _ method: String, _ path: String, headers: [String: String] = [:], body: String = "", host: String? = nil
  ) async throws -> Answer {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nConnection: close\r\n"
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
    if !body.isEmpty || method == "POST" { text += "Content-Length: \(body.utf8.count)\r\n" }
    return try await exchange(Data((text + "\r\n" + body).utf8))
  }

  func postJSON(_ path: String, _ body: String, headers: [String: String] = [:]) async throws -> Answer {
    try await send("POST", path, headers: headers.merging(["Content-Type": "application/json"]) { a, _ in a }, body: body)
  }

  func postForm(_ path: String, _ fields: [String: String], headers: [String: String] = [:]) async throws -> Answer {
    let body = fields.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
    return try await send(
      "POST", path, headers: headers.merging(["Content-Type": "application/x-www-form-urlencoded"]) { a, _ in a },
      body: body.joined(separator: "&"))
  }

  /// Any bytes; reads until the server closes or falls silent for so many seconds.
  func exchange(_ bytes: Data, silence: Int = 600, halfCloses: Bool = false) async throws -> Answer {
    // On a thread of its own: the threads that serve must not wait for the client.
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try blocking(bytes, silence, halfCloses) }) }
    }
  }

  private func blocking(_ bytes: Data, _ silence: Int, _ halfCloses: Bool) throws -> Answer {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(step: "socket", code: errno) }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: silence, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw Failure(step: "connect", code: errno) }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
      // A server may answer and close before it has read everything.
      if count <= 0 { break }
      sent += count
    }
    if halfCloses { shutdown(descriptor, Int32(SHUT_WR)) }
    var answer = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { break }
      answer.append(contentsOf: buffer[..<count])
    }
    return Self.parsed(answer)
  }

  private static func parsed(_ data: Data) -> Answer {
    let text = String(decoding: data, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return Answer(status: 0, headers: [:], body: text) }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
    }
    return Answer(status: status, headers: headers, body: String(text[end.upperBound...]))
  }
}
