import ArgumentParser
import Foundation
import Modeling
import Reports

struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page, as source for man.",
    discussion: """
      Example:
        superionic manual | man -l -
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let page = try ManualPage(describing: Data(Superionic._dumpHelp().utf8), version: SuperionicVersion.current).text
    if common.json { try printJSON(["manual": page]) } else { print(page, terminator: "") }
  }
}
