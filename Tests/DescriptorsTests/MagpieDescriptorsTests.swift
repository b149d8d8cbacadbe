import Chemistry
import Descriptors
import TestSupport
import Testing

@Suite struct MagpieDescriptorsTests {
  @Test func equalsMatminerOnEveryGoldenFormula() throws {
    let golden = try GoldenTable(folder: #filePath, "magpie.csv")
    let set = try DescriptorSet(named: "magpie,stoichiometry,valence")
    #expect(set.labels == Array(golden.columns.dropFirst()))
    #expect(golden.rows.count == 172)
    let matrix = set.matrix(for: try golden.rows.map { try Composition(formula: $0[0]) })
    for (row, cells) in golden.rows.enumerated() {
      let reference = cells.dropFirst().map { Double($0) ?? .nan }
      expectClose(matrix.row(row), reference, relative: 1e-10, absolute: 1e-10, cells[0])
    }
  }

  @Test func featurizerContract() throws { try expectFeaturizerContract(MagpieDescriptors()) }
}
