import LinearAlgebra

/// A division of rows into k folds that never splits a group.
///
/// Groups are shuffled by the seed, then dealt from the largest to the smallest, each to the fold
/// with the fewest rows so far, so folds are as even as whole groups allow.
public struct GroupedFolds: Sendable, Equatable {
  /// The rows held out by each fold, ascending; every row is in exactly one.
  public let heldOut: [[Int]]
  /// The number of rows.
  public let rowCount: Int

  /// The number of folds.
  public var count: Int { heldOut.count }

  /// - Parameters:
  ///   - groups: the group of each row; any integers.
  ///   - count: k, at least 2.
  ///   - seed: another seed gives another division.
  /// - Throws: `FoldError`, when k is below 2 or there are fewer groups than folds.
  public init(groups: [Int], count: Int, seed: UInt64 = 0) throws(FoldError) {
    guard count >= 2 else { throw .tooFewFolds(count) }
    let members = Self.members(of: groups)
    guard members.count >= count else { throw .tooFewGroups(groups: members.count, folds: count) }
    var generator = SeededGenerator(seed: seed)
    let shuffled = generator.permutation(members.count)
    // Position in the shuffle breaks ties of size, so the order is total.
    let order = shuffled.enumerated().sorted { a, b in
      let (sizeA, sizeB) = (members[a.element].count, members[b.element].count)
      return sizeA != sizeB ? sizeA > sizeB : a.offset < b.offset
    }
    var folds = [[Int]](repeating: [], count: count)
    for (_, group) in order {
      var lightest = 0
      for fold in 1..<count where folds[fold].count < folds[lightest].count { lightest = fold }
      folds[lightest].append(contentsOf: members[group])
    }
    heldOut = folds.map { $0.sorted() }
    rowCount = groups.count
  }

  /// The rows of each group, ascending, by their first rows.
  static func members(of groups: [Int]) -> [[Int]] {
    var members: [[Int]] = []
    var number: [Int: Int] = [:]
    for (row, group) in groups.enumerated() {
      if let known = number[group] {
        members[known].append(row)
      } else {
        number[group] = members.count
        members.append([row])
      }
    }
    return members
  }

  /// What to leave out one after the other: each group, or each row by itself where all are one group.
  package static func leftOutTogether(_ groups: [Int]) -> [[Int]] {
    let members = members(of: groups)
    return members.count > 1 ? members : groups.indices.map { [$0] }
  }

  /// The rows that `fold` trains on, ascending: all that it does not hold out.
  public func trainingRows(_ fold: Int) -> [Int] {
    var isHeldOut = [Bool](repeating: false, count: rowCount)
    for row in heldOut[fold] { isHeldOut[row] = true }
    return (0..<rowCount).filter { !isHeldOut[$0] }
  }
}

/// Why rows could not be divided into folds.
public enum FoldError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooFewFolds(Int)
  case tooFewGroups(groups: Int, folds: Int)

  public var description: String {
    switch self {
    case .tooFewFolds(let count): "\(count) folds; cross-validation needs at least 2"
    case .tooFewGroups(let groups, let folds):
      "\(groups) groups of rows are too few for \(folds) folds, as no group is split; "
        + "ask for at most \(groups) folds or give finer groups"
    }
  }
}
