import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A small HTTP server on the loopback interface that knows a few paths.
final class LoopbackServer: @unchecked Sendable {
  // The listening socket is closed by `stop`, which ends the thread; the rest never changes.
  let port: UInt16
  private let socket: Int32
  private let files: [String: Data]

  struct Failure: Error {}

  init(serving files: [String: Data]) throws {
    self.files = files
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = socket
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
        && getsockname(descriptor, $0, &length) == 0 }
    }
    guard socket >= 0, bound else { throw Failure() }
    port = UInt16(bigEndian: address.sin_port)
    Thread { [self] in serve() }.start()
  }

  func stop() {
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  private func serve() {
    while true {
      let client = accept(socket, nil, nil)
      guard client >= 0 else { return }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = read(client, &buffer, buffer.count)
      let request = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
      let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? ""
      let body = files[path]
      let head =
        "HTTP/1.1 \(body == nil ? "404 Not Found" : "200 OK")\r\nContent-Length: \(body?.count ?? 0)\r\nConnection: close\r\n\r\n"
      let answer = [UInt8](Data(head.utf8) + (body ?? Data()))
      _ = write(client, answer, answer.count)
      close(client)
    }
  }
}
