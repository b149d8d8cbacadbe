import FileIO
import Foundation
import Modeling
import Tables
import Testing

/// The Swift of README.md, compiled as it stands there.
struct ReadmeExampleTests {
  /// The path is that of a program started in the repository, as README says.
  private static func example() throws -> PropertyModel {
    // README.md
    let options = ModelingOptions(target: "conductivity_S_cm", log10: true, groupColumn: "doi")
    let data = try Measurements(Table(reading: "Datasets/landmark-electrolytes.csv"), options: options)
    let model = try PropertyModel(training: data, options: options)
    // end
    return model
  }

  @Test func readmeHoldsTheLinesThatCompileHere() throws {
    let source = String(decoding: try FileContents.read(#filePath), as: UTF8.self)
    let lines = source.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: "    // README.md"))
    let end = try #require(lines.firstIndex(of: "    // end"))
    let example = lines[(start + 1)..<end].map { $0.dropFirst(4) }.joined(separator: "\n")
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let readme = String(decoding: try FileContents.read(repository.appendingPathComponent("README.md").path), as: UTF8.self)
    #expect(readme.contains("```swift\nimport Modeling\nimport Tables\n\n\(example)\n```"))
  }

  /// Each call of the example does what it says; with a model that is learned at once.
  @Test func theExampleTakesTheBundledTable() throws {
    guard FileManager.default.fileExists(atPath: "Datasets/landmark-electrolytes.csv") else { return }
    let data = try Measurements(
      Table(reading: "Datasets/landmark-electrolytes.csv"),
      options: ModelingOptions(target: "conductivity_S_cm", log10: true, groupColumn: "doi"))
    #expect(data.count > 200)
    let unused: () throws -> PropertyModel = Self.example
    _ = unused
  }
}
