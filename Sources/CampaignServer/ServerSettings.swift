import Foundation

/// Where a server listens, and who may use it.
public struct ServerSettings: Sendable {
  /// A name or address to listen on; loopback by default.
  public var host = "127.0.0.1"
  /// 0 takes any free port.
  public var port = 8765
  /// What a user has to show; needed for any host but loopback.
  public var token: String?
  /// Who is at work, where a form does not say.
  public var actor = ""
  public var limits = Limits()

  /// What a client can make the server do.
  public struct Limits: Sendable {
    /// Bytes of a request's body.
    public var bodySize = 1 << 20
    /// Bytes of all header fields together.
    public var headerSize = 16 << 10
    /// Seconds for the whole body to arrive.
    public var bodySeconds = 10.0
    /// Seconds that a connection may stay idle.
    public var idleSeconds = 30.0
    /// Seconds until a computation is answered with 503; it goes on, and its result is kept.
    public var workSeconds = 120.0
    /// Computations that wait, at most.
    public var waiting = 128
    /// Open connections; others wait to be accepted.
    public var connections = 128

    public init() {}
  }

  public init() {}

  /// Letters of the shortest token that is taken.
  public static let shortestToken = 16

  /// Whether only programs on this machine can reach the host.
  public var isLoopback: Bool { Self.isLoopback(host) }

  static func isLoopback(_ host: String) -> Bool {
    let name = host.lowercased()
    if ["localhost", "::1", "[::1]"].contains(name) { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// - Throws: `ServerError.needsToken`, `.shortToken`, `.badPort`.
  public func check() throws(ServerError) {
    guard (0...65535).contains(port) else { throw .badPort(port) }
    if let token {
      guard token.count >= Self.shortestToken, token.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else { throw .shortToken }
    } else if !isLoopback {
      throw .needsToken(host)
    }
  }
}

/// Why a server cannot be started.
public enum ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  case needsToken(String)
  case shortToken
  case badPort(Int)
  case cannotListen(String, reason: String)

  public var description: String {
    switch self {
    case .needsToken(let host):
      "listening on \(host) lets other machines in; give --token, or set SUPERIONIC_TOKEN, or listen on 127.0.0.1"
    case .shortToken: "a token has at least \(ServerSettings.shortestToken) characters without spaces, such as `openssl rand -hex 16` makes"
    case .badPort(let port): "\(port) is no port; take one from 1 to 65535, or 0 for any free one"
    case .cannotListen(let place, let reason): "cannot listen on \(place) (\(reason)); is the port in use? Choose another with --port"
    }
  }
}
