import Chemistry
import Foundation
import LinearAlgebra
import Modeling
import Tables
import TestSupport
import Testing

@Suite struct ExplanationTests {
  static let samples = ["Li3PS4", "Li7La3Zr2O12", "Li3N"].map {
    // Formulas of the test itself.
    Sample(formula: $0, composition: try! Composition(formula: $0))
  }

  static func measurements() throws -> Measurements {
    var generator = SeededGenerator(seed: 2)
    var text = "formula,T,y,paper\n"
    for i in 0..<80 {
      let share = 0.05 + 0.9 * generator.uniform()
      for temperature in i % 2 == 0 ? [25, 100] : [25] {
        let noise = 0.05 * generator.normal()
        text += "Li2S\(share)O\(1 - share),\(temperature),\(pow(10, 2 * share - 4 + noise + Double(temperature) / 50)),p\(i)\n"
      }
    }
    return try Measurements(Table(parsing: Data(text.utf8), file: "in.csv"), options: options(.auto))
  }

  static func options(_ kind: ModelKind) -> ModelingOptions {
    ModelingOptions(target: "y", log10: true, temperatureColumn: "T", groupColumn: "paper", model: kind)
  }

  /// Base and effects sum to the mean, whatever the model is made of and at any temperature.
  @Test(arguments: [ModelKind.auto, .compositionGP, .ridge, .boosting, .gp])
  func effectsSumToTheMean(kind: ModelKind) throws {
    let model = try PropertyModel(training: Self.measurements(), options: Self.options(kind))
    for temperature in [25.0, 80] {
      let means = try model.predict(Self.samples, temperature: temperature).mean
      let explanations = try model.explain(Self.samples, temperature: temperature)
      for (explanation, mean) in zip(explanations, means) {
        let sum = explanation.effects.reduce(explanation.base) { $0 + $1.effect }
        #expect(isClose(sum, mean, relative: 1e-8, absolute: 1e-8), "\(kind) at \(temperature)")
      }
    }
  }

  @Test func neighboursAreTheNearestRowsWithTheirGroups() throws {
    let data = try Self.measurements()
    let model = try PropertyModel(training: data, options: Self.options(.ridge))
    let sample = data.rows[7].sample
    let explanation = try #require(model.explain([sample]).first)
    #expect(explanation.neighbours.count == 5)
    #expect(explanation.neighbours[0].distance < 1e-6 && explanation.neighbours[0].reference.group == data.rows[7].groupCell)
    #expect(zip(explanation.neighbours, explanation.neighbours.dropFirst()).allSatisfy { $0.distance <= $1.distance })
  }

  @Test func importanceFindsTheFamilyThatMatters() throws {
    var options = Self.options(.ridge)
    options.temperatureColumn = nil
    options.log10 = false
    options.numericColumns = ["signal", "chance"]
    var generator = SeededGenerator(seed: 6)
    var text = "formula,signal,chance,y,paper\n"
    for i in 0..<90 {
      let (a, b) = (generator.normal(), generator.normal())
      text += "Li2S\(0.1 + 0.01 * Double(i % 9))O,\(a),\(b),\(3 * a + 0.1 * generator.normal()),p\(i)\n"
    }
    let data = try Measurements(Table(parsing: Data(text.utf8), file: "in.csv"), options: options)
    let lines = try PermutationImportance(of: data, options: options, folds: 3).lines
    #expect(lines.first?.family == "signal")
    let chance = try #require(lines.first { $0.family == "chance" })
    #expect(try #require(lines.first).increase > 1 && abs(chance.increase) < 0.1)
  }
}
