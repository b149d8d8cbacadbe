import FileIO
import Foundation
import Hummingbird

/// Decides which requests are answered at all: the right host, no foreign origin, the right token.
///
/// - A page of another site can make a browser send requests here (cross-site request forgery), or give its own name the
///   address of this machine (DNS rebinding). Against the first stand the `Origin` and `Sec-Fetch-Site` fields, a secret in
///   every form, and JSON as the only other body; against the second the `Host` field, which then holds the foreign name.
/// - Comparisons of secrets take the same time wherever they differ.
struct RequestGuard: Sendable {
  let settings: ServerSettings
  /// Made anew for every server: sessions and forms end with it.
  let secret: String

  static let cookieName = "superionic_session"

  init(settings: ServerSettings) {
    self.settings = settings
    var generator = SystemRandomNumberGenerator()
    secret = (0..<4).map { _ in String(generator.next(), radix: 16) }.joined(separator: "-")
  }

  /// What a form has to bring back.
  var formToken: String { Digest.sha256(Data("form \(secret)".utf8)) }

  /// What a browser keeps after the token was entered.
  var session: String { Digest.sha256(Data("session \(secret) \(settings.token ?? "")".utf8)) }

  /// Why a request is refused before anything else is looked at, if it is.
  func refusal(of request: Request) -> Refusal? {
    guard let authority = request.head.authority, !authority.isEmpty else {
      return Refusal(.badRequest, "the request names no host", "send a Host field")
    }
    let host = Self.hostName(authority)
    // With a token, the cookie belongs to one name and a foreign name brings none.
    if settings.token == nil, !ServerSettings.isLoopback(host), host != settings.host.lowercased() {
      return Refusal(.misdirectedRequest, "\"\(authority)\" is no name of this server", "open it at \(settings.host)")
    }
    if request.method == .get || request.method == .head { return nil }
    if let origin = Self.field("origin", of: request), origin != "http://\(authority)", origin != "https://\(authority)" {
      return Refusal(.forbidden, "the request comes from another site", "use the pages of this server")
    }
    if let site = Self.field("sec-fetch-site", of: request), site != "same-origin", site != "none" {
      return Refusal(.forbidden, "the request comes from another site", "use the pages of this server")
    }
    return nil
  }

  /// Whether the request shows the token, as a bearer or by a session.
  func isAdmitted(_ request: Request) -> Bool {
    guard let token = settings.token else { return true }
    if let authorization = Self.field("authorization", of: request), authorization.lowercased().hasPrefix("bearer ") {
      return Self.isSame(String(authorization.dropFirst(7)).trimmingCharacters(in: .whitespaces), token)
    }
    let cookies = Self.field("cookie", of: request) ?? ""
    return cookies.split(separator: ";").contains { part in
      let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      return pair.count == 2 && pair[0] == Self.cookieName && Self.isSame(pair[1], session)
    }
  }

  func isToken(_ text: String) -> Bool { settings.token.map { Self.isSame(text, $0) } ?? false }

  func isFormToken(_ text: String) -> Bool { Self.isSame(text, formToken) }

  /// Compares digests, so that time tells nothing about where texts differ.
  static func isSame(_ a: String, _ b: String) -> Bool {
    let (x, y) = (Digest.sha256(Data(a.utf8)).utf8, Digest.sha256(Data(b.utf8)).utf8)
    return zip(x, y).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// The name in `name:port` or `[address]:port`, in lower case.
  static func hostName(_ authority: String) -> String {
    let text = authority.lowercased()
    if text.hasPrefix("[") { return String(text.prefix { $0 != "]" }) + "]" }
    return String(text.prefix { $0 != ":" })
  }

  /// A header field by its name in lower case.
  static func field(_ name: String, of request: Request) -> String? {
    request.headers.first { $0.name.canonicalName == name }?.value
  }
}

/// A request that is not carried out: why, and what to do.
struct Refusal: Error, Sendable {
  let status: HTTPResponse.Status
  let problem: String
  let remedy: String
  /// Reports about single values, if any.
  var reports: [String] = []

  init(_ status: HTTPResponse.Status, _ problem: String, _ remedy: String, reports: [String] = []) {
    self.status = status
    self.problem = problem
    self.remedy = remedy
    self.reports = reports
  }
}
