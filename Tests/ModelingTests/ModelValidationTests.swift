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

  @Test func tooFewGroupsSaySo() throws {
    let (model, data) = try PropertyModelTests.trained(.ridge)
    #expect(throws: ModelingError.self) { try ModelValidation(of: data, options: model.options, folds: 21) }
  }
}
