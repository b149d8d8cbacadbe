import Foundation
import LinearAlgebra

/// Values that MAPIE and scikit-learn computed; `Golden/uncertainty.md` says how.
struct UncertaintyReference: Decodable {
  let x: [Double]
  let y: [Double]
  let z: [Double]
  /// By level.
  let jackknife_plus: [String: Interval]
  /// By "λ,γ".
  let kernel_ridge: [String: KernelRidge]

  struct Interval: Decodable {
    let lower: [Double]
    let upper: [Double]
  }

  struct KernelRidge: Decodable {
    let predicted: [Double]
    let leave_one_out_mse: Double
  }

  var training: Matrix { Matrix(rows: x.count / 3, columns: 3, elements: x) }
  var new: Matrix { Matrix(rows: z.count / 3, columns: 3, elements: z) }

  static func read() throws -> UncertaintyReference {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/uncertainty.json")
    return try JSONDecoder().decode(UncertaintyReference.self, from: Data(contentsOf: url))
  }
}
