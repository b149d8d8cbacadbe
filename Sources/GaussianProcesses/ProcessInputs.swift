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

  init(featureCount: Int, active: [Int], means: [Double], deviations: [Double]) {
    self.featureCount = featureCount
    self.active = active
    self.means = means
    self.deviations = deviations
  }

  func transformed(_ features: Matrix) -> Matrix {
    var result = features.selectingColumns(active)
    for i in 0..<result.rows {
      for j in 0..<result.columns { result[i, j] = (result[i, j] - means[j]) / deviations[j] }
    }
    return result
  }
}
