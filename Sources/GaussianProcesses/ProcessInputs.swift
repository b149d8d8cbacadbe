import LinearAlgebra
import ModelFiles
import Regression

/// How raw rows become the inputs of a kernel: which columns, shifted and scaled by what.
struct ProcessInputs: Sendable, Equatable {
  let featureCount: Int
  let active: [Int]
  let means: [Double]
  let deviations: [Double]

  init(_ features: Matrix, standardizing: Bool, keepingAll: Bool) {
    let standardizer = Standardizer(of: features)
    featureCount = features.columns
    active = keepingAll ? Array(0..<features.columns) : standardizer.varyingColumns
    means = active.map { standardizing ? standardizer.means[$0] : 0 }
    deviations = active.map { standardizing && standardizer.deviations[$0] > 0 ? standardizer.deviations[$0] : 1 }
  }

  func transformed(_ features: Matrix) -> Matrix {
    var result = features.selectingColumns(active)
    for i in 0..<result.rows {
      for j in 0..<result.columns { result[i, j] = (result[i, j] - means[j]) / deviations[j] }
    }
    return result
  }

  // MARK: Model files

  /// Puts all into an archive that may hold more.
  func write(to archive: inout TensorArchive) {
    archive.set("feature_count", [featureCount])
    archive.set("active", active)
    archive.set("means", means)
    archive.set("deviations", deviations)
  }

  /// - Parameter columns: how many the kernel takes.
  init(archive: TensorArchive, columns: Int) throws(ArchiveError) {
    featureCount = try archive.integers("feature_count", shape: [1])[0]
    active = try archive.integers("active", shape: [columns])
    means = try archive.doubles("means", shape: [columns])
    deviations = try archive.doubles("deviations", shape: [columns])
    for column in active where !(0..<featureCount).contains(column) {
      throw .invalid("active", reason: "names a feature that is not there")
    }
  }
}
