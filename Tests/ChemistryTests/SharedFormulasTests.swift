import Chemistry
import Tables
import TestSupport
import Testing

/// Every formula of the public data beside the repository is read, or refused for a reason that stands here.
@Suite struct SharedFormulasTests {
  /// Formula and reason.
  private static let refused: [String: FormulaError.Kind] = [:]

  @Test(
    arguments: [
      "obelix_train.csv", "liverpool_train.csv", "formation_energy_train.csv", "formation_energy_val.csv",
      "energy_above_hull_train.csv", "energy_above_hull_val.csv", "decomposition_energy_train.csv", "decomposition_energy_val.csv",
    ].filter { SharedData.has($0) })
  func everyFormulaIsReadOrRefusedForAReason(name: String) throws {
    let url = try #require(SharedData.url(name))
    var seen = Set<String>()
    for formula in try Table(reading: url.path).column("formula") where seen.insert(formula).inserted {
      do throws(FormulaError) {
        let composition = try Composition(formula: formula)
        #expect(Self.refused[formula] == nil, "\(formula) was read as \(composition)")
        #expect(composition.mixture == nil, "\(formula)")
        // No name of the table of abbreviations hides a formula.
        #expect(Abbreviation.named(formula) == nil, "\(formula)")
      } catch {
        #expect(Self.refused[formula] == error.kind, "\(error)")
      }
    }
    #expect(!seen.isEmpty)
  }
}
