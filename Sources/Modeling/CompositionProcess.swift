import Chemistry
import CompositionNetworks
import Descriptors
import Foundation
import GaussianProcesses
import LinearAlgebra
import ModelFiles
import Regression

/// The Gaussian process over compositions: what a composition shares with known ones decides.
///
/// Its parts are the sum of differences of atomic fractions, and earth mover's distances on two scales of the
/// elements (electronegativity, atomic radius), so that exchanging like elements is a short way; temperature
/// and further columns make a part of their own. Targets with a long tail are learned on a scale that shortens it
/// (`TailScale`). Chosen by cross-validation grouped by publication on public conductivities, where it beats
/// processes and trees on Magpie descriptors.
struct CompositionProcessRegressor: Regressor {
  func fit(_ data: TrainingSet) throws(FitError) -> CompositionProcessModel {
    let scale = TailScale(of: data.targets)
    let known = data.noiseVariances.map { noise in
      zip(noise, data.targets).map { $0 * pow(scale.slope(at: $1), 2) }
    }
    let scaled = try TrainingSet(
      features: data.features, targets: data.targets.map(scale.forward), censoring: data.censoring, noiseVariances: known,
      groups: data.groups, featureNames: data.featureNames)
    return CompositionProcessModel(process: try Self.process(for: data).fit(scaled), scale: scale)
  }

  /// The regressor for columns of these names.
  ///
  /// - Throws: `FitError.invalidSetting` without columns of element fractions.
  static func process(for data: TrainingSet) throws(FitError) -> AdditiveProcessRegressor {
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

/// A scale of targets on which a long tail is short: z = −s·log(s·(end − y)/d), s the side of the tail.
///
/// The end lies one deviation d beyond the last target on the other side. For targets without a long tail, z = y/d.
struct TailScale: Sendable, Equatable {
  /// −1 for a long tail below, 1 for one above, 0 for none.
  let side: Double
  let end: Double
  let unit: Double

  /// Targets less skewed than this stay as they are.
  static let leastSkewness = 0.5

  init(of targets: [Double]) {
    let moments = Standardizer.moments(of: targets)
    unit = moments.deviation > 0 ? moments.deviation : 1
    let skewness = targets.reduce(0) { $0 + pow(($1 - moments.mean) / unit, 3) } / Double(max(1, targets.count))
    side = abs(skewness) < Self.leastSkewness ? 0 : skewness < 0 ? -1 : 1
    end = side < 0 ? (targets.max() ?? 0) + unit : (targets.min() ?? 0) - unit
  }

  init(side: Double, end: Double, unit: Double) {
    self.side = side
    self.end = end
    self.unit = unit
  }

  /// Distances from the end, in deviations, are kept above this.
  private static let least = 1e-3

  func forward(_ y: Double) -> Double {
    side == 0 ? y / unit : side * log(max(Self.least, side * (y - end) / unit))
  }

  func backward(_ z: Double) -> Double { side == 0 ? z * unit : end + side * unit * exp(side * z) }

  /// dz/dy.
  func slope(at y: Double) -> Double { side == 0 ? 1 / unit : 1 / max(Self.least * unit, side * (y - end)) }
}

/// What `CompositionProcessRegressor` learned.
struct CompositionProcessModel: AttributableRegressor {
  static let kind = "composition-process"

  let process: AdditiveProcess
  let scale: TailScale

  init(process: AdditiveProcess, scale: TailScale) {
    self.process = process
    self.scale = scale
  }

  var featureCount: Int { process.featureCount }

  /// The median of a new measurement, and its deviation to first order.
  func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    var prediction = try process.predict(features)
    for i in prediction.mean.indices {
      prediction.mean[i] = scale.backward(prediction.mean[i])
      prediction.standardDeviation[i] /= scale.slope(at: prediction.mean[i])
    }
    return prediction
  }

  /// The parts of the sum on the scale, each in proportion to what the whole sum moves the prediction.
  func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    let own = try process.attribution(features, background: background, families: families)
    let base = scale.backward(process.constant)
    var parts = own.parts
    for (row, mean) in own.means.enumerated() {
      let moved = mean - process.constant
      let factor =
        abs(moved) > 1e-12 ? (scale.backward(mean) - base) / moved : 1 / scale.slope(at: base)
      for column in own.names.indices { parts[row, column] *= factor }
    }
    return Attribution(names: own.names, base: [Double](repeating: base, count: features.rows), parts: parts)
  }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("scale", [scale.side, scale.end, scale.unit])
    archive.nest(process.archive(), under: "process")
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    process = try AdditiveProcess(archive: archive.nested(under: "process"))
    let numbers = try archive.doubles("scale", shape: [3])
    guard numbers.allSatisfy(\.isFinite), [-1, 0, 1].contains(numbers[0]), numbers[2] > 0 else {
      throw .invalid("scale", reason: "is no scale of targets")
    }
    scale = TailScale(side: numbers[0], end: numbers[1], unit: numbers[2])
  }
}
