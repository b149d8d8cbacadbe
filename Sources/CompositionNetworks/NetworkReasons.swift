import Chemistry
import LinearAlgebra
import Regression

/// Why networks predict what they do: what they recalled, and what each element adds.
extension CompositionNetworkModel {
  /// A known composition that was listened to.
  public struct Recalled: Sendable {
    public let composition: Composition
    /// In units of the target.
    public let value: Double
    /// Earth mover's distance in steps of the Mendeleev scale.
    public let distance: Double
    /// Share of the attention, 0 to 1: the mean over heads, and over the networks that recall by their shares in the
    /// mixture. What the shares of all neighbours leave to 1 is listening to none.
    public let attention: Double
  }

  /// For each row the known compositions it was compared with, the most attended first; empty for networks of the
  /// formula alone.
  ///
  /// - Throws: `PredictionError`.
  /// - Complexity: as `predict`.
  public func recalled(_ features: Matrix) throws(PredictionError) -> [[Recalled]] {
    try check(features)
    let compositions = columns.compositions(of: features)
    guard let memory, let description = description(of: compositions), let table = description.recall else {
      return compositions.map { _ in [] }
    }
    let others = features.selectingColumns(columns.others)
    let rows = Array(compositions.indices)
    // For each member, rows × its neighbours.
    let attention = members.map { member -> [Float] in
      let (input, _) = NetworkMember.input(
        member.design, compositions, others: others, Self.description(description, for: member), member.standardizer)
      return member.network.attention(input, rows: rows, weights: member.weights)
    }
    let weights = mixture.shares
    let recalling = members.indices.filter { members[$0].design.neighbours > 0 }
    let total = recalling.reduce(0) { $0 + weights[$1] }
    return rows.map { row in
      let found = (0..<table.neighbours).compactMap { place -> Recalled? in
        let index = Int(table.indices[row * table.neighbours + place])
        guard index >= 0 else { return nil }
        var share = 0.0
        for m in recalling where place < members[m].design.neighbours {
          // Where no network that recalls has weight, each counts alike.
          let weight = total > 0 ? weights[m] / total : 1 / Double(recalling.count)
          share += weight * Double(attention[m][row * members[m].design.neighbours + place])
        }
        return Recalled(
          composition: memory.compositions[index], value: memory.values[index],
          distance: 20 * Double(table.facts[(row * table.neighbours + place) * RecallAttention.facts + 2]), attention: share)
      }
      return found.enumerated().sorted { (-$0.element.attention, $0.offset) < (-$1.element.attention, $1.offset) }
        .map(\.element)
    }
  }
}

extension CompositionNetworkModel: AttributableRegressor {
  /// Up to so many players every coalition is predicted; beyond, `orders` random orders.
  private static let exactPlayers = 7
  private static let orders = 32

