import ArgumentParser
import Modeling
import Reports

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say what a model file holds and what it was trained on.",
    discussion: """
      Example:
        superionic info conductivity.model
      """)

  @Argument(help: "A model file that `superionic train` wrote.", completion: .file())
  var model: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let description = ModelDescription(try PropertyModel(named: model), file: model)
    if common.json {
      try printJSON(description)
    } else {
      common.show(description.lines)
    }
  }
}
