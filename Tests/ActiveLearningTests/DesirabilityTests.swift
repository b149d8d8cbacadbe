import ActiveLearning
import Foundation
import Testing
import TestSupport

@Suite struct DesirabilityTests {
  @Test(arguments: [(-5.0, -3.0, 1.0), (-5.0, -3.0, 2.0), (0.1, 0.0, 1.0), (0.1, 0.0, 0.5)])
  func expectedDesirability(floor: Double, goal: Double, exponent: Double) throws {
    let wish = try #require(Desirability(floor: floor, goal: goal, exponent: exponent))
    #expect(wish.value(floor) == 0 && wish.value(goal) == 1)
    #expect(isClose(wish.value((floor + goal) / 2), pow(0.5, exponent)))
    let mean = 0.4 * floor + 0.6 * goal
    let deviation = abs(goal - floor) / 3
    var brute = MonteCarlo(seed: 41, count: 200_000)
    brute.expect(wish.expectedValue(mean: mean, standardDeviation: deviation), "desirability") {
      wish.value(mean + deviation * $0.normal())
    }
    #expect(wish.expectedValue(mean: mean, standardDeviation: 0) == wish.value(mean))
  }

  @Test func oneUselessPropertyMakesAUselessMaterial() throws {
    let a = try #require(Desirability(floor: 0, goal: 1, weight: 3))
    let b = try #require(Desirability(floor: 0, goal: 1))
    #expect(isClose(Desirability.overall([(a, 0.5), (b, 1)]), pow(0.5, 0.75)))
    #expect(Desirability.overall([(a, 0), (b, 1)]) == 0)
    #expect(Desirability(floor: 1, goal: 1) == nil)
  }
}
