import Campaigns

extension RefusedObservation.WayOut {
  /// In options of the command line.
  var asOptions: String {
    switch self {
    case .correct(let hint): hint
    case .addCandidate(let near): (near.map { "did you mean \"\($0)\"? " } ?? "") + "campaign observe --add makes it one"
    case .keepOrCorrect: "campaign observe --repeat keeps both as repeats, --replace corrects the first one"
    case .sayUnit(let known):
      "if it is, give the unit with the value (campaign observe --unit, or a column unit): " + known.joined(separator: ", ")
    }
  }
}
