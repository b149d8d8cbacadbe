import LinearAlgebra
import Regression
import Testing

@Suite struct GroupBootstrapTests {
  @Test func intervalOfManySingleRowsIsTheNormalOne() throws {
    var generator = SeededGenerator(seed: 12)
    let values = (0..<2000).map { _ in 5 + 2 * generator.normal() }
    let rows = Array(values.indices)
    let interval = try #require(GroupBootstrap(groups: rows, seed: 1).meanInterval(of: values, at: rows))
    let mean = values.reduce(0, +) / 2000
    let half = 1.96 * 2 / 2000.0.squareRoot()
    #expect(abs(interval.lowerBound - (mean - half)) < 0.02 && abs(interval.upperBound - (mean + half)) < 0.02)
  }

  @Test func rowsThatRepeatTheirGroupWidenIt() throws {
    var generator = SeededGenerator(seed: 12)
    let perGroup = (0..<50).map { _ in generator.normal() }
    let values = perGroup.flatMap { [Double](repeating: $0, count: 20) }
    let groups = values.indices.map { $0 / 20 }
    let rows = Array(values.indices)
    let grouped = try #require(GroupBootstrap(groups: groups).meanInterval(of: values, at: rows))
    let single = try #require(GroupBootstrap(groups: rows).meanInterval(of: values, at: rows))
    let ratio = (grouped.upperBound - grouped.lowerBound) / (single.upperBound - single.lowerBound)
    // √20, the square root of the rows that say the same.
    #expect(abs(ratio - 20.0.squareRoot()) < 0.7)
    #expect(GroupBootstrap(groups: [1, 1]).meanInterval(of: [1, 2], at: [0, 1]) == nil)
  }
}
