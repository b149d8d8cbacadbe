import Chemistry
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct OxidationStatesTests {
  private func assign(_ formula: String) throws -> ChargeAssignment? {
    OxidationStates.assign(try Composition(formula: formula))
  }

  private func charges(_ formula: String) throws -> [String: Double] {
    let assignment = try #require(try assign(formula), "\(formula)")
    return Dictionary(uniqueKeysWithValues: assignment.elements.map { ($0.element.symbol, $0.meanCharge) })
  }

  @Test func firstChoicesAreThoseOfPymatgen() throws {
    let golden = try GoldenTable(folder: #filePath, "oxidation.csv")
    #expect(golden.rows.count == 2_000)
    var (solved, agreed, unsolved, alsoUnsolved) = (0, 0, 0, 0)
    for row in golden.rows {
      let assignment = try assign(row[0])
      if row[1].isEmpty {
        unsolved += 1
        if assignment?.method != .whole { alsoUnsolved += 1 }
        continue
      }
      solved += 1
      let same = try row[1].split(separator: " ").allSatisfy { pair in
        let parts = pair.split(separator: ":")
        let element = try #require(Element(String(parts[0])))
        let own = try #require(assignment)[element] ?? .nan
        return abs(own - (Double(parts[1]) ?? .nan)) < 1e-9
      }
      if same { agreed += 1 }
    }
    // What differs: formulas with a common divisor, and equal scores.
    #expect(Double(agreed) >= 0.99 * Double(solved), "\(agreed) of \(solved)")
    #expect(alsoUnsolved == unsolved)
  }

  @Test(arguments: [
    ("Fe3O4", "Fe", 8.0 / 3), ("Li0.33La0.56TiO3", "Ti", 3.99), ("Li6.4La3Zr1.4Ta0.6O12", "Ta", 5.0),
    ("Li7La3Zr2O12", "Zr", 4.0), ("Li6PS5Cl", "P", 5.0), ("Li10GeP2S12", "Ge", 4.0), ("NH4NO3", "N", 1.0),
    ("Li1.3Al0.3Ti1.7(PO4)3", "Ti", 4.0), ("Li2O2", "O", -1.0), ("Li", "Li", 0.0), ("La1.85Sr0.15CuO4", "Cu", 2.15),
  ] as [(String, String, Double)])
  func knownCharges(formula: String, element: String, charge: Double) throws {
    #expect(isClose(try #require(try charges(formula)[element]), charge, relative: 1e-9, absolute: 1e-9))
  }

  @Test func statesMakeTheMean() throws {
    let magnetite = try #require(try assign("Fe3O4"))
    let iron = magnetite.elements[1]
    #expect(iron.states.map(\.charge) == [2, 3])
    #expect(isClose(iron.states[1].share, 2.0 / 3))
    #expect(magnetite.residual == 0)
    // One neighbouring pair of a sign, and opposite signs where they are what compounds have.
    #expect(try #require(try assign("Mn2O3")).elements[1].states.map(\.charge) == [3])
    #expect(try #require(try assign("NH4NO3")).elements.first { $0.element.symbol == "N" }?.states.map(\.charge) == [-3, 5])
    #expect(try #require(try assign("Li2O")).probability == 1)
  }

  @Test(arguments: ["LiHe", "He2Ne"])
  func elementsWithoutStatesHaveNoAssignment(formula: String) throws { #expect(try assign(formula) == nil) }

  @Test func randomFormulasAreNeutralAndScaleFree() throws {
    var generator = SeededGenerator(seed: 11)
    var found = 0
    for _ in 0..<600 {
      let isWhole = generator.uniform() < 0.5
      let amounts = (0..<2 + generator.index(below: 5)).map { _ in
        (Element.all[generator.index(below: 83)], isWhole ? Double(1 + generator.index(below: 9)) : generator.uniform() + 0.01)
      }
      guard let composition = Composition(amounts), let assignment = OxidationStates.assign(composition) else { continue }
      found += 1
      let charge = zip(composition.entries, assignment.elements).reduce(0) { $0 + $1.0.amount * $1.1.meanCharge }
      #expect(abs(charge) <= (assignment.method == .rounded ? 0.0101 : 1e-8) * composition.atomCount)
      #expect(abs(charge / composition.atomCount - assignment.residual) < 1e-8)
      #expect(assignment.probability > 0 && assignment.probability <= 1 + 1e-12)
      for element in assignment.elements where assignment.elements.count > 1 {
        let mean = element.states.reduce(0) { $0 + Double($1.charge) * $1.share }
        #expect(abs(mean - element.meanCharge) < 1e-9)
        #expect(abs(element.states.reduce(0) { $0 + $1.share } - 1) < 1e-12)
      }
      let scaled = try #require(OxidationStates.assign(2.5 * composition))
      #expect(scaled.method == assignment.method)
      for (a, b) in zip(scaled.elements, assignment.elements) { #expect(abs(a.meanCharge - b.meanCharge) < 1e-9) }
    }
    #expect(found > 200)
  }

  /// All combinations of states of all atoms, as pymatgen does.
  private func exhaustiveScores(_ composition: Composition) -> [Double] {
    let table = OxidationStateTableAccess.states(of: composition.elements)
    var totals: [[Int: Double]] = []
    for (entry, states) in zip(composition.entries, table) {
      var sums = [0: 0.0]
      for _ in 0..<Int(entry.amount) {
        var next: [Int: Double] = [:]
        for (sum, score) in sums {
          for state in states { next[sum + state.charge] = max(next[sum + state.charge] ?? -1, score + state.count) }
        }
        sums = next
      }
      totals.append(sums)
    }
    var partial: [(Int, Double)] = [(0, 0)]
    for sums in totals { partial = partial.flatMap { p in sums.map { (p.0 + $0.key, p.1 + $0.value) } } }
    return partial.filter { $0.0 == 0 }.map { $0.1 / composition.atomCount }.sorted(by: >)
  }

  @Test func alternativesAreTheBestOfAllCombinations() throws {
    for formula in ["FeMn2O4", "NH4NO3", "CuFeS2", "Fe3O4", "LiMnCoNiO6", "SnPbS4", "KMnCrO6"] {
      let composition = try Composition(formula: formula)
      let own = OxidationStates.assignments(composition, limit: 5)
      let expected = exhaustiveScores(composition).prefix(5)
      #expect(own.count == expected.count, "\(formula)")
      for (a, b) in zip(own, expected) { #expect(isClose(a.score, b, relative: 1e-12), "\(formula)") }
      #expect(own.first == OxidationStates.assign(composition), "\(formula)")
      for i in own.indices.dropFirst() { #expect(own[i].elements != own[i - 1].elements) }
    }
  }

  /// The walk along hulls against trying all pairs of mixtures: no neutral point of two adapting
  /// elements scores more.
  @Test func mixedValenceIsTheOptimumOfTheLinearProgram() throws {
    for formula in ["Li0.33La0.56TiO3", "La1.853Sr0.147CuO4", "Ce0.971Fe1.029V0.413O4", "Mn1.071Fe1.929O4"] {
      let composition = try Composition(formula: formula)
      let own = try #require(OxidationStates.assign(composition))
      #expect(own.method == .mixed)
      let states = OxidationStateTableAccess.states(of: composition.elements)
      // Every vertex of the program: all elements in one state but one, which mixes two.
      var best = -Double.infinity
      func search(_ i: Int, _ charge: Double, _ score: Double, _ mixing: Int) {
        if i == composition.entries.count {
          let amount = composition.entries[mixing].amount
          let mean = -charge / amount
          for a in states[mixing] {
            for b in states[mixing] where b.charge > a.charge && a.charge * b.charge > 0 {
              let share = (mean - Double(a.charge)) / Double(b.charge - a.charge)
              guard share >= -1e-12, share <= 1 + 1e-12 else { continue }
              best = max(best, score + amount * ((1 - share) * a.count + share * b.count))
            }
          }
          return
        }
        if i == mixing { return search(i + 1, charge, score, mixing) }
        let amount = composition.entries[i].amount
        for state in states[i] { search(i + 1, charge + amount * Double(state.charge), score + amount * state.count, mixing) }
      }
      for mixing in composition.entries.indices { search(0, 0, 0, mixing) }
      #expect(isClose(own.score, best / composition.atomCount, relative: 1e-10), "\(formula)")
    }
  }

  @Test func hugeFormulasAreAnsweredToo() throws {
    // Each would be more than 10^12 combinations.
    for formula in ["Cr64Mn63V62Fe61Mo60W59S400Cl17", "C64N63S62P61Si60As59Se58H57O500", "Mn1000Fe999V777O4000"] {
      #expect(try assign(formula) != nil, "\(formula)")
    }
    let all = try #require(Composition(Element.all.prefix(83).filter { $0.group != 18 }.map { ($0, 1 + Double($0.atomicNumber % 7)) }))
    #expect(OxidationStates.uniformCharges(of: all) == nil || OxidationStates.assign(all) != nil)
  }

  @Test(.enabled(if: SharedData.has("obelix_train.csv"), "obelix_train.csv is not here"))
  func measuredElectrolytesHaveChargesAlthoughMostAreFractional() throws {
    let url = try #require(SharedData.url("obelix_train.csv"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    let formulas = lines.map { String($0.split(separator: ",")[1]) }
    #expect(formulas.count > 400)
    let found = try formulas.filter { try assign($0) != nil }
    #expect(Double(found.count) >= 0.95 * Double(formulas.count), "\(found.count) of \(formulas.count)")
  }
}

/// States and counts as the solver uses them, read here from the bundled table a second time.
enum OxidationStateTableAccess {
  static func states(of elements: [Element]) -> [[(charge: Int, count: Double)]] {
    let table = try? GoldenTable(folder: #filePath, "../../../Datasets/oxidation-states.csv")
    return elements.map { element in
      guard let row = table?.rows.first(where: { $0[1] == element.symbol }) else { return [] }
      let counts = row[5].split(separator: " ").map { $0.split(separator: ":") }
      return (row[4].isEmpty ? row[2] : row[4]).split(separator: " ").map { state in
        (Int(state) ?? 0, counts.first { $0[0] == state }.flatMap { Double($0[1]) } ?? 0)
      }
    }
  }
}
