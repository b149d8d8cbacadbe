import Chemistry
import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// One trained network of an ensemble, with what it takes to ask it.
package struct NetworkMember: Sendable {
  let design: NetworkDesign
  let network: CompositionNetwork
  let weights: [Float]
  let likelihood: NetworkLikelihood
  /// Of the columns beside the formula: those of the table, then those of the hull.
  let standardizer: Standardizer
  let center: Double
  let scale: Double
  /// What the network makes of the known compositions before it is asked; none for what is described by others.
  private(set) var keys: [Float] = []

  /// The same member, prepared to be asked about what these say.
  func knowing(_ memory: KnownCompositions?) -> NetworkMember {
    guard let memory, design.neighbours > 0 else { return self }
    var result = self
    result.keys = network.recallKeys(memory.vectors, weights: weights)
    return result
  }

  /// In units of the target.
  package struct Output: Sendable, Equatable {
    /// Medians.
    package var means: [Double]
    /// s, of which 2·s² is the mean square of the distance from the median, as it is for a Laplace distribution.
    package var scales: [Double]
    /// The whole distributions, where they are known.
    package var bins: BinnedOutput?

    package init(means: [Double], scales: [Double], bins: BinnedOutput? = nil) {
      (self.means, self.scales, self.bins) = (means, scales, bins)
    }
  }

  /// Predicts rows that are described by what is known, where the design asks for that.
  func predict(_ compositions: [Composition], others: Matrix, _ known: KnownCompositions.Description?) -> Output {
    let (input, priors) = Self.input(design, compositions, others: others, known, standardizer)
    return output(input, priors, rows: Array(compositions.indices))
  }

  func output(_ input: NetworkInput, _ priors: [Double], rows: [Int]) -> Output {
    let results = network.predict(input, rows: rows, weights: weights, keys: keys)
    switch likelihood {
    case .laplace:
      let (centers, scales) = likelihood.summaries(of: results)
      return Output(
        means: rows.indices.map { priors[rows[$0]] + center + scale * centers[$0] }, scales: scales.map { scale * $0 })
    case .bins(let bins):
      // An atom is where no value is below zero, and exactly there.
      let edges = bins.edges.enumerated().map { bins.hasAtom && $0 < 2 ? 0 : center + scale * Double($1) }
      let own = BinnedOutput(results, edges: edges, shifts: design.usesHull ? rows.map { priors[$0] } : nil)
      let (medians, scales) = BinnedOutput.summaries([own], shares: [1])
      return Output(means: medians, scales: scales, bins: own)
    }
  }

  /// The columns beside the formula.
  static func columns(_ design: NetworkDesign, others: Matrix, _ known: KnownCompositions.Description?) -> Matrix {
    guard design.usesHull, let hull = known?.hullColumns, hull.columns > 0 else { return others }
    return others.columns == 0 ? hull : others.appendingColumns(hull)
  }

  static func input(
    _ design: NetworkDesign, _ compositions: [Composition], others: Matrix, _ known: KnownCompositions.Description?,
    _ standardizer: Standardizer
  ) -> (NetworkInput, priors: [Double]) {
    let columns = columns(design, others: others, known)
    var input = NetworkInput(compositions, standardized: standardizer.standardize(columns))
    if design.neighbours > 0 { input.recall = known?.recall }
    let none = [Double](repeating: 0, count: compositions.count)
    return (input, design.usesHull ? known?.priors ?? none : none)
  }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    let shape = network.shape
    archive.set("design", [design.usesHull ? 1 : 0, design.neighbours])
    archive.set(
      "shape",
      [
        shape.width, shape.hidden, shape.heads, shape.layers, shape.poolHeads, shape.headWidth, shape.headBlocks,
        shape.extras, shape.neighbours, shape.recallHidden, shape.recallHeads,
      ])
    archive.set("target", [center, scale])
    archive.nest(standardizer.archive(), under: "standardizer")
    archive.set("weights", weights)
    if case .bins(let bins) = likelihood { archive.set("bins", bins.archive()) }
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    let design = try archive.integers("design", shape: [2])
    guard (0...1).contains(design[0]), (0...64).contains(design[1]) else {
      throw .invalid("design", reason: "is not that of a network")
    }
    self.design = NetworkDesign(usesHull: design[0] == 1, neighbours: design[1])
    let sizes = try archive.integers("shape", shape: [11])
    guard sizes[0...6].allSatisfy({ (1...4096).contains($0) }), sizes[7] >= 0, sizes[0] % 8 == 0, sizes[5] % 8 == 0,
      sizes[1] % (8 * sizes[2]) == 0, sizes[8] == design[1], (8...4096).contains(sizes[9]),
      (1...64).contains(sizes[10]), sizes[9] % (8 * sizes[10]) == 0
    else { throw .invalid("shape", reason: "is not that of a network") }
    var shape = CompositionNetwork.Shape()
    (shape.width, shape.hidden, shape.heads, shape.layers) = (sizes[0], sizes[1], sizes[2], sizes[3])
    (shape.poolHeads, shape.headWidth, shape.headBlocks, shape.extras) = (sizes[4], sizes[5], sizes[6], sizes[7])
    (shape.neighbours, shape.recallHidden, shape.recallHeads) = (sizes[8], sizes[9], sizes[10])
    likelihood = archive.tensors["bins"] == nil ? .laplace : .bins(try ValueBins(archive: archive))
    shape.outputs = likelihood.outputs
    network = CompositionNetwork(shape)
    let target = try archive.finiteDoubles("target", shape: [2])
    (center, scale) = (target[0], target[1])
    standardizer = try Standardizer(archive: archive.nested(under: "standardizer"))
    guard standardizer.featureCount == shape.extras else {
      throw .invalid("standardizer", reason: "expects another number of features")
    }
    weights = try archive.floats("weights", shape: [network.layout.count])
    guard weights.allSatisfy(\.isFinite) else { throw .invalid("weights", reason: "is not finite") }
  }

  init(
    design: NetworkDesign, network: CompositionNetwork, weights: [Float], likelihood: NetworkLikelihood,
    standardizer: Standardizer, center: Double, scale: Double
  ) {
    (self.design, self.network, self.weights, self.likelihood) = (design, network, weights, likelihood)
    (self.standardizer, self.center, self.scale) = (standardizer, center, scale)
  }
}
