import Regression
import Screening
import TestSupport
import Testing

@Suite struct RankingCriteriaTests {
  @Test func objectivesAndConstraintsParse() throws {
    #expect(try Objective(parsing: "sigma") == Objective(model: "sigma"))
    #expect(try Objective(parsing: "max:sigma") == Objective(model: "sigma"))
    #expect(try Objective(parsing: "min:cost") == Objective(model: "cost", isMinimised: true))
    #expect(
      try Constraint(parsing: "sigma >= -4.5") == Constraint(name: "sigma", isUpperBound: false, bound: -4.5))
    #expect(try Constraint(parsing: "e<=0.05") == Constraint(name: "e", isUpperBound: true, bound: 0.05))
  }

  @Test(arguments: ["", "most:x", "min:", ":x"])
  func badObjectivesAreRefused(text: String) {
    #expect(throws: RankingError.badObjective(text)) { try Objective(parsing: text) }
  }

  @Test(arguments: ["", "sigma", "sigma>=", ">=1", "sigma=3", "sigma>=x", "sigma>=nan"])
  func badConstraintsAreRefused(text: String) {
    #expect(throws: RankingError.badConstraint(text)) { try Constraint(parsing: text) }
  }

  @Test func constraintProbabilities() throws {
    let least = Constraint(name: "x", isUpperBound: false, bound: 2)
    let most = Constraint(name: "x", isUpperBound: true, bound: 2)
    let p = least.probability(mean: 3, standardDeviation: 0.5)
    #expect(isClose(p, NormalDistribution.cumulative(2)))
    #expect(isClose(most.probability(mean: 3, standardDeviation: 0.5), 1 - p))
    #expect(least.probability(mean: 2, standardDeviation: 0) == 1)
    #expect(most.probability(mean: 2, standardDeviation: 0) == 1)
    #expect(most.probability(mean: 2.1, standardDeviation: 0) == 0)
  }

  @Test func unknownNamesSuggestTheNearest() {
    let error = RankingError.unknownModel("sigam", known: ["sigma", "cost"])
    #expect(error.description == "no model is named \"sigam\"; did you mean \"sigma\"?")
  }
}
