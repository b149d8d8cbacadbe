import Chemistry
import Descriptors
import FileIO
import Foundation
import TestSupport
import Testing

/// The Swift of CONTRIBUTING.md, compiled and tested as it stands there; apart, for whoever follows it to the letter.
enum ContributingExample {
  // CONTRIBUTING.md
  /// How evenly the atoms are spread over the groups of the periodic table: √(Σ x_g²) of the groups' atomic fractions.
  ///
  /// 1 when all atoms are of one group. As `Element.group`, lanthanoids and actinoids stand in group 3.
  public struct GroupNorm: Featurizer {
    public let name = "groups"
    public let columns = [DescriptorColumn("group 2-norm")]
    public let count = 1
    public let citations: [String] = []
    private let groups = Element.all.map(\.group)

    public init() {}

    public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
      var sum = 0.0
      for i in 0..<input.count {
        for j in 0..<input.count where groups[input.numbers[i] - 1] == groups[input.numbers[j] - 1] {
          sum += input.fractions[i] * input.fractions[j]
        }
      }
      out[0] = sum.squareRoot()
    }
  }
  // CONTRIBUTING.md
  @Suite struct GroupNormTests {
    @Test func meetsTheContract() throws { try expectFeaturizerContract(GroupNorm()) }

    @Test func elementsOfOneGroupAreAsOne() throws {
      expectClose(GroupNorm().values(for: try Composition(formula: "LiNa")), [1])
      expectClose(GroupNorm().values(for: try Composition(formula: "NaCl")), [(0.5).squareRoot()])
    }
  }
  // end
}

struct ContributingExampleTests {
  @Test func contributingHoldsTheLinesThatCompileHere() throws {
    let source = String(decoding: try FileContents.read(#filePath), as: UTF8.self)
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = String(decoding: try FileContents.read(repository.appendingPathComponent("CONTRIBUTING.md").path), as: UTF8.self)
    let example = try #require(source.components(separatedBy: "  // end\n").first)
    let blocks = example.components(separatedBy: "  // CONTRIBUTING.md\n").dropFirst()
    #expect(blocks.count == 2)
    for block in blocks {
      let lines = block.components(separatedBy: "\n").map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : $0 }
      #expect(page.contains(lines.joined(separator: "\n")))
    }
  }
}
