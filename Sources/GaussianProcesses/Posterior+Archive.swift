import LinearAlgebra
import ModelFiles
import Regression

extension Posterior {
  /// Rows, factor and weights. Kernel and noise are left to the model, which may know them by a few numbers.
  func write(to archive: inout TensorArchive) {
    archive.set("x", x.elements, shape: [x.rows, x.columns])
    archive.set("targets", targets)
    archive.set("jitter", [jitter])
    archive.set("weights", weights)
    archive.set("factor", factor.lower.elements, shape: [count, count])
  }

  /// What `write(to:)` wrote.
  init(from archive: TensorArchive, kernel: K, noise: [Double]) throws(ArchiveError) {
    let (n, d) = try archive.tableShape("x")
    self.init(
      kernel: kernel, x: Matrix(rows: n, columns: d, elements: try archive.finiteDoubles("x")),
      targets: try archive.finiteDoubles("targets", shape: [n]), noise: noise,
      factor: Cholesky(lower: Matrix(rows: n, columns: n, elements: try archive.finiteDoubles("factor", shape: [n, n]))),
      jitter: try archive.double("jitter"), weights: try archive.finiteDoubles("weights", shape: [n]))
  }
}
