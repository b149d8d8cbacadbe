import Campaigns
import Foundation

/// A simulation as a table, a JSON document and charts.
public struct SimulationReport: Sendable {
  public let result: SimulationResult
  public let title: String

  public init(_ result: SimulationResult, title: String) {
    self.result = result
    self.title = title
  }

  /// A line for each policy: experiments until the goal, acceleration, and what the first fifty find.
  public func lines(width: Int) -> [String] {
    var table = TextTable([
      ("policy", .left), ("experiments", .right), ("95%", .left), ("reached", .right), ("acceleration", .right),
      ("95%", .left), ("enhancement at 50", .right), ("regret at 50", .right),
    ])
    func text(_ row: SimulationDocument.Policy) -> [String] {
      let at = min(50, row.topShare.count) - 1
      return [
        row.policy, row.experiments.value.fixed(1), "\(row.experiments.lower.fixed(1)) to \(row.experiments.upper.fixed(1))",
        "\(row.reached)/\(row.seeds)", row.acceleration.value.fixed(2),
        "\(row.acceleration.lower.fixed(2)) to \(row.acceleration.upper.fixed(2))",
        at >= 0 ? row.enhancement[at].value.fixed(2) : "", at >= 0 ? row.regret[at].value.fixed(2) : "",
      ]
    }
    let document = document
    for row in document.policies { table.append(text(row)) }
    table.append(["by chance", document.chanceExperiments.fixed(1), "expected", "", "1.00", "", "", ""])
    let head =
      "\(title): \(document.rows) candidates, \(document.sought) sought, \(document.goal) to find, \(document.seeds) starts of \(document.startCount)"
    return [head, ""] + table.lines(width: width)
  }

  public var document: SimulationDocument { SimulationDocument(result) }

  /// SVG documents by file name.
  public func charts() -> [(name: String, svg: String)] {
    let document = document
    func chart(_ title: String, _ axis: ChartAxis, _ values: (SimulationDocument.Policy) -> [SimulationResult.Estimate]) -> String {
      var chart = XYChart(title, x: ChartAxis("Experiments after the start"), y: axis)
      for policy in document.policies {
        chart.add(
          .line, name: policy.policy,
          values(policy).enumerated().map {
            .init(Double($0 + 1), $1.value, interval: min($1.lower, $1.upper)...max($1.lower, $1.upper))
          })
      }
      return chart.svg()
    }
    var bars = BarChart("\(title): acceleration over chance", axis: ChartAxis("Acceleration factor"))
    for policy in document.policies {
      let a = policy.acceleration
      bars.add(policy.policy, value: a.value, interval: a.lower...a.upper)
    }
    return [
      ("found.svg", chart("\(title): share of the best found", ChartAxis("Share found", lower: 0), \.topShare)),
      ("regret.svg", chart("\(title): simple regret", ChartAxis("Best of all less best measured"), \.regret)),
      ("enhancement.svg", chart("\(title): enhancement over chance", ChartAxis("Enhancement factor"), \.enhancement)),
      ("acceleration.svg", bars.svg()),
    ]
  }
}

/// A simulation as JSON.
public struct SimulationDocument: Sendable, Encodable {
  public struct Policy: Sendable, Encodable {
    public let policy: String
    public let seeds: Int
    public let reached: Int
    public let experiments: SimulationResult.Estimate
    public let acceleration: SimulationResult.Estimate
    public let experimentsBySeed: [Int]
    public let topShare: [SimulationResult.Estimate]
    public let enhancement: [SimulationResult.Estimate]
    public let regret: [SimulationResult.Estimate]
    /// Rows in the order measured, one list for each seed.
    public let orders: [[Int]]
  }

  public let rows: Int
  public let sought: Int
  public let goal: Int
  public let seeds: Int
  public let startCount: Int
  public let chanceExperiments: Double
  public let policies: [Policy]
  /// Rows measured before, one list for each seed, counted from 0 among the usable rows.
  public let starts: [[Int]]
  public let top: [Int]

  init(_ result: SimulationResult) {
    rows = result.pool.count
    sought = result.pool.top.count
    goal = result.goal
    seeds = result.starts.count
    startCount = result.starts.first?.count ?? 0
    chanceExperiments = result.chanceExperiments
    starts = result.starts
    top = result.pool.top
    policies = result.policies.map { policy in
      Policy(
        policy: policy, seeds: result.starts.count, reached: result.successes(policy),
        experiments: result.meanExperiments(policy), acceleration: result.acceleration(policy),
        experimentsBySeed: result.experimentsToGoal(policy), topShare: result.topShareCurve(policy),
        enhancement: result.enhancementCurve(policy), regret: result.regretCurve(policy),
        orders: result.runs[policy] ?? [])
    }
  }
}
