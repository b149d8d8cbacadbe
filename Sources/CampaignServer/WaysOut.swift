import Campaigns

/// How a client talks to the server: what it can do about a refusal is said in words that it knows.
enum ClientInterface: Sendable {
  /// People, with forms.
  case pages
  /// Programs, with JSON.
  case json

  func words(for wayOut: RefusedObservation.WayOut) -> String {
    switch (wayOut, self) {
    case (.correct(let hint), _): hint
    case (.addCandidate(let near), .pages):
      Self.question(near) + "tick \"an unknown composition becomes a candidate\" with its first observation to make it one"
    case (.addCandidate(let near), .json): Self.question(near) + "\"add\": true with an observation makes it one"
    case (.keepOrCorrect, .pages): "choose whether a second value is a repeat or corrects the first, under \"Enter an observation\""
    case (.keepOrCorrect, .json): "\"repeat\": true keeps both as repeats, \"replace\": true corrects the first one"
    case (.sayUnit(let known), .pages):
      "if it is, tick \"the unit is right\", or fill in the field Unit: " + known.joined(separator: ", ")
    case (.sayUnit(let known), .json):
      "if it is, send \"trustUnits\": true, or the field \"unit\" with the value: " + known.joined(separator: ", ")
    }
  }

  private static func question(_ near: String?) -> String { near.map { "did you mean \"\($0)\"? " } ?? "" }
}
