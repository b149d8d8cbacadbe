import Chemistry
import LinearAlgebra
import Screening
import Testing

@Suite struct TopCandidatesTests {
  /// Random scores over few formulas, so that there are many duplicates and ties.
  static func entries(_ count: Int, seed: UInt64) -> [TopCandidates.Entry] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let amount = Double(1 + generator.index(below: 60))
      let composition = Composition([(Element.lithium, amount), (Element.hydrogen, 60)])!
      let score = Double(generator.index(below: 25)) / 5
      return .init(index: index, score: score, feasibility: 1, values: [score, 0], key: FormulaKey(composition))
    }
  }

  /// The definition: best of each formula, then the best of those.
  static func reference(_ entries: [TopCandidates.Entry], _ limit: Int) -> [TopCandidates.Entry] {
    var best: [FormulaKey: TopCandidates.Entry] = [:]
    for entry in entries {
      if let old = best[entry.key], (old.score, -old.index) >= (entry.score, -entry.index) { continue }
      best[entry.key] = entry
    }
    return Array(best.values.sorted { ($0.score, -$0.index) > ($1.score, -$1.index) }.prefix(limit))
  }

  @Test(arguments: [1, 5, 40, 100]) func keepsTheBestOfEachFormula(limit: Int) {
    for seed in 0..<20 {
      let entries = Self.entries(3000, seed: UInt64(seed))
      var top = TopCandidates(limit: limit)
      for entry in entries { top.insert(entry) }
      #expect(top.sorted == Self.reference(entries, limit), "seed \(seed)")
    }
  }

  @Test func orderAndCutsDoNotMatter() {
    let entries = Self.entries(4000, seed: 7)
    let expected = Self.reference(entries, 30)
    var generator = SeededGenerator(seed: 8)
    for parts in [1, 2, 7, 64] {
      var pieces = [TopCandidates](repeating: TopCandidates(limit: 30), count: parts)
      for place in generator.permutation(entries.count) { pieces[place % parts].insert(entries[place]) }
      // Merged in a tree, from the right.
      while pieces.count > 1 {
        let last = pieces.removeLast()
        pieces[pieces.count / 2].merge(last)
      }
      #expect(pieces[0].sorted == expected, "\(parts) parts")
    }
  }

  @Test func thresholdIsTheLastScoreKept() {
    let entries = Self.entries(500, seed: 3)
    var top = TopCandidates(limit: 20)
    #expect(top.threshold == nil)
    for entry in entries { top.insert(entry) }
    #expect(top.threshold == Self.reference(entries, 20).last?.score)
  }

  @Test func formulasAreEqualWhateverTheirScale() throws {
    let key = { (text: String) in FormulaKey(try Composition(formula: text)) }
    #expect(try key("Li3PS4") == key("Li6P2S8"))
    #expect(try key("LiTi2(PO4)3") == key("Li0.1Ti0.2P0.3O1.2"))
    #expect(try key("Li3PS4") != key("Li3.0001PS4"))
  }
}
