import Foundation
import ModelFiles
import Regression

/// Which share of its own distribution a network has to promise for an interval to hold.
///
/// Where the distributions were right, those of new rows would have as many values below their 5% quantiles as they
/// say. The places of values that no network has seen, in their own distributions, tell which quantile has 5% of them
/// below: the probability integral transform of rows held back, in ranks as for split conformal prediction.
package struct LevelCalibration: Sendable, Equatable {
  /// Ascending, in [0, 1]; at most 1,000 of them.
  let transforms: [Double]

  /// - Parameter transforms: the probability that each row's distribution gave to values below its own.
  package init(_ transforms: [Double]) {
    self.transforms = ResidualCalibration.thinned(transforms.sorted())
  }

  /// The share of the networks' distribution that has a new value below with probability p.
  package func level(_ p: Double) -> Double {
    let n = transforms.count
    guard n >= ResidualCalibration.leastErrors else { return p }
    let place = p * Double(n + 1) - 1
    if place < 0 { return transforms[0] * (place + 1) }
    if place > Double(n - 1) { return 1 - (1 - transforms[n - 1]) * (Double(n) - place) }
    let low = min(n - 2, Int(place))
    return transforms[low] + (place - Double(low)) * (transforms[low + 1] - transforms[low])
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    let numbers = try archive.finiteDoubles("levels")
    guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 <= $1 }), numbers.allSatisfy({ (0...1).contains($0) }) else {
      throw .invalid("levels", reason: "is not in ascending order from 0 to 1")
    }
    transforms = numbers
  }
}
