import Chemistry
import Foundation
import Stability
import Tables
import TestSupport
import Testing

struct CellTests {
  @Test func theoreticalCapacities() throws {
    let diagram = try PhaseDiagram([phase("Li2S", -1.5), phase("LiCoO2", -1.7), phase("CoO2", -1.1)])
    // 26.8015 Ah for each mole: sulfur 1672 mAh/g, Li2S 1167, LiCoO2 274, lithium 3861.
    let sulfur = try diagram.electrodeCapacity(of: composition("S8"))
    #expect(abs(sulfur.insertion - 1671.7) < 0.5 && sulfur.extraction == 0)
    expectClose([try #require(sulfur.insertionVoltage)], [2.25])
    let sulfide = try diagram.electrodeCapacity(of: composition("Li2S"))
    #expect(abs(sulfide.extraction - 1166.5) < 0.5)
    expectClose([try #require(sulfide.extractionVoltage)], [2.25])
    #expect(abs(try diagram.electrodeCapacity(of: composition("LiCoO2")).extraction - 273.8) < 0.2)
    #expect(abs(try diagram.electrodeCapacity(of: composition("Li")).extraction - 3861.3) < 1)
  }

  @Test func averageVoltageOfAPair() throws {
    let diagram = try PhaseDiagram([phase("LiCoO2", -1.7), phase("CoO2", -1.1)])
    let voltage = try diagram.averageVoltage(from: composition("Co2O4"), to: composition("LiCoO2"))
    expectClose([try #require(voltage)], [4 * 1.7 - 3 * 1.1])
    #expect(try diagram.averageVoltage(from: composition("LiCoO2"), to: composition("CoO2")) == nil)
    #expect(try diagram.averageVoltage(from: composition("CoO"), to: composition("LiCoO2")) == nil)
  }

  @Test func stackAddsUp() throws {
    let csv = """
      layer,formula,thickness_um,volume_share,active,capacity_mAh_g,density_g_cm3,price_usd_per_kg
      cathode,LCO,100,0.5,yes,200,5,20
      cathode,Li6PS5Cl,100,0.5,,,2,50
      separator,Li6PS5Cl,20,,,,2,50
      anode,Li,30,,yes,,,
      collector,Al,10,,,,2.7,3
      bad,Qq,10,,,,1,1
      bad,Li2S,,,,,1,1
      """
    let table = try CellStackTable(Table(parsing: Data(csv.utf8), file: "cell.csv"))
    #expect(table.components.count == 5)
    #expect(table.diagnostics.map(\.location.line) == [7, 8])
    #expect(table.assumptions.contains { $0.contains("density of Li") })
    let stack = CellStack(components: table.components, voltage: 4)
    // 100 µm · 0.5 · 5 g/cm³ = 25 mg/cm² · 200 mAh/g.
    expectClose([stack.arealCapacity, stack.thickness], [5, 160])
    let lithium = try #require(SolidDensities.density(of: composition("Li")))
    let mass = 0.025 + 0.01 + 0.004 + 0.003 * lithium + 0.0027
    expectClose([stack.mass, stack.specificEnergy], [mass, 20 / mass], relative: 1e-9)
    expectClose([stack.energyDensity], [0.02 / 0.016 * 1000])
    let price = try #require(ElementPrices.price(of: composition("Li")))
    let cost = (0.025 * 20 + 0.014 * 50 + 0.003 * lithium * price + 0.0027 * 3) / 1000 / 0.02e-3
    expectClose([try #require(stack.materialCost)], [cost], relative: 1e-9)
    #expect(CellTargets().energyScore(stack) == 1)
  }

  @Test func pricesAndDensitiesComeFromTheTables() throws {
    // Half the mass of a made-up alloy at each price.
    let price = try #require(ElementPrices.price(of: composition("Li2O")))
    let (li, o) = (ElementPrices.bundled[2], ElementPrices.bundled[7])
    let share = composition("Li2O").weightFraction(of: element("Li"))
    expectClose([price], [share * (try #require(li)) + (1 - share) * (try #require(o))])
    #expect(SolidDensities.density(of: composition("Li2F2")) == SolidDensities.density(of: composition("LiF")))
    #expect(SolidDensities.density(of: composition("Li7La3Zr2O12")) == nil)
  }
}
