import ArgumentParser
import FileIO
import Foundation
import Reports
import Screening

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Join the shards of a screening job.",
    discussion: """
      Shards must be of one job (space, models, settings, version) and complete; missing ones are named. With an
      OUT that ends in .shard the parts are joined into a larger shard, complete or not.

      Example:
        superionic merge best.csv.shards -o best.csv
      """)

  @Argument(help: "Files that screen --shard wrote, or folders of *.shard files.", completion: .file())
  var shards: [String]

  @Option(name: .shortAndLong, help: "The file to write: .csv, .jsonl, .sqlite, or .shard; - for CSV on standard output.", completion: .file())
  var output: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply(output: output)
    let merged = try ShardFile.merging(shards)
    if URL(fileURLWithPath: output).pathExtension == "shard" {
      try merged.write(to: output)
      let missing = merged.missing
      if common.json {
        try printJSON(Shards(output: output, shards: shards.count, missing: missing))
      } else if !common.quiet {
        print("\(shards.count) shards joined in \(output)" + (missing.isEmpty ? ", complete" : "; missing \(missing.joined(separator: ", "))"))
      }
      return
    }
    let format = try ScreeningOutput(path: output)
    let result = try ScreeningResult(merged)
    try format.write(result, to: output)
    let report = ScreeningReport(result)
    if common.json {
      try printJSON(report.document(seconds: nil, threads: nil, output: output))
    } else if output != FileContents.standardStream, !common.quiet {
      common.show(report.lines(width: common.width))
      print("\n\(report.footnote(seconds: nil)), written to \(output)")
    }
  }

  private struct Shards: Encodable {
    let output: String
    let shards: Int
    let missing: [String]
  }
}
