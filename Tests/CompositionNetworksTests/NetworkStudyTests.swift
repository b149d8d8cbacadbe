import Chemistry
import CompositionNetworks
import Descriptors
import Foundation
import LinearAlgebra
import Regression
import Testing

@Suite struct NetworkStudyTests {
  @Test func scoresWholeChemicalSystemsThatWereHeldOut() throws {
    var generator = SeededGenerator(seed: 1)
    var features = Matrix(rows: 300, columns: Element.count)
    var targets: [Double] = []
    for row in 0..<300 {
      let pair = generator.permutation(30).prefix(2).map { $0 + 3 }
      let share = 0.2 + 0.6 * generator.uniform()
      (features[row, pair[0] - 1], features[row, pair[1] - 1]) = (share, 1 - share)
      targets.append(share * Double(pair[0]) + (1 - share) * Double(pair[1]))
    }
    let data = try TrainingSet(features: features, targets: targets, featureNames: ElementFractions().columns.map(\.label))
    let study = try NetworkStudy(on: data, regressor: CompositionNetworkRegressor(members: 1))
    #expect(study.trainingCount + study.heldCount == 300 && (20...45).contains(study.heldCount))
    let line = try study.line("design", "direct", designs: [.direct], seconds: 0.5)
    #expect(line.trainingRows == study.trainingCount && line.epochs >= 3)
    let spread = Standardizer.moments(of: targets).deviation
    #expect(line.meanAbsoluteError < spread && line.meanAbsoluteError > 0, "\(line)")
    let part = try study.line("rows", "30%", designs: [.direct], seconds: 0.1, share: 0.3)
    #expect(part.trainingRows < line.trainingRows / 2)
    let doubts = try study.doubts(designs: [.direct], seconds: 0.1)
    let all = doubts.filter { $0.from == nil }
    #expect(all.contains { $0.doubt == "Bayesian layer" } && all.contains { $0.doubt == "scale" })
    #expect(all.allSatisfy { $0.rows == study.heldCount && $0.coverage > 0.5 && $0.width > 0 }, "\(all)")
  }
}
