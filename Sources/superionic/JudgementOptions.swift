import ArgumentParser
import Screening

extension AcquisitionRule: ExpressibleByArgument {}

/// Models that were trained before, under names, for `rank` and `screen`.
struct ModelFileOptions: ParsableArguments {
  @Option(name: .customLong("model"), help: "A model under a name of your choice, NAME=FILE (repeatable).")
  var models: [String] = []

  /// Names and files of the models. - Throws: `RankingError.badModel`, `.noModels`.
  func modelFiles() throws -> [(name: String, path: String)] {
    let files = try models.map(Self.nameAndPath)
    guard !files.isEmpty else { throw RankingError.noModels }
    return files
  }

  /// The halves of `NAME=FILE`. - Throws: `RankingError.badModel`.
  static func nameAndPath(_ text: String) throws -> (name: String, path: String) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex, text.last != "=" else {
      throw RankingError.badModel(text)
    }
    return (name: String(text[..<equals]), path: String(text[text.index(after: equals)...]))
  }
}

/// How candidates are judged by models, for `rank`, `screen` and `report`.
struct JudgementOptions: ParsableArguments {
  @Option(
    name: .customLong("constraint"), help: "NAME>=VALUE or NAME<=VALUE, in the units of the model (repeatable).")
  var constraints: [String] = []

  @Option(help: "Least probability of meeting all constraints.")
  var confidence = 0.5

  @Option(help: "mean, lcb (cautious), ucb (hopeful) or ei (log expected improvement on the best known).")
  var acquisition = AcquisitionRule.mean

  @Option(help: "Probability of the central interval.")
  var interval = 0.9

  func validate() throws {
    guard interval > 0, interval < 1 else {
      throw ValidationError("--interval takes a probability between 0 and 1, not \(interval)")
    }
    guard confidence >= 0, confidence <= 1 else {
      throw ValidationError("--confidence takes a probability, not \(confidence)")
    }
  }

  func parsedConstraints() throws -> [Constraint] { try constraints.map { try Constraint(parsing: $0) } }
}

/// Elements that are left out.
struct ExclusionOptions: ParsableArguments {
  @Option(help: "Elements no candidate may hold, such as Ge,Cd.")
  var exclude = ""

  var symbols: [String] { exclude.split(separator: ",").map { $0.filter { !$0.isWhitespace } } }
}
