import CandidateSpaces
import Chemistry
import Testing

@Suite struct TemplateSpaceTests {
  @Test func amountsFollowTheirExpressions() throws {
    let file = try space(
      """
      [[space]]
      kind = "template"
      formula = "Li{7-x+y}La{3 - y}Ca{y}Zr{2-x}[M]{x}O12"
      places = { M = ["Ta5+", "Nb5+"] }
      variables = { x = [0, 0.5], y = [0, 0.1] }
      """)
    #expect(file.space.count == 8)
    let all = (0..<8).compactMap { file.space.candidate(at: $0)?.formula }
    #expect(all.contains("Li6.6La2.9Ca0.1Zr1.5Ta0.5O12") || all.contains("Li6.6Ca0.1La2.9Zr1.5Ta0.5O12"))
    #expect(file.space.label(at: 7) == "M = Nb5+, x = 0.5, y = 0.1")
  }

  @Test func theUnknownAmountFollowsFromTheCharges() throws {
    let file = try space(
      """
      [[space]]
      kind = "template"
      formula = "Li{?}[A]{x}Ti{2-x}(PO4)3"
      places = { A = ["Al3+"] }
      variables = { x = [0.3] }
      charges = { Ti = 4, P = 5 }
      """)
    let candidate = try #require(file.space.candidate(at: 0))
    #expect(candidate[.lithium] == 1.3)
    #expect(candidate[Element("O")!] == 12)
  }

  @Test func nestedBracketsMultiply() throws {
    let file = try space("[[space]]\nkind = \"template\"\nformula = \"Li{x}(B(OH{x})2)3\"\nvariables = { x = [1] }")
    #expect(file.space.candidate(at: 0)?.formula == (try Composition(formula: "LiB3O6H6")).formula)
  }

  @Test(arguments: [
    ("Li{7-x", "an open {"), ("Li[Q]2", "[Q] has no ions"), ("Li{x*}", "no linear amount"), ("Qq2", "\"Qq\" is no element"),
    ("Li(PO4", "an open bracket"), ("LiPO4)", "a bracket too many"), ("Li{y}", "variable y has no values"), ("", "nothing"),
  ]) func mistakesAreNamed(formula: String, problem: String) {
    let text = "[[space]]\nkind = \"template\"\nformula = \"\(formula)\"\nvariables = { x = [1] }"
    #expect(failure(text).contains(problem), "\(failure(text))")
  }
}
