import Modeling
import Regression
import Testing

@Suite struct ModelValidationTests {
  @Test func groupsAreNeverSplitAndEveryRowIsHeldOutOnce() throws {
    let (model, data) = try PropertyModelTests.trained(.ridge)
    let validation = try ModelValidation(of: data, options: model.options, folds: 4)
    #expect(validation.folds.flatMap(\.rows).sorted() == Array(0..<data.count))
    for fold in validation.folds {
      let inside = Set(fold.rows.map { data.groups[$0] })
      let outside = Set((0..<data.count).filter { !fold.rows.contains($0) }.map { data.groups[$0] })
      #expect(inside.isDisjoint(with: outside))
      #expect(fold.trainingRows + fold.rows.count == data.count)
    }
    #expect((validation.pooled.rSquared ?? 0) > 0.8)
  }

  /// With targets shuffled over the groups nothing can be learned; a leak would show here.
  @Test func shuffledTargetsCannotBePredicted() throws {
    let (model, data) = try PropertyModelTests.trained(.ridge)
    let shuffled = data.scramblingTargets(seed: 4)
    #expect(shuffled.rows.map(\.target).sorted() == data.rows.map(\.target).sorted())
    let validation = try ModelValidation(of: shuffled, options: model.options, folds: 4)
    #expect((validation.pooled.rSquared ?? 0) < 0.3)
  }

  @Test func nearTwinsInOtherGroupsAreCountedAndScramblingLearnsNothing() throws {
    let (model, data) = try PropertyModelTests.trained(.ridge)
    let validation = try ModelValidation(of: data, options: model.options, folds: 4)
    // Ten lithium contents and two anions in sixty rows: every composition stands in several groups.
    #expect(validation.nearlyKnownCount == data.count)
    #expect(validation.nearestDistances.allSatisfy { $0 < 1e-6 })
    let scrambled = try #require(try ModelValidation.scrambledRSquared(of: data, options: model.options, folds: 4))
    let honest = try #require(validation.pooled.rSquared)
    #expect(scrambled < 0.3 && scrambled < honest - 0.5)
  }

  /// A model that was trained elsewhere scores on the rows of a fold as the cross-validation says.
  @Test func aTrainedModelScoresAsItsFoldDoes() throws {
    let (model, data) = try PropertyModelTests.trained(.ridge)
    let validation = try ModelValidation(of: data, options: model.options, folds: 4)
    let fold = validation.folds[1]
    let others = (0..<data.count).filter { !fold.rows.contains($0) }
    let own = try PropertyModel(training: data.selecting(others), options: model.options)
    let scored = try ModelValidation(scoring: own, on: data.selecting(fold.rows))
    #expect(scored.folds.isEmpty && scored.pooled == fold.metrics)
    #expect(scored.domainScores == fold.rows.map { validation.domainScores[$0] })
  }

  @Test func tooFewGroupsSaySo() throws {
    let (model, data) = try PropertyModelTests.trained(.ridge)
    #expect(throws: ModelingError.self) { try ModelValidation(of: data, options: model.options, folds: 21) }
  }
}
