import Campaigns
import CampaignServer
import Foundation
import Testing

/// What other sites, other machines and slow or greedy clients may not do.
@Suite(.serialized) struct RequestGuardTests {
  static let form = ["Content-Type": "application/x-www-form-urlencoded"]

  @Test func otherSitesCannotMakeABrowserWriteHere() async throws {
    try await withServer { client, store in
      let page = try await client.send("GET", "/")
      let token = try page.formToken()
      let observation = #"{"observations": [{"candidate": "LTP", "value": "1e-5"}]}"#
      // A form of another site: no form token, or its own origin.
      #expect(try await client.postForm("/observations", ["candidate": "LTP", "value": "1e-5"]).status == 403)
      #expect(try await client.postForm("/observations", ["formToken": "0", "candidate": "LTP", "value": "1e-5"]).status == 403)
      for headers in [["Origin": "http://evil.example"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"]] {
        let fields = ["formToken": token, "candidate": "LTP", "value": "1e-5"]
        #expect(try await client.postForm("/observations", fields, headers: headers).status == 403, "\(headers)")
        #expect(try await client.postJSON("/api/observations", observation, headers: headers).status == 403, "\(headers)")
      }
      // JSON under a type that browsers send to anyone without asking.
      for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        #expect(try await client.send("POST", "/api/observations", headers: ["Content-Type": type], body: observation).status == 415, "\(type)")
      }
      // A name of somebody else that leads here (DNS rebinding), also for reading.
      for host in ["evil.example", "evil.example:\(client.port)", "127.0.0.1.evil.example", "localhost.evil.example"] {
        #expect(try await client.send("GET", "/api/status", host: host).status == 421, "\(host)")
        #expect(try await client.send("GET", "/", host: host).status == 421, "\(host)")
      }
      // Nothing of it was recorded; and the right origin works.
      #expect(try Campaign(opening: store, actor: "").store.snapshot().observations.count == 4)
      let own = ["Origin": "http://127.0.0.1:\(client.port)", "Sec-Fetch-Site": "same-origin"]
      #expect(try await client.postJSON("/api/observations", observation, headers: own).status == 201)
      // Preflight requests get no permission.
      let preflight = try await client.send("OPTIONS", "/api/observations", headers: ["Access-Control-Request-Method": "POST"])
      #expect(preflight.headers["access-control-allow-origin"] == nil)
    }
  }

  @Test func aTokenOpensWhatIsClosed() async throws {
    let token = "correct horse battery".replacingOccurrences(of: " ", with: "-")
    try await withServer({ $0.token = token }) { client, _ in
      #expect(try await client.send("GET", "/api/status").status == 401)
      #expect(try await client.send("GET", "/").headers["location"] == "/login")
      #expect(try await client.send("GET", "/api/status", headers: ["Authorization": "Bearer \(token)x"]).status == 401)
      #expect(try await client.send("GET", "/api/status", headers: ["Authorization": "Bearer \(token)"]).status == 200)
      let page = try await client.send("GET", "/login")
      #expect(!page.body.contains("a.campaign"), "the name of the store is not for strangers")
      let formToken = try page.formToken()
      #expect(try await client.postForm("/login", ["formToken": formToken, "token": "wrong"]).status == 401)
      let entered = try await client.postForm("/login", ["formToken": formToken, "token": token])
      let cookie = try #require(entered.headers["set-cookie"])
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(token))
      let session = String(cookie.prefix { $0 != ";" })
      #expect(try await client.send("GET", "/", headers: ["Cookie": "a=b; \(session)"]).status == 200)
      #expect(try await client.send("GET", "/", headers: ["Cookie": session.dropLast() + "!"]).status == 303)
    }
  }

  @Test func whatIsTooLargeIsRefused() async throws {
    try await withServer({
      $0.limits.bodySize = 1000
      $0.limits.headerSize = 2000
    }) { client, _ in
      let large = #"{"observations": [{"candidate": "\#(String(repeating: "x", count: 2000))", "value": "1"}]}"#
      #expect(try await client.postJSON("/api/observations", large).status == 413)
      // Without a stated length the bytes are counted.
      let chunk = String(repeating: "y", count: 600)
      let chunked = "POST /api/observations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n258\r\n\(chunk)\r\n258\r\n\(chunk)\r\n0\r\n\r\n"
      #expect(try await client.exchange(Data(chunked.utf8)).status == 413)
      let manyHeaders = try await client.send("GET", "/api/status", headers: ["X-Filler": String(repeating: "z", count: 5000)])
      #expect(manyHeaders.status >= 400 || manyHeaders.status == 0)
    }
  }

  /// A body that never comes, and a head that never ends.
  @Test func whatIsTooSlowIsCutOff() async throws {
    try await withServer({ $0.limits.bodySeconds = 0.3 }) { client, _ in
      let promised = "POST /api/observations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
      let answer = try await client.exchange(Data(promised.utf8))
      #expect(answer.status == 408)
    }
    try await withServer({ $0.limits.idleSeconds = 0.5 }) { client, _ in
      let answer = try await client.exchange(Data("GET /api/status HTTP/1.1\r\nHost: 127".utf8))
      #expect(answer.status == 0)
    }
  }
}
