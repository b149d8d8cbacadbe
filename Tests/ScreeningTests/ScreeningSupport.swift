import CandidateSpaces
import Foundation
import Modeling
import Screening
import Tables

/// Small models and spaces for tests of the engine.
enum Fixture {
  /// A target that follows composition smoothly: enough for a model to learn.
  static func model(_ kind: ModelKind, offset: Double = 0) throws -> PropertyModel {
    var lines = ["formula,y,group"]
    for i in 0..<48 {
      let lithium = 1 + i % 7
      let anion = ["O", "S", "Se", "Cl"][i % 4]
      let y = 0.4 * Double(lithium) + Double(i % 4) * 0.7 - Double(i % 5) * 0.1 + offset
      lines.append("Li\(lithium)\(["P", "Si", "Ge"][i % 3])\(anion)\(2 + i % 5),\(y),g\(i / 3)")
    }
    let options = ModelingOptions(target: "y", groupColumn: "group", model: kind, seed: 3)
    let table = try Table(parsing: Data(lines.joined(separator: "\n").utf8), file: "train.csv")
    return try PropertyModel(training: Measurements(table, options: options), options: options)
  }

  static let mixed = """
    name = "mixed"
    [[space]]
    kind = "palette"
    require = ["Li"]
    elements = ["Li", "P", "Si", "Ge", "O", "S", "Cl"]
    arity = 4
    max-amount = 4
    [[space]]
    kind = "solid-solution"
    endmembers = ["Li3PS4", "Li4SiS4", "Li4GeS4", "LiCl"]
    divisions = 12
    [[space]]
    kind = "list"
    formulas = ["Li6P2S8", "Li3PS4", "Li3N", "Li6PS5Cl"]
    [filter]
    max-price = 500
    """

  static func job(
    _ text: String = mixed, models: [(String, ModelKind)] = [("y", .gp)], change: (inout ScreeningSettings) -> Void = { _ in }
  ) throws -> ScreeningJob {
    let file = try SpaceFile(parsing: Data(text.utf8), file: "space.toml", folder: ".")
    var settings = ScreeningSettings(objective: Objective(model: models[0].0))
    settings.top = 40
    change(&settings)
    return try ScreeningJob(
      space: file, models: models.enumerated().map { .init(name: $1.0, model: try model($1.1, offset: Double($0)), digest: "\($0)") },
      settings: settings)
  }

  static func whole(_ job: ScreeningJob) throws -> ShardFile {
    guard let file = try ScreeningRun(job: job).run() else { throw ShardError.nothingToMerge }
    return file
  }
}
