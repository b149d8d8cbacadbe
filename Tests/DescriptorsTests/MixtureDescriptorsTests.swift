import Chemistry
import Descriptors
import TestSupport
import Testing

@Suite struct MixtureDescriptorsTests {
  private let set = MixtureDescriptors()

  private func value(_ label: String, _ formula: String) throws -> Double {
    let index = try #require(set.columns.firstIndex { $0.label == label }, "\(label)")
    return try set.values(for: Composition(formula: formula))[index]
  }

  @Test func contract() throws { try expectFeaturizerContract(set) }

  @Test func rolesHaveTheirSharesAndMakeUp() throws {
    let cell = "PEO + LiTFSI (EO:Li=18) + 10 wt% Li6.4La3Zr1.4Ta0.6O12 + 5 wt% Al2O3"
    #expect(try value("mixture flag", cell) == 1)
    #expect(try value("mixture components", cell) == 4)
    #expect(try value("mixture EO:Li", cell) == 18)
    #expect(isClose(try value("mixture active filler mass fraction", cell), 0.1, relative: 1e-12))
    #expect(isClose(try value("mixture inert filler mass fraction", cell), 0.05, relative: 1e-12))
    #expect(isClose(try value("mixture active filler lithium fraction", cell), 6.4 / 23.4, relative: 1e-12))
    #expect(isClose(try value("mixture inert filler oxygen fraction", cell), 0.6, relative: 1e-12))
    // Two C, four H, one O by Pauling's scale.
    #expect(isClose(try value("mixture matrix mean electronegativity", cell), (2 * 2.55 + 4 * 2.2 + 3.44) / 7, relative: 1e-12))
    #expect(try value("mixture plasticizer mass fraction", cell) == 0)
    let moles = try MixtureRole.allCases.map { try value("mixture \($0.rawValue) mole fraction", cell) }
    #expect(isClose(moles.reduce(0, +), 1, relative: 1e-12))
    #expect(isClose(moles[0] / moles[1], 18, relative: 1e-12))
  }

  @Test func plainFormulasAreAllMatrix() throws {
    #expect(try value("mixture flag", "Li3PS4") == 0)
    #expect(try value("mixture matrix mass fraction", "Li3PS4") == 1)
    #expect(try value("mixture matrix lithium fraction", "Li3PS4") == 0.375)
    #expect(try value("mixture salt mole fraction", "Li3PS4") == 0)
    // The whole is the same as that of the plain formula for the sets that look at nothing else.
    let magpie = try DescriptorSet(named: "magpie,fractions")
    let glass = try magpie.values(for: Composition(formula: "3Li2S-1P2S5"))
    let plain = try magpie.values(for: Composition(formula: "Li6P2S8"))
    #expect(glass == plain)
  }
}
