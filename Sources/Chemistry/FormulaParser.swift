/// Reads formulas; the grammar is described in the article <doc:FormulaGrammar>.
///
/// Two readers give the same result wherever both read: `PlainFormula`, one pass over symbols, amounts
/// and brackets, and `FormulaReader`, which knows all of the grammar. The work is linear in the length of
/// the text, which is limited, as is the depth of brackets.
public enum FormulaParser {
  /// Bytes of one formula.
  public static let maximumLength = 10_000
  /// Brackets inside each other.
  public static let maximumDepth = 64
  /// Compositions that one formula with ranges of parameters may stand for.
  public static let maximumMembers = 10_000
}

extension Composition {
  /// Reads a formula or a mixture; see <doc:FormulaGrammar> for what may be written.
  ///
  /// Isotopes count as their elements, deuterium `D` and tritium `T` as hydrogen.
  ///
  /// - Throws: `FormulaError` with the position of the first character that cannot be read.
  /// - Complexity: O(length). Plain formulas are read in a fraction of a microsecond, with one allocation.
  public init(formula: String) throws(FormulaError) {
    var text = formula
    if let plain = text.withUTF8({ PlainFormula.composition($0) }) {
      self = plain
    } else {
      self = try FormulaReader(formula).composition()
    }
  }
}
