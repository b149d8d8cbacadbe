import LinearAlgebra
import ModelFiles
import Regression

/// A regressor of the distance from one of the columns, such as from a hull of known energies.
///
/// The column has the units of the target. What is left to learn is smaller than the target itself
/// and does not follow the column's scale, which trees in particular would have to build step by step.
struct BaselineRegressor<Base: Regressor>: Regressor {
  let base: Base
  /// The column to measure from.
  let column: Int

  func fit(_ data: TrainingSet) throws(FitError) -> BaselineModel<Base.Model> {
    let targets = data.targets.indices.map { data.targets[$0] - data.features[$0, column] }
    let distances = try TrainingSet(
      features: data.features, targets: targets, censoring: data.censoring, noiseVariances: data.noiseVariances,
      groups: data.groups, featureNames: data.featureNames)
    return BaselineModel(base: try base.fit(distances), column: column)
  }
}

/// A model whose predictions are added to one of the columns.
struct BaselineModel<Base: FittedRegressor>: FittedRegressor {
  static var kind: String { "baseline and \(Base.kind)" }

  let base: Base
  let column: Int

  init(base: Base, column: Int) {
    self.base = base
    self.column = column
  }

  var featureCount: Int { base.featureCount }

  func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    var prediction = try base.predict(features)
    for i in prediction.mean.indices { prediction.mean[i] += features[i, column] }
    return prediction
  }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("column", [column])
    archive.nest(base.archive(), under: "base")
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    base = try Base(archive: archive.nested(under: "base"))
    column = try archive.integers("column", shape: [1])[0]
    guard (0..<base.featureCount).contains(column) else { throw .invalid("column", reason: "is not among the features") }
  }
}
