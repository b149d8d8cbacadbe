import Chemistry
import Foundation
import LinearAlgebra
import Modeling
import Tables
import TestSupport
import Testing

/// Conductivities that follow an Arrhenius law exactly but for noise.
@Suite struct ArrheniusModelTests {
  static let options = ModelingOptions(
    target: "conductivity_S_cm", log10: true, temperatureColumn: "temperature_C", groupColumn: "doi",
    descriptors: "fractions", model: .extraTrees)

  /// Eₐ falls with the share of sulfur; log10 A = 2.
  static func energy(_ sulfur: Double) -> Double { 0.7 - 0.4 * sulfur }

  static func value(_ sulfur: Double, celsius: Double) -> Double {
    2 - energy(sulfur) / (8.617333262e-5 * (celsius + 273.15) * log(10))
  }

  static func measurements(temperatures: [Double]) throws -> Measurements {
    var generator = SeededGenerator(seed: 2)
    var text = "formula,temperature_C,conductivity_S_cm,doi\n"
    for i in 0..<40 {
      let sulfur = Double(i) / 40
      for celsius in temperatures {
        let y = value(sulfur, celsius: celsius) + 0.02 * generator.normal()
        text += "Li2S\(sulfur)O\(1 - sulfur),\(celsius),\(pow(10, y)),paper\(i)\n"
      }
    }
    return try Measurements(Table(parsing: Data(text.utf8), file: "in.csv"), options: options)
  }

  static func sample(_ sulfur: Double) throws -> Sample {
    let formula = "Li2S\(sulfur)O\(1 - sulfur)"
    return Sample(formula: formula, composition: try Composition(formula: formula))
  }

  @Test func energyAndExtrapolationFollowTheLaw() throws {
    let model = try PropertyModel(training: Self.measurements(temperatures: [25, 60, 100]), options: Self.options)
    #expect(model.hasActivationEnergies)
    let sample = try Self.sample(0.5125)
    let energies = try #require(try model.activationEnergies([sample]))
    #expect(abs(energies.mean[0] - Self.energy(0.5125)) < 0.03)
    #expect(energies.lower[0] < Self.energy(0.5125) && energies.upper[0] > Self.energy(0.5125))
    // 200 °C lies far beyond the measured temperatures.
    for celsius in [25.0, 80, 200] {
      let prediction = try model.predict([sample], temperature: celsius)
      #expect(abs(prediction.mean[0] - Self.value(0.5125, celsius: celsius)) < 0.3, "\(celsius)")
      #expect(prediction.standardDeviation[0] > 0)
    }
  }

  @Test func rowsAtOneTemperatureShowNoLaw() throws {
    let model = try PropertyModel(training: Self.measurements(temperatures: [25]), options: Self.options)
    #expect(!model.hasActivationEnergies)
    #expect(try model.activationEnergies([Self.sample(0.5)]) == nil)
  }

  @Test func theModelFileKeepsTheLaw() throws {
    try withTemporaryFolder { folder in
      let model = try PropertyModel(training: Self.measurements(temperatures: [25, 100]), options: Self.options)
      try model.write(to: folder + "/a.model")
      let restored = try PropertyModel(reading: folder + "/a.model")
      let samples = try [0.1, 0.6].map(Self.sample)
      #expect(try restored.predict(samples, temperature: 70) == model.predict(samples, temperature: 70))
      #expect(restored.summary == "Arrhenius law with extra-trees at 25 °C")
    }
  }
}
