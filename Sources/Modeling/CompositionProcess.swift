import Chemistry
import CompositionNetworks
import Descriptors
import GaussianProcesses
import LinearAlgebra
import Regression

/// The Gaussian process over compositions: what a composition shares with known ones decides.
///
/// Its parts are the sum of differences of atomic fractions, and earth mover's distances on two scales of the
/// elements (electronegativity, atomic radius), so that exchanging like elements is a short way; temperature and further columns make a part of their own. Chosen by cross-validation grouped by
/// publication on public conductivities, where it beats processes and trees on Magpie descriptors.
enum CompositionProcess {
  /// The regressor for columns of these names.
  ///
  /// - Throws: `FitError.invalidSetting` without columns of element fractions.
  static func regressor(for data: TrainingSet) throws(FitError) -> AdditiveProcessRegressor {
    guard let columns = ElementColumns(names: data.featureNames) else {
      throw .invalidSetting("composition-gp reads the descriptor set \"fractions\"; add it to the descriptors")
    }
    // Elements that no row has cannot tell rows apart.
    let present = columns.shares.indices.filter { z in
      (0..<data.count).contains { data.features[$0, columns.shares[z]] > 0 }
    }
    let shares = present.map { columns.shares[$0] }
    var parts = [DistancePart(name: "atomic fractions", columns: shares)]
    for scale in [ElementScale.electronegativity, .atomicRadius] {
      let known = present.compactMap { scale.values[$0] }
      let mean = known.reduce(0, +) / Double(max(1, known.count))
      parts.append(DistancePart(name: scale.name, shares: shares, places: present.map { scale.values[$0] ?? mean }))
    }
    let conditions = columns.others.filter { !isDescriptor(data.featureNames[$0]) }
    if !conditions.isEmpty {
      let factors = conditions.map { column in
        let deviation = Standardizer.moments(of: data.features.column(column)).deviation
        return deviation > 0 ? 1 / deviation : 0
      }
      parts.append(DistancePart(name: "conditions", columns: conditions, factors: factors, isCumulative: false))
    }
    return AdditiveProcessRegressor(parts: parts)
  }

  private static let descriptorNames: Set<String> = {
    Set(((try? DescriptorSet(named: "all"))?.labels ?? []) + HullFeatures.names)
  }()

  /// Whether a column follows from the composition.
  private static func isDescriptor(_ name: String) -> Bool { descriptorNames.contains(name) }
}
