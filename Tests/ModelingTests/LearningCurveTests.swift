import Chemistry
import Foundation
import Modeling
import Tables
import Testing

/// Lithium–sodium chlorides whose target is a line in the share of lithium, so that more rows cannot but help.
private func measurements(_ count: Int, groups: Int) throws -> Measurements {
  var csv = "formula,y,group\n"
  for k in 0..<count {
    let share = Double((k * 37) % 100) / 100
    csv += "Li\(1 + share)Na\(2 - share)Cl3,\(3 * share + 0.1 * sin(Double(k))),g\(k % groups)\n"
  }
  return try Measurements(Table(parsing: Data(csv.utf8), file: "m.csv"), options: options)
}

private let options = ModelingOptions(target: "y", groupColumn: "group", model: .ridge)

struct LearningCurveTests {
  /// The whole share trains on the training parts of a validation, so its error is the validation's.
  @Test func wholeShareIsTheValidation() throws {
    let data = try measurements(60, groups: 12)
    let curve = try LearningCurve(of: data, options: options, folds: 3, shares: [0.25, 1])
    let validation = try ModelValidation(of: data, options: options, folds: 3)
    let last = try #require(curve.points.last)
    #expect(last.rows == 40)
    #expect(try abs(#require(last.meanAbsoluteError) - #require(validation.pooled.meanAbsoluteError)) < 1e-12)
    #expect(curve.points[0].rows < last.rows)
    let interval = try #require(last.errorInterval)
    #expect(try interval.contains(#require(last.meanAbsoluteError)))
  }

  @Test func sharesWithTooLittleToTrainOnAreLeftOut() throws {
    // Two groups in each training part, of which one row each is a bound.
    let csv = "formula,y,group\nLi2S,<1,a\nLi3N,<2,b\nLiCl,3,c\nLiF,4,d\n"
    let data = try Measurements(Table(parsing: Data(csv.utf8), file: "m.csv"), options: options)
    let curve = try LearningCurve(of: data, options: options, folds: 4, shares: [0.1, 1])
    #expect(curve.points.last?.share == 1)
  }

  @Test func automaticChoiceIsRepresentedByItsQuickestCandidate() throws {
    var automatic = options
    automatic.model = .auto
    let curve = try LearningCurve(of: measurements(24, groups: 6), options: automatic, folds: 2, shares: [1])
    #expect(curve.kind == .extraTrees)
  }

  /// Coverage at the level of the validation is its own, and grows with the level.
  @Test func coverageAgreesWithTheMetrics() throws {
    let data = try measurements(60, groups: 12)
    let validation = try ModelValidation(of: data, options: options, folds: 3, intervalLevel: 0.8)
    #expect(validation.coverage(of: data, level: 0.8) == validation.pooled.coverage)
    #expect(validation.interval(0.8).lower == validation.lower && validation.interval(0.8).upper == validation.upper)
    let shares = [0.1, 0.3, 0.5, 0.7, 0.9].compactMap { validation.coverage(of: data, level: $0) }
    #expect(shares.count == 5 && zip(shares, shares.dropFirst()).allSatisfy(<=))
  }
}
