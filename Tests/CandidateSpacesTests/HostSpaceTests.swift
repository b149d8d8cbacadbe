import CandidateSpaces
import Chemistry
import Testing

@Suite struct HostSpaceTests {
  static let garnet = """
    [[space]]
    kind = "substitution"
    host = "Li7La3Zr2O12"
    balance-range = [5, 8]
    [[space.site]]
    replace = "La"
    by = ["Ca2+", "Sr2+"]
    fractions = [0.1, 0.2]
    mix = 2
    [[space.site]]
    replace = "Zr"
    by = ["Ta5+", "W6+", "Sc3+"]
    fractions = { from = 0.1, to = 0.5, step = 0.1 }
    """

  @Test func sizeIsTheProductOfTheSites() throws {
    // La: none, 2·2 single, 2·2 pairs; Zr: none, 3·5 single.
    #expect(try space(Self.garnet).space.count == 9 * 16)
  }

  @Test func lithiumIsSolvedFromTheCharges() throws {
    let charges = ["Li": 1.0, "La": 3, "Ca": 2, "Sr": 2, "Zr": 4, "Ta": 5, "W": 6, "Sc": 3, "O": -2]
    let file = try space(Self.garnet)
    var count = 0
    file.space.forEach(in: 0..<file.space.count) { index, candidate in
      count += 1
      let charge = candidate.entries.reduce(0.0) { $0 + (charges[$1.element.symbol] ?? .nan) * $1.amount }
      #expect(abs(charge) < 1e-8, "\(candidate)")
      #expect((5.0...8.0).contains(candidate[.lithium]))
      #expect(file.space.candidate(at: index) == candidate)
    }
    #expect(count > 100)
  }

  @Test func publishedGarnetIsThere() throws {
    let file = try space(
      """
      [[space]]
      kind = "substitution"
      host = "Li7La3Zr2O12"
      [[space.site]]
      replace = "Zr"
      by = ["Ta5+"]
      fractions = [0.3]
      """)
    let formulas = (0..<file.space.count).compactMap { file.space.candidate(at: $0)?.formula }
    #expect(formulas == ["Li7La3Zr2O12", "Li6.4La3Zr1.4Ta0.6O12"])
    #expect(file.space.label(at: 1) == "Li7La3Zr2O12: Zr4+ → 30% Ta5+")
  }

  @Test func withoutBalanceOnlyNeutralArrangementsStay() throws {
    let file = try space(
      """
      [[space]]
      kind = "substitution"
      host = "Li3InCl6"
      balance = "none"
      [[space.site]]
      replace = "In"
      by = ["Y3+", "Zr4+"]
      fractions = [0.5]
      """)
    let formulas = (0..<file.space.count).compactMap { file.space.candidate(at: $0)?.formula }
    #expect(formulas == ["Li3InCl6", "Li3Y0.5In0.5Cl6"])
  }

  @Test func vacanciesAreBalancedToo() throws {
    let file = try space(
      """
      [[space]]
      kind = "substitution"
      host = "Li6PS5Cl"
      balance-range = [5, 6]
      charges = { P = 5 }
      [[space.site]]
      replace = "S"
      by = ["vacancy"]
      fractions = [0.1]
      """)
    #expect((0..<file.space.count).compactMap { file.space.candidate(at: $0)?.formula }.last == "Li5PS4.5Cl")
  }
}
