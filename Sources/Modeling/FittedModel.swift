import LinearAlgebra
import ModelFiles
import Regression

/// A fitted regressor together with the kind under which a model file names it.
struct FittedModel: Sendable {
  let kind: ModelKind
  let regressor: any FittedRegressor

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("model", text: kind.rawValue)
    archive.nest(regressor.archive(), under: "parameters")
    return archive
  }

  init(kind: ModelKind, regressor: any FittedRegressor) {
    self.kind = kind
    self.regressor = regressor
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    guard let kind = ModelKind(rawValue: try archive.text("model")) else {
      throw .invalid("model", reason: "is a kind of model that this version lacks")
    }
    self.kind = kind
    regressor = try kind.decode(archive.nested(under: "parameters"))
  }
}
