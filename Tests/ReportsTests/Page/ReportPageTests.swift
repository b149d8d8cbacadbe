import FileIO
import Foundation
import Modeling
import Reports
import Testing

/// Texts that try to become markup. U+0600 makes one character with what follows it.
private let hostile = [
  "<script>alert(1)</script>", "\u{0600}<script>alert(2)</script>", "\"><img src=x onerror=alert(3)>", "' onload='alert(4)",
  "\"\u{301} onmouseover=alert(5) x=\"", "</textarea></title><svg onload=alert(6)>", "<!--<script>", "&lt;b&gt;", "{{title}}{{{script}}}",
  "\u{2028}</script>", "\u{0}\u{8}",
]

/// The page as text with every part of our own that may hold markup taken out: style and script.
private func data(of page: ReportPage) throws -> (html: String, rest: String) {
  let html = String(decoding: try page.html(), as: UTF8.self)
  var rest = html
  for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
    let start = try #require(rest.range(of: open, options: .backwards))
    let end = try #require(rest.range(of: close, range: start.upperBound..<rest.endIndex))
    rest.removeSubrange(start.lowerBound..<end.upperBound)
  }
  return (html, rest)
}

private func everything(_ text: String) -> ReportPage {
  var table = ReportTable(text, columns: [.init(text), .init(text, isNumber: true)])
  table.append([text, text])
  var ranking = RankingTable("ranking", caption: text, formulas: [text, "Li2S"])
  ranking.append(text, numbers: [1, .nan])
  ranking.append(text, texts: [text, text])
  ranking.neighbours = .init(
    references: [.init(formula: text, target: 1, censoring: .none, group: text)], quantity: text, nearest: [[(0, 0.5)], []])
  ranking.contributions = .init(
    model: text, quantity: text,
    explanations: [Explanation(base: 1, effects: [(text, 0.5)], neighbours: []), nil], isOfRanking: true)
  var chart = XYChart(text, x: ChartAxis(text, unit: text), y: ChartAxis(text))
  chart.add(.points, name: text, [.init(1, 1, label: text, note: text)])
  var page = ReportPage(text, subtitle: text)
  page.sections = [
    ReportSection(
      "one", heading: text,
      blocks: [
        .paragraph(text), .notice(text), .subheading(text), .facts([(text, text)]), .table(table),
        .figure(svg: chart.svg(theme: .page), caption: text), .ranking(ranking),
      ])
  ]
  return page
}

struct ReportPageTests {
  @Test(arguments: hostile)
  func textsStayTexts(text: String) throws {
    let plain = try data(of: everything("plain")).rest
    let (_, rest) = try data(of: everything(text))
    // The same tags stand in the page whatever the texts are.
    func tags(_ html: String) -> [Substring] { html.matches(of: /<[\/!]?[a-zA-Z\-]+[^>]*>/).map { $0.output.prefix { $0 != " " && $0 != ">" } } }
    #expect(tags(rest) == tags(plain))
    // And the same attributes.
    func attributes(_ html: String) -> [Substring] { html.matches(of: /\s[a-z\-]+="/).map(\.output) }
    #expect(attributes(rest) == attributes(plain))
    #expect(!rest.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
  }

  @Test func embeddedDataReadBack() throws {
    for text in hostile {
      let (html, _) = try data(of: everything(text))
      let start = try #require(html.range(of: "<script type=\"application/json\" id=\"ranking-data\">"))
      let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
      let json = try #require(
        JSONSerialization.jsonObject(with: Data(html[start.upperBound..<end.lowerBound].utf8)) as? [String: Any])
      let columns = try #require(json["columns"] as? [[String: Any]])
      #expect((columns[1]["texts"] as? [String])?.first == text)
      #expect(columns[2]["title"] as? String == text)
      #expect((columns[2]["numbers"] as? [Any])?.last is NSNull)
      // Two equal texts are one level.
      #expect(columns[3]["levels"] as? [String] == [text])
      #expect(columns[3]["codes"] as? [Int] == [0, 0])
    }
  }

  @Test func policyNamesStyleAndScript() throws {
    let html = String(decoding: try everything("x").html(), as: UTF8.self)
    for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
      let start = try #require(html.range(of: "<\(tag)>", options: .backwards))
      let end = try #require(html.range(of: "</\(tag)>", range: start.upperBound..<html.endIndex))
      let digest = Digest.sha256Base64(Data(html[start.upperBound..<end.lowerBound].utf8))
      #expect(html.contains("\(directive) 'sha256-\(digest)'"))
    }
    #expect(html.contains("default-src 'none'"))
    // Nothing that the policy would refuse: no handlers and no styles in attributes, nothing loaded.
    #expect(html.firstMatch(of: /<[a-z]+[^>]*\s(on[a-z]+|style)=/) == nil)
    #expect(html.firstMatch(of: /\ssrc=/) == nil && !html.contains("<link"))
  }

  @Test func equalPagesGiveEqualBytes() throws {
    #expect(try everything("a").html() == everything("a").html())
  }

  /// By its longest cell a column keeps one line, or gets room for a few words; numbers are never broken.
  @Test func columnsSayHowMuchRoomTheyNeed() throws {
    var table = ReportTable("t", columns: [.init("a"), .init("b"), .init("c"), .init("d", isNumber: true)])
    table.append(["anti-perovskite", "Li9.54Si1.74P1.44S11.7Cl0.3", "predicted 1st of 1000 open candidates, close to the best", "-1.5"])
    table.append(["oxide", "Li2O", "", "2"])
    var page = ReportPage("t")
    page.sections = [ReportSection("s", heading: "s", blocks: [.table(table)])]
    let html = String(decoding: try page.html(), as: UTF8.self)
    let kinds = html.matches(of: /<td class="([a-z]+)">/).map { String($0.output.1) }
    #expect(kinds == ["short", "text", "long", "number", "short", "text", "long", "number"])
  }

  @Test func onlyWholeIdentifiersBecomeLinks() throws {
    var table = ReportTable("t", columns: [.init("source")])
    for cell in ["10.1039/C8TA09820E", "see 10.1039/x", "10.1/x", "10.1016/0167-2738(81)90341-5", "javascript:10.1000/x", "10.1000/a\"b", "10.1000/a b"] {
      table.append([cell])
    }
    var page = ReportPage("t")
    page.sections = [ReportSection("s", heading: "s", blocks: [.table(table)])]
    let html = String(decoding: try page.html(), as: UTF8.self)
    let links = html.matches(of: /<a href="(https:[^"]*)"/).map { String($0.output.1) }
    #expect(links == ["https://doi.org/10.1039/C8TA09820E", "https://doi.org/10.1016/0167-2738(81)90341-5", "https://doi.org/10.1000/a%22b"])
  }
}
