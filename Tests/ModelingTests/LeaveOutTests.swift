import Foundation
import Modeling
import Tables
import TestSupport
import Testing

@Suite struct LeaveOutTests {
  static let options = ModelingOptions(target: "y", groupColumn: "paper", descriptors: "stoichiometry", model: .ridge)

  static func data(_ families: [String]) throws -> Measurements {
    var text = "formula,y,paper,family\n"
    for (i, family) in families.enumerated() {
      text += "Li\(1 + i % 7)S\(1 + i % 3)O,\(Double(i % 5)),p\(i / 2),\(family)\n"
    }
    return try Measurements(
      Table(parsing: Data(text.utf8), file: "in.csv"), options: options, stratumColumn: "family")
  }

  @Test func familiesAreLeftOutWholeAndSmallOnesTogether() throws {
    // Row 24 shares a paper with row 25, which is of another family.
    let families = (0..<25).map { _ in "Garnet" } + (0..<15).map { _ in "halide" } + ["nitride", "", "garnet "]
    let data = try Self.data(families)
    let validation = try ModelValidation(leavingOutStrataOf: data, options: Self.options)
    #expect(validation.folds.map(\.name) == ["garnet", "halide", "other"])
    #expect(validation.folds.map(\.rows.count) == [26, 15, 2])
    // 43 rows without 26 garnets (cells are trimmed) and without row 25, of a paper that has a garnet.
    #expect(validation.folds[0].trainingRows == 16)
    #expect(validation.pooled.count == 43)
  }

  @Test func oneFamilyCannotBeLeftOut() throws {
    let data = try Self.data((0..<20).map { _ in "garnet" })
    #expect(throws: ModelingError.self) { try ModelValidation(leavingOutStrataOf: data, options: Self.options) }
  }

  @Test func aComparisonIsPairedAndDeterministic() throws {
    let data = try Self.data((0..<60).map { _ in "" })
    let one = try ModelComparison(of: data, options: Self.options, models: [ModelVariant(.ridge), ModelVariant(.ridge), ModelVariant(.bayesianRidge)], shuffles: 2, folds: 3, clip: 1)
    #expect(one.lines.map(\.model) == ["ridge", "ridge", "bayesian-ridge"])
    #expect(one.lines[0].difference == nil && one.lines[1].difference == 0)
    let line = one.lines[2]
    let difference = try #require(line.difference)
    #expect(try #require(line.lower) <= difference && difference <= #require(line.upper))
    #expect(try isClose(#require(line.meanAbsoluteError) - #require(one.lines[0].meanAbsoluteError), difference, relative: 1e-6))
    // Raised to 1, errors can only shrink.
    #expect(try #require(line.clippedError) <= #require(line.meanAbsoluteError))
    let again = try ModelComparison(of: data, options: Self.options, models: [ModelVariant(.ridge), ModelVariant(.ridge), ModelVariant(.bayesianRidge)], shuffles: 2, folds: 3, clip: 1)
    #expect(again.lines == one.lines)
  }
}
