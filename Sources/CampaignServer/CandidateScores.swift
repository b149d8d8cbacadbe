import Campaigns

/// All candidates as the models of a campaign see them at one event, best first.
struct CandidateScores: Sendable, Encodable {
  struct Row: Sendable, Encodable {
    let rank: Int
    let name: String
    let formula: String
    let family: String
    let measured: Bool
    /// For each objective, in the units that are modelled; nil where unknown.
    let means: [Double?]
    /// Of a new measurement; 0 for columns of the candidates.
    let deviations: [Double]
    /// The Pareto front, from 1; nil for a candidate with an unknown objective.
    let front: Int?
    let hypervolumeGain: Double
    let desirability: Double?
    let successProbability: Double
  }

  /// The event whose state was scored.
  let event: Int
  /// What `means` and `deviations` are of.
  let objectives: [String]
  let hypervolume: Double
  let count: Int
  let rows: [Row]

  init(_ ranking: CampaignRanking, state: CampaignState) {
    event = state.snapshot.head
    objectives = ranking.objectives.map(\.modelledName)
    hypervolume = ranking.hypervolume
    count = ranking.rows.count
    rows = ranking.rows.enumerated().map { place, row in
      let candidate = state.candidates[row.position]
      return Row(
        rank: place + 1, name: candidate.name, formula: candidate.formula, family: candidate.family,
        measured: row.isMeasured, means: row.means, deviations: row.deviations, front: row.front == 0 ? nil : row.front,
        hypervolumeGain: row.hypervolumeGain, desirability: row.desirability, successProbability: row.successProbability)
    }
  }

  private init(_ all: CandidateScores, rows: [Row], count: Int) {
    (event, objectives, hypervolume) = (all.event, all.objectives, all.hypervolume)
    self.rows = rows
    self.count = count
  }

  /// Rows whose name, formula or family holds the text, from one place on; `count` is how many match.
  func selecting(_ text: String?, from start: Int, limit: Int) -> CandidateScores {
    let wanted = text?.lowercased()
    let matching = wanted.map { text in
      rows.filter { [$0.name, $0.formula, $0.family].contains { $0.lowercased().contains(text) } }
    } ?? rows
    return CandidateScores(self, rows: Array(matching.dropFirst(start).prefix(limit)), count: matching.count)
  }
}
