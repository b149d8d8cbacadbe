import ArgumentParser
import DatasetRegistry
import Reports

struct DatasetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets", abstract: "List public data sets of the field, and fetch one by name.",
    subcommands: [DatasetsListCommand.self, DatasetsFetchCommand.self])
}

struct DatasetsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name, rows, licence, citation and address of each.",
    discussion: """
      Example:
        superionic datasets list
        superionic datasets list --json
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply(output: output)
    let datasets = try PublicDataset.all()
    guard !common.json else { return try printJSON(datasets) }
    for one in datasets {
      print("\(one.name)  \(one.rows) rows, licence \(one.licence.isEmpty ? "not stated" : one.licence)")
      print("  \(one.description)")
      print("  cite     \(one.citation)")
      print("  from     \(one.address.isEmpty ? "a folder or mirror of yours, with --from" : one.address)")
      print("  sha256   \(one.sha256)")
    }
  }
}

struct DatasetsFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch a data set; nothing is written unless its SHA-256 is the known one.",
    discussion: """
      Example:
        superionic datasets fetch matbench_mp_e_form
        superionic datasets fetch obelix_train --from /data/obelix/ -o obelix_train.csv
        superionic datasets fetch obelix_train --from http://mirror.example/files/
      """)

  @Argument(help: "The name of a data set; see `superionic datasets list`.")
  var name: String

  @Option(help: "A folder, a file, or an http(s) address; one that ends in / is a folder. Default: the known address.")
  var from: String?

  @Option(name: .shortAndLong, help: "The file to write; - for standard output. Default: the data set's own name.")
  var output: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let dataset = try PublicDataset.named(name, among: PublicDataset.all())
    let path = output ?? dataset.file
    let place = try DatasetFetcher().fetch(dataset, from: from, to: path)
    if common.json {
      try printJSON(Summary(dataset: dataset, from: place, output: path))
    } else if path != "-", !common.quiet {
      print("\(dataset.name): \(dataset.rows) rows from \(place), written to \(path)")
      print("cite \(dataset.citation); licence \(dataset.licence.isEmpty ? "not stated by the source" : dataset.licence)")
    }
  }

  private struct Summary: Encodable {
    let dataset: PublicDataset
    let from: String
    let output: String
  }
}
