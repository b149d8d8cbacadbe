import ActiveLearning
import CampaignStore
import Campaigns
import Foundation
import Reports

/// The pages of a campaign. They work without script, with a keyboard and with a screen reader, in light and dark.
struct CampaignPages: Sendable {
  let store: String
  let formToken: String

  /// Suggestions on one page, at most.
  static let pendingLimit = 50

  /// What was just done, told on the overview.
  enum Notice: String {
    case recorded, known, suggested, decided

    var text: String {
      switch self {
      case .recorded: "The observation is recorded."
      case .known: "That observation was recorded before; nothing was added."
      case .suggested: "New suggestions are recorded; they stand below until a result or a decision comes in."
      case .decided: "The decision is recorded."
      }
    }
  }

  // MARK: Overview

  func overview(_ status: CampaignStatus, state: CampaignState, pending: [SuggestedCandidate], notice: Notice?) -> Markup {
    let objectives = state.settings.objectives.filter { !$0.isKnown }
    let best = status.best.map { best -> Markup in
      "<dt>best \(best.property)</dt><dd>\(best.candidate): \(best.reported)</dd>"
    }
    let advice = (status.advice.map { CampaignStatus.lines($0) } ?? []).map { line -> Markup in "<li>\(line)</li>" }
    return layout(
      title: "Overview",
      """
      \(notice.map { note -> Markup in "<p class=\"notice\" role=\"status\">\(note.text)</p>" } ?? "")
      <section aria-labelledby="status"><h2 id="status">Where it stands</h2>
      <dl>
      <dt>candidates</dt><dd>\(status.candidates)</dd>
      <dt>measured</dt><dd>\(status.measured) (\(status.observations) observations)</dd>
      <dt>pending</dt><dd>\(status.pending.count)</dd>
      <dt>open</dt><dd>\(status.open)</dd>
      <dt>closed</dt><dd>\(status.closed)</dd>
      \(best)
      </dl>
      <ul>\(advice)</ul>
      </section>
      <section aria-labelledby="pending"><h2 id="pending">To make next</h2>
      \(pending.isEmpty ? "<p>Nothing is pending. Ask for suggestions below.</p>" : "")
      \(pending.prefix(Self.pendingLimit).map { suggestion($0, unit: objectives.first?.unit ?? "") })
      \(pending.count > Self.pendingLimit ? "<p>and \(pending.count - Self.pendingLimit) more, under /api/suggestions</p>" as Markup : "")
      </section>
      <section aria-labelledby="ask"><h2 id="ask">Ask for suggestions</h2>
      \(form("/suggestions", """
        <label>How many <input name="count" type="number" min="1" max="\(SuggestionRequest.countLimit)" value="1" required></label>
        <label>Rule <select name="acquisition">\(AcquisitionKind.allCases.map { option($0.rawValue) })</select></label>
        <label>At most of one family <input name="perFamily" type="number" min="0"></label>
        <label>Your name <input name="who" maxlength="200" autocomplete="name"></label>
        """, button: "Suggest"))
      </section>
      <section aria-labelledby="tell"><h2 id="tell">Enter an observation</h2>
      \(form("/observations", """
        <label>Candidate <input name="candidate" required maxlength="300"></label>
        \(observationFields(objectives))
        <label>Known standard deviation <input name="noise" inputmode="decimal"></label>
        <label>Measured on <input name="when" maxlength="100"></label>
        <label>A second, different value <select name="second"><option value="">is asked about</option><option value="repeat">is a repeat</option><option value="replace">corrects the first</option></select></label>
        <label class="check"><input type="checkbox" name="add" value="yes"> an unknown composition becomes a candidate</label>
        <label class="check"><input type="checkbox" name="trust" value="yes"> the unit is right, even if the value is far off</label>
        """, button: "Record"))
      </section>
      <section aria-labelledby="decide"><h2 id="decide">Decide about a candidate</h2>
      \(form("/decisions", """
        <label>Candidate <input name="candidate" required maxlength="300"></label>
        <label>It is <select name="verdict">\(DecisionRequest.verdicts.map { option($0.rawValue) })</select></label>
        <label>Why <input name="reason" maxlength="1000"></label>
        <label>Your name <input name="who" maxlength="200" autocomplete="name"></label>
        """, button: "Decide"))
      </section>
      <p class="hash">last hash <code>\(status.hash)</code>, \(status.events) events</p>
      """)
  }

