import Chemistry
import Testing

@Suite struct ElementTests {
  @Test func symbolsAndNumbersAgree() {
    #expect(Element.all.count == 118)
    for (index, element) in Element.all.enumerated() {
      #expect(element.atomicNumber == index + 1)
      #expect(Element(element.symbol) == element)
      #expect(Element(atomicNumber: index + 1) == element)
    }
    #expect(Element("Li")?.atomicNumber == 3)
    #expect(Element("Og")?.atomicNumber == 118)
  }

  @Test(arguments: ["", "li", "LI", "Lii", "Qq", "J", "1", "é", "L", "Li "])
  func otherTextsAreNoSymbols(text: String) { #expect(Element(text) == nil) }

  @Test func numbersOutsideTheTableAreNoElements() {
    #expect(Element(atomicNumber: 0) == nil)
    #expect(Element(atomicNumber: 119) == nil)
    #expect(Element(atomicNumber: -1) == nil)
  }

  @Test func factsBelongToTheirElements() throws {
    let lithium = try #require(Element("Li"))
    #expect(lithium.name == "Lithium")
    #expect(lithium.atomicMass == 6.941)
    #expect(lithium.electronegativity == 0.98)
    #expect(lithium.group == 1 && lithium.period == 2 && lithium.block == .s)
    let lanthanum = try #require(Element("La"))
    #expect(lanthanum.group == 3 && lanthanum.isLanthanoid && !lanthanum.isActinoid)
    #expect(Element("He")?.electronegativity == nil)
    #expect(Element("Cl")?.isHalogen == true)
    #expect(Element.all.allSatisfy { $0.atomicMass > 0 && (1...18).contains($0.group) })
    // F - Cl - Br - I come last in formulas, alkali metals before.
    let ranks = try ["Cs", "Li", "La", "P", "O", "I", "F"].map { try #require(Element($0)).formulaRank }
    #expect(ranks == ranks.sorted())
  }
}
