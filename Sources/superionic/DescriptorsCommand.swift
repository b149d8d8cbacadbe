import ArgumentParser
import Descriptors
import Reports

struct DescriptorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "descriptors", abstract: "List descriptor sets, or the columns of some, with units and sources.",
    discussion: """
      Example:
        superionic descriptors
        superionic descriptors lithium,family
      """)

  @Argument(help: "Sets separated by commas, or all; none for an overview.")
  var names: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let sets = try DescriptorSet(named: names ?? "all").featurizers
    if common.json {
      return try printJSON(
        sets.map { set in
          Document(
            name: set.name, citations: set.citations,
            columns: set.columns.map { Document.Column(name: $0.label, unit: $0.unit) })
        })
    }
    if names == nil {
      var table = TextTable([("set", .left), ("columns", .right), ("source", .left)])
      for set in sets { table.append([set.name, "\(set.count)", set.citations.first ?? ""]) }
      for line in table.lines(width: common.width) { print(line) }
      return
    }
    for set in sets {
      print("\(set.name): \(set.count) columns")
      for column in set.columns { print("  \(column.label)\(column.unit.isEmpty ? "" : " (\(column.unit))")") }
      for citation in set.citations { print("  source: \(citation)") }
    }
  }

  private struct Document: Encodable {
    struct Column: Encodable {
      let name: String
      let unit: String
    }
    let name: String
    let citations: [String]
    let columns: [Column]
  }
}