  private func suggestion(_ one: SuggestedCandidate, unit: String) -> Markup {
    let forecasts = one.forecasts.map { forecast -> Markup in
      let goal = forecast.goalProbability.map { ", meets the goal with \($0.fixed(2))" } ?? ""
      let spread = forecast.deviation > 0 ? " ± \(forecast.deviation.fixed(2))" : ""
      return "<dt>expected \(forecast.property)</dt><dd>\(forecast.mean.fixed(2))\(spread)\(goal)</dd>"
    }
    let near = one.neighbours.map { neighbour -> Markup in
      "<li>\(neighbour.name) at \(neighbour.distance.fixed(2)): \(neighbour.value) \(neighbour.source)</li>"
    }
    let weighing = one.weighing.map { plan -> Markup in
      let items = plan.items.map { "\($0.grams.fixed(4)) g \($0.formula)" }.joined(separator: ", ")
      return "<dt>weigh</dt><dd>for \(plan.productGrams.fixed(1)) g: \(items)</dd>"
    }
    return """
      <article><h3>\(one.name)\(one.family.isEmpty ? "" : " (\(one.family))")</h3>
      <p>\(one.reason)</p>
      <dl>\(forecasts)\(weighing ?? "")</dl>
      \(near.isEmpty ? "" : "<p>Nearest that are measured:</p><ul>\(near)</ul>" as Markup)
      \(form("/observations", """
        <input type="hidden" name="candidate" value="\(one.name)">
        <label>Value <input name="value" required maxlength="100"></label>
        <label>Unit <input name="unit" maxlength="30" value="\(unit)"></label>
        <label>Source <input name="source" maxlength="1000"></label>
        <label>Your name <input name="who" maxlength="200" autocomplete="name"></label>
        """, button: "Record \(one.name)"))
      \(form("/decisions", """
        <input type="hidden" name="candidate" value="\(one.name)">
        <label>Not to be made, because <input name="reason" required maxlength="1000"></label>
        <label>It is <select name="verdict"><option>declined</option><option>failed</option></select></label>
        """, button: "Close \(one.name)"))
      </article>
      """
  }

  private func observationFields(_ objectives: [CampaignObjective]) -> Markup {
    """
    <label>Value, such as 2.4e-3 or &lt;1E-10 <input name="value" required maxlength="100"></label>
    <label>Unit <input name="unit" maxlength="30" value="\(objectives.first?.unit ?? "")"></label>
    <label>Property <select name="property">\(objectives.map { option($0.property) })</select></label>
    <label>Source, such as a notebook page or a DOI <input name="source" maxlength="1000"></label>
    <label>Your name <input name="who" maxlength="200" autocomplete="name"></label>
    """
  }

  // MARK: Other pages

