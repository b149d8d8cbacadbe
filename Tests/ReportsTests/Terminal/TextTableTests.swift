import Reports
import Testing

@Suite struct TextTableTests {
  @Test func columnsAlign() {
    var table = TextTable([("name", .left), ("value", .right)])
    table.append(["Li3N", "1.5"])
    table.append(["Li7La3Zr2O12", "-10"])
    #expect(
      table.lines(width: 80) == [
        "name          value",
        "────────────  ─────",
        "Li3N            1.5",
        "Li7La3Zr2O12    -10",
      ])
  }

  @Test func wideTextIsCutToFit() {
    var table = TextTable([("n", .right), ("text", .left)])
    table.append(["1", String(repeating: "x", count: 50)])
    let lines = table.lines(width: 30)
    #expect(lines.allSatisfy { $0.count <= 30 })
    #expect(lines[2] == "1  " + String(repeating: "x", count: 26) + "…")
  }

  @Test func someColumnsAreNeverCut() {
    var table = TextTable([("formula", .left), ("text", .left)], whole: ["formula"])
    table.append(["Li10.3575Si0.525Ge0.475P2S12", "a long remark about it"])
    let lines = table.lines(width: 40)
    #expect(lines[2] == "Li10.3575Si0.525Ge0.475P2S12  a long re…")
  }

  @Test(arguments: [16, 24, 40, 60]) func noLineIsWiderThanTheTerminal(width: Int) {
    var table = TextTable([
      ("candidate", .left), ("conductivity", .right), ("90% interval", .right), ("hypervolume gain", .right), ("note", .left),
    ])
    table.append(["Li9.54Si1.74P1.44S11.7Cl0.3", "-1.43", "-5.10 to 1.60", "0.0123", "far from all that was measured"])
    table.append(["Li3N", "-3", "", "0", ""])
    let lines = table.lines(width: width)
    #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
    // At 60 the note has no room and is named instead; below that, rows are blocks.
    #expect(width < 60 || lines.last == "a wider terminal also shows: note")
    #expect(lines.contains { $0.contains("Li3N") } && lines.contains { $0.contains("-1.43") })
  }

  @Test(arguments: [
    (2.5, 0, "3"), (-0.004, 2, "0.00"), (-1.25, 1, "-1.3"), (12, 0, "12"), (0.05, 1, "0.1"),
    (Double.nan, 2, "–"), (-0.96, 1, "-1.0"), (1234.5, 3, "1234.500"),
  ])
  func fixedDecimals(value: Double, decimals: Int, text: String) {
    #expect(value.fixed(decimals) == text)
  }
}
