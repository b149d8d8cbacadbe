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

  @Test func aWrappedCellGoesOnBelow() {
    var table = TextTable([("model", .left), ("MAE", .right)], wrapped: ["model"])
    table.append(["boosting:learn=room:descriptors=magpie+lithium", "0.625"])
    table.append(["ridge", "0.717"])
    #expect(
      table.lines(width: 36) == [
        "model                            MAE",
        "─────────────────────────────  ─────",
        "boosting:learn=room:           0.625",
        "  descriptors=magpie+lithium",
        "ridge                          0.717",
      ])
  }

  @Test func aWrappedColumnStandsAboveWhatLeavesItNoRoom() {
    var table = TextTable([("model", .left), ("MAE", .right), ("95% interval", .right)], wrapped: ["model"])
    table.append(["boosting:learn=room:descriptors=magpie+lithium", "0.625", "-0.021 to 0.034"])
    table.append(["ridge", "0.717", "–"])
    #expect(
      table.lines(width: 30) == [
        "model",
        "  MAE     95% interval",
        "─────  ───────────────",
        "boosting:learn=room:",
        "  descriptors=magpie+lithium",
        "0.625  -0.021 to 0.034",
        "ridge",
        "0.717                –",
      ])
  }

  /// Variants that differ at the end of a long name stay apart, in a table and in blocks.
  @Test(arguments: [20, 30, 50, 80, 200]) func wrappedNamesAreWhole(width: Int) {
    let names = ["composition-gp:learn=measured:descriptors=magpie+lithium+bonding", "composition-gp:learn=measured:descriptors=magpie+lithium+fractions"]
    var table = TextTable([("model", .left), ("MAE", .right), ("95% interval", .right)], wrapped: ["model"])
    for name in names { table.append([name, "0.625", "-0.021 to 0.034"]) }
    let lines = table.lines(width: width)
    #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
    let text = lines.joined().filter { $0 != " " }
    for end in ["bonding", "fractions"] { #expect(text.contains(end), "\(lines)") }
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
