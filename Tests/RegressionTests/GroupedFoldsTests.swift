import LinearAlgebra
import Regression
import Testing

@Suite struct GroupedFoldsTests {
  /// 100 rows in 30 groups of unequal size.
  static let groups: [Int] = {
    var generator = SeededGenerator(seed: 3)
    return (0..<100).map { $0 < 30 ? $0 : 7 * generator.index(below: 5) }
  }()

  @Test(arguments: 2...10)
  func everyRowIsHeldOutOnceAndNoGroupIsSplit(count: Int) throws {
    let folds = try GroupedFolds(groups: Self.groups, count: count, seed: 4)
    #expect(folds.count == count)
    #expect(folds.heldOut.joined().sorted() == Array(0..<100))
    for fold in 0..<count {
      let training = folds.trainingRows(fold)
      #expect(training.count + folds.heldOut[fold].count == 100)
      let seen = Set(training.map { Self.groups[$0] })
      #expect(folds.heldOut[fold].allSatisfy { !seen.contains(Self.groups[$0]) })
    }
  }

  @Test func foldsAreBalancedByRows() throws {
    let folds = try GroupedFolds(groups: Self.groups, count: 5)
    let sizes = folds.heldOut.map(\.count)
    #expect(sizes.allSatisfy { $0 >= 18 && $0 <= 22 }, "\(sizes)")
  }

  @Test func theSeedDecides() throws {
    let a = try GroupedFolds(groups: Self.groups, count: 5, seed: 1)
    #expect(try a == GroupedFolds(groups: Self.groups, count: 5, seed: 1))
    #expect(try a != GroupedFolds(groups: Self.groups, count: 5, seed: 2))
    // Only which rows are together counts, not the numbers that name the groups.
    #expect(try a == GroupedFolds(groups: Self.groups.map { 1000 - $0 }, count: 5, seed: 1))
  }

  @Test func tooFewGroupsAreRefused() {
    #expect(throws: FoldError.tooFewGroups(groups: 2, folds: 3)) {
      try GroupedFolds(groups: [1, 1, 2, 2, 2], count: 3)
    }
    #expect(throws: FoldError.tooFewFolds(1)) { try GroupedFolds(groups: [1, 2], count: 1) }
  }
}
