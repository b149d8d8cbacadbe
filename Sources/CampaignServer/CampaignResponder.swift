import CampaignStore
import Campaigns
import Foundation
import HTTPTypes
import Hummingbird
import Modeling
import Reports

/// Answers requests: pages for people, JSON for programs.
struct CampaignResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let settings: ServerSettings
  let service: CampaignService
  let gate: RequestGuard
  let pages: CampaignPages

  init(settings: ServerSettings, service: CampaignService) {
    self.settings = settings
    self.service = service
    gate = RequestGuard(settings: settings)
    pages = CampaignPages(store: service.path, formToken: gate.formToken)
  }

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    let client: ClientInterface =
      request.uri.path.hasPrefix("/api/") || request.uri.path == "/openapi.json" ? .json : .pages
    do {
      return try await answer(request)
    } catch {
      let refusal = Self.refusal(for: error, to: client)
      var response =
        switch client {
        case .json: try Self.json(ErrorBody(refusal), status: refusal.status)
        case .pages: Self.page(pages.problem(refusal), status: refusal.status)
        }
      if refusal.status == .methodNotAllowed {
        response.headers[.allow] = OpenAPIDescription.methods(of: request.uri.path).joined(separator: ", ")
      }
      return response
    }
  }

  private func answer(_ request: Request) async throws -> Response {
    if let refusal = gate.refusal(of: request) { throw refusal }
    let path = request.uri.path
    switch (request.method, path) {
    case (.get, "/style.css"): return Self.response(Data(CampaignPages.style.utf8), type: "text/css; charset=utf-8")
    case (.get, "/openapi.json"): return Self.response(Data(OpenAPIDescription.json.utf8), type: "application/json")
    case (.get, "/login"): return Self.page(pages.login(problem: nil))
    case (.post, "/login"): return try await logIn(request)
    default: break
    }
    guard gate.isAdmitted(request) else {
      if request.method == .get, !path.hasPrefix("/api/") { return .redirect(to: "/login") }
      throw Refusal(.unauthorized, "the token is missing or wrong", "send it as Authorization: Bearer TOKEN, or log in at /login")
    }
    return path.hasPrefix("/api/") ? try await api(request) : try await page(request)
  }

  // MARK: JSON

  private func api(_ request: Request) async throws -> Response {
    switch (request.method, request.uri.path) {
    case (.get, "/api/status"): return try Self.json(try await service.status())
    case (.get, "/api/history"): return try Self.json(try await service.history())
    case (.get, "/api/suggestions"): return try Self.json(try await service.pending())
    case (.get, "/api/scores"):
      let query = FormBody(request.uri.query ?? "")
      for name in ["search", "start", "limit"] where query.count(of: name) > 1 {
        throw Refusal(.badRequest, "\(name) is given more than once", "give it once")
      }
      for name in ["start", "limit"] where query.count(of: name) == 1 && query[name] == nil {
        throw Refusal(.unprocessableContent, "\(name) is empty", "give a number or leave it out")
      }
      let (text, start, limit) = try Self.selection(query)
      return try Self.json(try await service.scores().selecting(text, from: start, limit: limit))
    case (.post, "/api/suggestions"):
      let body: SuggestionRequest = try await decoded(request)
      return try Self.json(try await service.suggest(body.options(), actor: actor(body.who)), status: .created)
    case (.post, "/api/observations"):
      let body: ObservationRequest = try await decoded(request)
      let who = try actor(body.who)
      let report = try await service.observe(body.values(actor: who), policy: body.policy(), actor: who)
      let answer = ObservationAnswer(report)
      return try Self.json(answer, status: answer.recorded.isEmpty && !answer.refused.isEmpty ? .unprocessableContent : .created)
    case (.post, "/api/decisions"):
      let body: DecisionRequest = try await decoded(request)
      let event = try await service.decide(
        body.kind(), candidate: body.candidate, reason: body.reason ?? "", actor: actor(body.who))
      return try Self.json(["event": event.seq], status: .created)
    default: throw Self.notFound(request)
    }
  }

  private func decoded<Body: Decodable>(_ request: Request) async throws -> Body {
    let type = RequestGuard.field("content-type", of: request) ?? ""
    // Browsers send JSON to another site only after asking it, which this server never allows.
    guard type.lowercased().prefix(while: { $0 != ";" }).trimmingCharacters(in: .whitespaces) == "application/json" else {
      throw Refusal(.unsupportedMediaType, "the body is \(type.isEmpty ? "of no stated type" : type)", "send Content-Type: application/json")
    }
    let data = try await body(of: request)
    do { return try JSONDecoder().decode(Body.self, from: data) } catch let error as DecodingError {
      throw Refusal(.badRequest, Self.text(error), "see /openapi.json for what is expected")
    }
  }

  // MARK: Pages

  private func page(_ request: Request) async throws -> Response {
    switch (request.method, request.uri.path) {
    case (.get, "/"):
      let query = FormBody(request.uri.query ?? "")
      return Self.page(try await overview(notice: query["notice"].flatMap(CampaignPages.Notice.init(rawValue:))))
    case (.get, "/scores"):
      let query = FormBody(request.uri.query ?? "")
      let (text, start, limit) = try Self.selection(query)
      return Self.page(
        pages.scores(try await service.scores().selecting(text, from: start, limit: limit), text: text ?? "", start: start, limit: limit))
    case (.get, "/history"): return Self.page(pages.history(try await service.history()))
    case (.post, "/suggestions"):
      let form = try await form(of: request)
      let body = try SuggestionRequest(form: form)
      _ = try await service.suggest(body.options(), actor: actor(body.who))
      return .redirect(to: "/?notice=suggested")
    case (.post, "/observations"):
      let form = try await form(of: request)
      let body = try ObservationRequest(form: form)
      let who = try actor(body.who)
      let report = try await service.observe(body.values(actor: who), policy: body.policy(), actor: who)
      if let refused = report.refused.first {
        throw Refusal(.unprocessableContent, refused.problem, ClientInterface.pages.words(for: refused.wayOut))
      }
      return .redirect(to: report.recorded.isEmpty ? "/?notice=known" : "/?notice=recorded")
    case (.post, "/decisions"):
      let form = try await form(of: request)
      let body = try DecisionRequest(form: form)
      _ = try await service.decide(body.kind(), candidate: body.candidate, reason: body.reason ?? "", actor: actor(body.who))
      return .redirect(to: "/?notice=decided")
    default: throw Self.notFound(request)
    }
  }

  private func overview(notice: CampaignPages.Notice?) async throws -> Markup {
    let status = try await service.status()
    let state = try await service.state()
    return pages.overview(status, state: state, pending: CampaignService.pending(state), notice: notice)
  }

  private func form(of request: Request) async throws -> FormBody {
    let type = (RequestGuard.field("content-type", of: request) ?? "").lowercased()
    guard type.hasPrefix("application/x-www-form-urlencoded") else {
      throw Refusal(.unsupportedMediaType, "the body is no form", "use the forms of the pages, or the JSON interface under /api/")
    }
    let form = FormBody(String(decoding: try await body(of: request), as: UTF8.self))
    guard gate.isFormToken(form["formToken"] ?? "") else {
      throw Refusal(.forbidden, "the form is not of this server, or from before its last start", "load the page again and repeat the entry")
    }
    return form
  }

  private func logIn(_ request: Request) async throws -> Response {
    let form = try await form(of: request)
    guard gate.isToken(form["token"] ?? "") else {
      return Self.page(pages.login(problem: "That is not the token."), status: .unauthorized)
    }
    var response = Response.redirect(to: "/")
    response.headers[.setCookie] = "\(RequestGuard.cookieName)=\(gate.session); Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"
    return response
  }

  // MARK: Parts

  private func actor(_ who: String?) throws -> String {
    let name = (who ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    guard name.count <= 200 else { throw Refusal(.unprocessableContent, "the name is too long", "give at most 200 characters") }
    return name.isEmpty ? service.actor : name
  }

  private static func selection(_ query: FormBody) throws -> (text: String?, start: Int, limit: Int) {
    func number(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) throws -> Int {
      guard let text = query[name] else { return standard }
      guard let value = Int(text), range.contains(value) else {
        throw Refusal(.unprocessableContent, "\(name): \"\(text)\" is out of range", "give a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    return (query["search"], try number("start", 0, 0...Int(Int32.max)), try number("limit", 50, 1...1000))
  }

  private func body(of request: Request) async throws -> Data {
    let limits = settings.limits
    let tooLarge = Refusal(.contentTooLarge, "the body is larger than \(limits.bodySize) bytes", "send less at once")
    if let length = RequestGuard.field("content-length", of: request).flatMap(Int.init), length > limits.bodySize { throw tooLarge }
    let data = try await withThrowingTaskGroup(of: Data?.self) { group in
      group.addTask {
        var data = Data()
        do {
          for try await buffer in request.body {
            guard data.count + buffer.readableBytes <= limits.bodySize else { throw tooLarge }
            data.append(contentsOf: buffer.readableBytesView)
          }
        } catch let refusal as Refusal {
          throw refusal
        } catch {
          throw Refusal(.badRequest, "the body breaks off or is not framed as HTTP asks", "send it again")
        }
        return data
      }
      group.addTask {
        try await Task.sleep(for: .seconds(limits.bodySeconds))
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    guard let data else { throw Refusal(.requestTimeout, "the body did not arrive in time", "send it again") }
    return data
  }

  private static func notFound(_ request: Request) -> Refusal {
    let known = OpenAPIDescription.methods(of: request.uri.path)
    return known.isEmpty
      ? Refusal(.notFound, "there is nothing at \(request.uri.path)", "begin at / or /openapi.json")
      : Refusal(.methodNotAllowed, "\(request.method.rawValue) is not for \(request.uri.path)", "use \(known.joined(separator: " or "))")
  }

  /// What a client may know of an error, in words of its interface.
  static func refusal(for error: any Error, to client: ClientInterface) -> Refusal {
    switch error {
    case let refusal as Refusal: refusal
    case let error as CampaignStoreError:
      switch error {
      case .locked, .moved: Refusal(.serviceUnavailable, error.description, "try again")
      case .diskFull, .readOnly: Refusal(.init(code: 507, reasonPhrase: "Insufficient Storage"), error.description, "nothing was recorded")
      default: Refusal(.internalServerError, error.description, "look at the store with `superionic campaign verify`")
      }
    case let error as CampaignError:
      Refusal(.unprocessableContent, error.description, error.wayOut.map(client.words) ?? "see the message")
    default: Refusal(.internalServerError, "\(error)", "this is a defect if it stays; the history is safe")
    }
  }

  private static func text(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
      return path.isEmpty ? "the body" : path.hasPrefix(".") ? String(path.dropFirst()) : path
    }
    switch error {
    case .keyNotFound(let key, let context): return "\(place(context)): the field \"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context): return "\(place(context)): a value of another type is expected"
    case .dataCorrupted(let context): return "\(place(context)) is not valid JSON"
    @unknown default: return "the body cannot be read"
    }
  }

  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return response(try encoder.encode(value), type: "application/json", status: status)
  }

  static func page(_ markup: Markup, status: HTTPResponse.Status = .ok) -> Response {
    response(Data(markup.text.utf8), type: "text/html; charset=utf-8", status: status)
  }

  static func response(_ data: Data, type: String, status: HTTPResponse.Status = .ok) -> Response {
    var headers: HTTPFields = [.contentType: type, .contentLength: "\(data.count)", .cacheControl: "no-store"]
    for (name, value) in securityHeaders { if let name = HTTPField.Name(name) { headers[name] = value } }
    if status == .serviceUnavailable { headers[.retryAfter] = "2" }
    if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
  }

  /// Nothing is loaded from elsewhere, no script runs, and no other site may frame, read or be told of a page.
  private static let securityHeaders = [
    (
      "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
  ]
}

/// An error as programs read it.
struct ErrorBody: Encodable {
  let error: String
  let remedy: String
  let reports: [String]

  init(_ refusal: Refusal) {
    error = refusal.problem
    remedy = refusal.remedy
    reports = refusal.reports
  }
}

/// What came of observations.
struct ObservationAnswer: Encodable {
  /// Numbers of the new observations.
  let recorded: [Int]
  /// Numbers of observations that were there already.
  let known: [Int]
  /// Candidates that were added, by name.
  let added: [String]
  /// Questions and reasons, one for each that was refused.
  let refused: [String]

  init(_ report: Campaign.IntakeReport) {
    recorded = report.recorded.map(\.id)
    known = report.known
    added = report.added.map(\.name)
    refused = report.refused.map { $0.diagnostic(ClientInterface.json.words).description }
  }
}