  /// Shapley values of the elements, and of the families of further columns.
  ///
  /// A coalition of elements is worth what is predicted for them in their proportions, the others taken out; no element
  /// is worth the mean prediction of the background, whose mean values further columns have where they are absent.
  /// - Complexity: up to 128 predictions for each row of at most 7 elements and families, 32 for each element beyond.
  public func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    try check(features)
    let usual = try predict(background).mean
    let base = usual.reduce(0, +) / Double(max(1, usual.count))
    let means = (0..<featureCount).map { column in background.column(column).reduce(0, +) / Double(max(1, background.rows)) }
    var groups: [Int: [Int]] = [:]
    for column in columns.others { groups[families.members[column], default: []].append(column) }
    let further = groups.keys.sorted()
    let present = (0..<features.rows).map { row in columns.shares.indices.filter { features[row, columns.shares[$0]] > 0 } }
    let elements = Set(present.joined()).sorted()
    let names = elements.map { Element(atomicNumber: $0 + 1)?.symbol ?? "" } + further.map { families.names[$0] }
    var parts = Matrix(rows: features.rows, columns: names.count)
    var generator = SeededGenerator(seed: 0)
    // Blocks, so that the coalitions of a long table need not stand in memory together.
    for block in stride(from: 0, to: features.rows, by: 64) {
      let rows = block..<min(features.rows, block + 64)
      let games = rows.map { Game(players: present[$0].count + further.count, elements: present[$0].count, &generator) }
      let total = games.reduce(0) { $0 + $1.coalitions.count }
      var asked = Matrix(rows: max(1, total), columns: featureCount)
      var place = 0
      for (row, game) in zip(rows, games) {
        for coalition in game.coalitions {
          for (k, element) in present[row].enumerated() where coalition >> UInt64(k) & 1 == 1 {
            asked[place, columns.shares[element]] = features[row, columns.shares[element]]
          }
          for (k, family) in further.enumerated() {
            let isIn = coalition >> UInt64(present[row].count + k) & 1 == 1
            for column in groups[family] ?? [] { asked[place, column] = isIn ? features[row, column] : means[column] }
          }
          place += 1
        }
      }
      let values = total == 0 ? [] : try predict(asked).mean
      place = 0
      for (i, row) in rows.enumerated() {
        let count = games[i].coalitions.count
        let shares = games[i].shares(of: Array(values[place..<place + count]), base: base)
        place += count
        for (k, share) in shares.enumerated() {
          let element = k < present[row].count ? present[row][k] : nil
          let column = element.flatMap { elements.firstIndex(of: $0) } ?? elements.count + k - present[row].count
          parts[row, column] += share
        }
      }
    }
    return Attribution(names: names, base: [Double](repeating: base, count: features.rows), parts: parts)
  }

  /// The coalitions of one row: a bit for each player, the elements first.
  private struct Game {
    let players: Int
    /// Sorted; none without an element.
    let coalitions: [UInt64]
    private let orders: [[Int]]
    private let elements: UInt64

    init(players: Int, elements: Int, _ generator: inout SeededGenerator) {
      self.players = players
      self.elements = (1 << UInt64(elements)) - 1
      let mask = self.elements
      if players <= CompositionNetworkModel.exactPlayers {
        orders = []
        coalitions = (0..<UInt64(1) << UInt64(players)).filter { $0 & mask != 0 }
      } else {
        orders = (0..<CompositionNetworkModel.orders).map { _ in generator.permutation(players) }
        var met: Set<UInt64> = []
        for order in orders {
          var coalition: UInt64 = 0
          for player in order {
            coalition |= 1 << UInt64(player)
            if coalition & mask != 0 { met.insert(coalition) }
          }
        }
        coalitions = met.sorted()
      }
    }

    /// The Shapley values, which with the base sum to the value of all players.
    func shares(of values: [Double], base: Double) -> [Double] {
      let known = Dictionary(uniqueKeysWithValues: zip(coalitions, values))
      func value(_ coalition: UInt64) -> Double { known[coalition] ?? base }
      var shares = [Double](repeating: 0, count: players)
      guard orders.isEmpty else {
        for order in orders {
          var coalition: UInt64 = 0
          for player in order {
            let next = coalition | 1 << UInt64(player)
            shares[player] += (value(next) - value(coalition)) / Double(orders.count)
            coalition = next
          }
        }
        return shares
      }
      // |S|!·(p − |S| − 1)!/p!
      var weights = [Double](repeating: 1 / Double(max(1, players)), count: max(1, players))
      for size in 1..<max(1, players) { weights[size] = weights[size - 1] * Double(size) / Double(players - size) }
      for player in 0..<players {
        for coalition in 0..<UInt64(1) << UInt64(players) where coalition >> UInt64(player) & 1 == 0 {
          shares[player] += weights[coalition.nonzeroBitCount] * (value(coalition | 1 << UInt64(player)) - value(coalition))
        }
      }
      return shares
    }
  }
}
