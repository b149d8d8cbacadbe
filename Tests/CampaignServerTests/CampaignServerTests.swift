import CampaignServer
import CampaignStore
import Campaigns
import Foundation
import Testing

/// The server over loopback, as browsers and programs use it.
@Suite(.serialized) struct CampaignServerTests {
  @Test func programsAskAndTell() async throws {
    try await withServer { client, store in
      let status = try object(await client.send("GET", "/api/status"))
      #expect(status["candidates"] as? Int == 10 && status["measured"] as? Int == 4)
      let suggested = try await client.postJSON("/api/suggestions", #"{"count": 2, "perFamily": 1, "who": "ben", "seed": 7}"#)
      #expect(suggested.status == 201)
      let batch = try object(suggested)
      let names = try #require(batch["suggestions"] as? [[String: Any]]).compactMap { $0["name"] as? String }
      #expect(names.count == 2)
      #expect(try list(await client.send("GET", "/api/suggestions")).map { $0["name"] as? String } == names)
      // The same as the command line records: it reproduces byte for byte.
      let campaign = try Campaign(opening: store, actor: "check")
      let head = try campaign.store.head()
      #expect(try campaign.reproduce(event: head).suggestions.map(\.name) == names)

      let body = #"{"observations": [{"candidate": "\#(names[0].replacingOccurrences(of: "\"", with: "\\\""))", "value": "2", "unit": "mS/cm", "source": "p. 7"}]}"#
      let told = try await client.postJSON("/api/observations", body)
      #expect(told.status == 201, "\(told)")
      #expect(try object(told)["recorded"] as? [Int] == [5])
      #expect(try object(await client.postJSON("/api/observations", body))["known"] as? [Int] == [5])
      let record = try #require(try campaign.store.snapshot().observations.last)
      #expect(record.value == 2e-3 && record.who == "tester" && record.source == "p. 7")

      let different = try await client.postJSON("/api/observations", body.replacingOccurrences(of: "\"2\"", with: "\"3\""))
      #expect(different.status == 422)
      #expect(try (object(different)["refused"] as? [String])?.first?.contains("differs") == true)

      #expect(try await client.postJSON("/api/decisions", #"{"candidate": "LTP", "verdict": "declined", "reason": "slow"}"#).status == 201)
      let events = try list(await client.send("GET", "/api/history"))
      #expect(events.last?["kind"] as? String == "decided" && events.last?["who"] as? String == "tester")
      #expect(try campaign.store.verify().isSound)
    }
  }

  @Test func scoresAreOfTheNewestState() async throws {
    try await withServer { client, store in
      let first = try object(await client.send("GET", "/api/scores?limit=3"))
      #expect((first["rows"] as? [Any])?.count == 3 && first["count"] as? Int == 10)
      let found = try object(await client.send("GET", "/api/scores?search=GARNET"))
      #expect(found["count"] as? Int == 1)
      func mean(_ scores: [String: Any]) throws -> Double {
        let rows = try #require(scores["rows"] as? [[String: Any]])
        return try #require((rows.first?["means"] as? [Double])?.first)
      }
      let path = "/api/scores?search=argyrodite%20Br"
      let before = try mean(object(await client.send("GET", path)))
      // Another program adds to the store meanwhile.
      let campaign = try Campaign(opening: store, actor: "other")
      _ = try campaign.observe([NewObservation(candidate: "argyrodite Br", value: "1e-2", unit: "S/cm")])
      let after = try mean(object(await client.send("GET", path)))
      #expect(after > before)
      #expect(try CampaignRanking(campaign.state()).rows.count == 10)
    }
  }

  @Test func pagesWorkWithoutScriptAndEscapeWhatTheyShow() async throws {
    try await withServer { client, store in
      let page = try await client.send("GET", "/")
      #expect(page.status == 200)
      let token = try page.formToken()
      let posted = try await client.postForm("/suggestions", ["formToken": token, "count": "9", "acquisition": "mean"])
      #expect(posted.status == 303 && posted.headers["location"] == "/?notice=suggested", "\(posted)")
      for path in ["/?notice=suggested", "/scores", "/history"] {
        let shown = try await client.send("GET", path)
        #expect(shown.status == 200)
        #expect(!shown.body.contains("<script"), "\(path)")
        #expect(shown.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(shown.body.contains("a &quot;quoted&quot; &amp; &#39;odd&#39; name"))
        #expect(shown.headers["content-security-policy"]?.contains("default-src 'none'") == true)
        #expect(shown.headers["x-frame-options"] == "DENY" && shown.headers["cache-control"] == "no-store")
      }
      let name = "<script>alert(1)</script>"
      let told = try await client.postForm("/observations", ["formToken": token, "candidate": name, "value": "4e-4", "who": "<b>"])
      #expect(told.headers["location"] == "/?notice=recorded", "\(told)")
      let refused = try await client.postForm("/observations", ["formToken": token, "candidate": name, "value": "many"])
      #expect(refused.status == 422 && refused.body.contains("many"))
      let unknown = try await client.postForm("/observations", ["formToken": token, "candidate": "<i>x</i>", "value": "1e-4"])
      #expect(unknown.status == 422 && unknown.body.contains("&lt;i&gt;"))
      #expect(try Campaign(opening: store, actor: "").store.snapshot().observations.count == 5)
    }
  }

  @Test func aNumberOfAQueryIsGivenOnceAndIsOne() async throws {
    try await withServer { client, _ in
      for query in ["start=", "limit=", "start=1&start=2", "search=a&search=b", "start=%FF", "limit=0", "limit=1001", "start=-1", "start=1.5"] {
        let answer = try await client.send("GET", "/api/scores?\(query)")
        #expect(answer.status == 400 || answer.status == 422, "\(query): \(answer.status)")
      }
      #expect(try await client.send("GET", "/api/scores?search=&start=0&limit=1").status == 200)
      for body in [#"{"seed": 9007199254740992}"#, #"{"perFamily": 2147483648}"#, #"{"count": 101}"#, #"{"grams": 0}"#] {
        #expect(try await client.postJSON("/api/suggestions", body).status == 422, "\(body)")
      }
      let unknown = try await client.postJSON("/api/decisions", #"{"candidate": "Li4", "verdict": "accepted", "who": null}"#)
      #expect(unknown.status == 422 && unknown.body.contains(#"\"add\": true with an observation"#), "\(unknown.body)")
    }
  }

  /// The same three questions, to a program in fields of JSON and to a person in fields of the form.
  @Test func aQuestionIsPutInTheWordsOfItsInterface() async throws {
    try await withServer { client, _ in
      let questions = [("LLZO9", "1e-3"), ("LLZO", "4e-4"), ("argyrodite Cl", "1.3")]
      let inJSON = [
        #"did you mean "LLZO"? "add": true with an observation makes it one"#,
        #""repeat": true keeps both as repeats, "replace": true corrects the first one"#,
        #"is the unit right?; if it is, send "trustUnits": true, or the field "unit" with the value: S/cm"#,
      ]
      let inForms = [
        "did you mean &quot;LLZO&quot;? tick &quot;an unknown composition becomes a candidate&quot;",
        "choose whether a second value is a repeat or corrects the first",
        "is the unit right?; if it is, tick &quot;the unit is right&quot;, or fill in the field Unit: S/cm",
      ]
      let values = questions.map { #"{"candidate": "\#($0.0)", "value": "\#($0.1)"}"# }.joined(separator: ",")
      let answer = try object(try await client.postJSON("/api/observations", #"{"observations": [\#(values)]}"#))
      let refused = try #require(answer["refused"] as? [String])
      #expect(refused.count == 3)
      for (text, words) in zip(refused, inJSON) { #expect(text.contains(words), "\(text)") }

      let token = try await client.send("GET", "/").formToken()
      for (question, words) in zip(questions, inForms) {
        let shown = try await client.postForm(
          "/observations", ["formToken": token, "candidate": question.0, "value": question.1])
        #expect(shown.status == 422 && shown.body.contains(words), "\(shown.body)")
      }
    }
  }

  @Test func theDescriptionNamesEveryPathAndMethod() async throws {
    try await withServer { client, _ in
      let document = try object(await client.send("GET", "/openapi.json"))
      let paths = try #require(document["paths"] as? [String: [String: Any]])
      #expect(paths.count == 6)
      for (path, methods) in paths {
        for method in ["GET", "POST", "PUT", "DELETE"] {
          let answer = try await client.send(method, path, headers: ["Content-Type": "application/json"], body: method == "GET" ? "" : "[]")
          #expect((answer.status == 405) == (methods[method.lowercased()] == nil), "\(method) \(path): \(answer.status)")
          if answer.status == 405 {
            let allowed = answer.headers.first { $0.key.lowercased() == "allow" }?.value.components(separatedBy: ", ")
            #expect(allowed.map { Set($0.map { $0.lowercased() }) } == Set(methods.keys), "\(method) \(path)")
          }
        }
      }
      #expect(try await client.send("GET", "/nothing").status == 404)
    }
  }

  @Test func aServerThatOthersReachNeedsAToken() throws {
    for host in ["0.0.0.0", "192.168.1.4", "example.org", "127.0.0.1.example.org"] {
      var settings = ServerSettings()
      settings.host = host
      #expect(throws: ServerError.needsToken(host)) { try settings.check() }
      settings.token = "short"
      #expect(throws: ServerError.shortToken) { try settings.check() }
      settings.token = "0123456789abcdef"
      #expect(throws: Never.self) { try settings.check() }
    }
    for host in ["127.0.0.1", "127.8.9.1", "localhost", "::1"] {
      var settings = ServerSettings()
      settings.host = host
      #expect(throws: Never.self) { try settings.check() }
    }
  }
}
