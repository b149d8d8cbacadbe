import Chemistry
import LinearAlgebra
import Modeling
import Tables
import TestSupport
import Testing

import struct Foundation.Data

/// Energies with a hull: oxides of lithium whose energies follow a line between two known compounds.
@Suite struct HullFeaturesTests {
  static let options = ModelingOptions(target: "eV_per_atom", descriptors: "fractions", model: .hullBoosting)

  /// Binary compounds of many element pairs; the middle one of three lies 0.1 eV above its neighbours' line.
  static func measurements(pairs: Int) throws -> Measurements {
    var generator = SeededGenerator(seed: 31)
    let metals = ["Li", "Na", "K", "Rb", "Cs", "Mg", "Ca", "Sr", "Ba", "Sc", "Y", "Ti", "Zr", "Hf", "Al", "Ga"]
    let anions = ["O", "S", "Se", "Te", "F", "Cl", "Br", "I"]
    var text = "formula,eV_per_atom\n"
    for pair in 0..<pairs {
      let (metal, anion) = (metals[pair % metals.count], anions[pair / metals.count % anions.count])
      let depth = 1 + 2 * generator.uniform()
      // Shares of the anion 1/4, 1/2, 3/4.
      text += "\(metal)3\(anion),\(-depth)\n\(metal)\(anion),\(-depth + 0.1)\n\(metal)\(anion)3,\(-depth)\n"
    }
    return try Measurements(Table(parsing: Data(text.utf8), file: "in.csv"), options: options)
  }

  @Test func hullColumnsLeaveTheRowItselfOut() throws {
    let model = try PropertyModel(training: Self.measurements(pairs: 96), options: Self.options)
    #expect(model.featureNames.contains("hull energy (eV/atom)"))
    // A new compound on the line between two known ones is predicted there, though its depth is random.
    let data = try Self.measurements(pairs: 96)
    let middle = data.rows.filter { $0.sample.composition.atomCount == 2 }.prefix(20)
    let prediction = try model.predict(middle.map(\.sample))
    for (row, mean) in zip(middle, prediction.mean) { #expect(abs(mean - row.target) < 0.15, "\(row.sample.formula)") }
  }

  @Test func theModelFileKeepsThePhases() throws {
    try withTemporaryFolder { folder in
      let data = try Self.measurements(pairs: 80)
      let model = try PropertyModel(training: data, options: Self.options)
      try model.write(to: folder + "/a.model")
      let samples = data.rows.prefix(30).map(\.sample)
      #expect(try PropertyModel(reading: folder + "/a.model").predict(samples) == model.predict(samples))
    }
  }

  @Test func withoutAHullTheErrorSaysWhatIsNeeded() throws {
    var options = Self.options
    options.log10 = true
    let data = try Self.measurements(pairs: 80)
    #expect {
      try PropertyModel(training: data, options: options)
    } throws: { "\($0)".contains("name the target …eV_per_atom") }
  }
}