  func scores(_ scores: CandidateScores, text: String, start: Int, limit: Int) -> Markup {
    let heads = scores.objectives.map { name -> Markup in "<th scope=\"col\" class=\"number\">\(name)</th>" }
    let rows = scores.rows.map { row -> Markup in
      let values = zip(row.means, row.deviations).map { mean, deviation -> Markup in
        let number = mean.map { $0.fixed(2) } ?? "–"
        return "<td class=\"number\">\(number)\(deviation > 0 ? " ± \(deviation.fixed(2))" : "")</td>"
      }
      return """
        <tr><td class="number">\(row.rank)</td><th scope="row">\(row.name)\(row.measured ? " (measured)" : "")</th><td>\(row.family)</td>\(values)\
        <td class="number">\(row.front.map(String.init) ?? "–")</td><td class="number">\(row.hypervolumeGain.fixed(4))</td>\
        <td class="number">\(row.desirability.map { $0.fixed(2) } ?? "–")</td><td class="number">\(row.successProbability.fixed(3))</td></tr>

        """
    }
    func link(_ title: String, from place: Int) -> Markup {
      "<a href=\"/scores?search=\(Self.query(text))&amp;start=\(place)&amp;limit=\(limit)\">\(title)</a> "
    }
    return layout(
      title: "Scores",
      """
      <p>What the models think of every candidate after event \(scores.event), best first.</p>
      <form method="get" action="/scores" role="search"><label>Name, formula or family <input name="search" value="\(text)"></label><button>Search</button></form>
      <div class="wide"><table><caption>\(scores.count) candidates, from place \(start + 1)</caption>
      <thead><tr><th scope="col" class="number">rank</th><th scope="col">candidate</th><th scope="col">family</th>\(heads)\
      <th scope="col" class="number">front</th><th scope="col" class="number">hypervolume gain</th>\
      <th scope="col" class="number">desirability</th><th scope="col" class="number">P(all targets)</th></tr></thead>
      <tbody>\(rows)</tbody></table></div>
      <nav aria-label="Places">\(start > 0 ? link("earlier", from: max(0, start - limit)) : "")\(start + limit < scores.count ? link("later", from: start + limit) : "")</nav>
      """)
  }

  func history(_ entries: [CampaignHistoryReport.Entry]) -> Markup {
    let items = entries.reversed().map { entry -> Markup in
      let what = entry.what.map { line -> Markup in "<li>\(line)</li>" }
      return "<li value=\"\(entry.event)\"><time>\(entry.time)</time> \(entry.who): \(entry.kind) <code>\(entry.hash.prefix(12))</code><ul>\(what)</ul></li>"
    }
    return layout(title: "History", "<p>Nothing in it is ever changed or deleted.</p><ol reversed>\(items)</ol>")
  }

  func login(problem: String?) -> Markup {
    layout(
      title: "Log in", isAdmitted: false,
      """
      \(problem.map { text -> Markup in "<p class=\"problem\" role=\"alert\">\(text)</p>" } ?? "")
      \(form("/login", "<label>Token <input name=\"token\" type=\"password\" required autocomplete=\"current-password\"></label>", button: "Log in"))
      """)
  }

  func problem(_ refusal: Refusal) -> Markup {
    layout(
      title: "That did not work",
      """
      <p class="problem" role="alert">\(refusal.problem); \(refusal.remedy).</p>
      <p><a href="/">Back to the overview</a></p>
      """)
  }

  // MARK: Parts

  private func form(_ action: String, _ fields: Markup, button: String) -> Markup {
    """
    <form method="post" action="\(action)"><input type="hidden" name="formToken" value="\(formToken)">\(fields)<button>\(button)</button></form>
    """
  }

  private func option(_ value: String) -> Markup { "<option>\(value)</option>" }

  private static func query(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  private func layout(title: String, isAdmitted: Bool = true, _ content: Markup) -> Markup {
    let name = URL(fileURLWithPath: store).lastPathComponent
    let links: Markup = """
      <nav aria-label="Pages"><a href="/">Overview</a> <a href="/scores">Scores</a> <a href="/history">History</a> <a href="/openapi.json">API</a></nav>
      """
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title) – \(isAdmitted ? name : "Superionic")</title><link rel="stylesheet" href="/style.css"></head>
      <body><a class="skip" href="#content">Skip to the content</a>
      <header><h1>\(title)</h1>\(isAdmitted ? "<p>\(name)</p>\(links)" as Markup : "")</header>
      <main id="content">
      \(content)
      </main></body></html>

      """
  }
}
