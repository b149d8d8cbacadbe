import Tables
import Testing

@Suite struct MeasuredValueTests {
  @Test(arguments: [
    ("1.5e-4", 1.5e-4), ("-3", -3), (" 7 ", 7), ("1E-10", 1e-10), ("−2", -2), ("1.2×10^-4", 1.2e-4),
    ("1.2 x 10-4", 1.2e-4), ("+.5", 0.5),
  ])
  func plainNumbers(cell: String, number: Double) throws {
    #expect(try MeasuredValue(parsing: cell) == MeasuredValue(number: number))
  }

  @Test(arguments: [
    ("<1E-10", MeasuredValue.Bound.upper), ("< 1e-10", .upper), ("≤1e-10", .upper), ("<=1e-10", .upper),
    (">1e-10", .lower), ("≥ 1E-10", .lower),
  ])
  func bounds(cell: String, bound: MeasuredValue.Bound) throws {
    #expect(try MeasuredValue(parsing: cell) == MeasuredValue(number: 1e-10, bound: bound))
  }

  @Test(arguments: [
    ("", "the cell is empty", "give a number or remove the row"),
    ("1,5", "\"1,5\" has a decimal comma", "write 1.5"),
    ("0.3 mS/cm", "\"0.3 mS/cm\" carries a unit (mS/cm)", "convert to the unit of the column and write the number alone"),
    ("high", "\"high\" is not a number", "give a number or remove the row"),
    ("NaN", "\"NaN\" is not a finite number", "give a number or remove the row"),
    ("inf", "\"inf\" is not a finite number", "give a number or remove the row"),
    ("1e999", "\"1e999\" is not a finite number", "give a number or remove the row"),
  ])
  func refusedCells(cell: String, problem: String, remedy: String) {
    #expect(throws: MeasuredValue.ParseError(problem: problem, remedy: remedy)) {
      try MeasuredValue(parsing: cell)
    }
  }
}
