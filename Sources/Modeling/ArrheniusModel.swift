import Foundation
import LinearAlgebra
import ModelFiles
import Regression

/// log10 σ = log10 A(x) − Eₐ(x)/(k·T·ln 10): any model of the value at 25 °C, and one of log10 A.
///
/// Both the prefactor A and the activation energy Eₐ depend on the composition x. The value at 25 °C
/// and log10 A fix Eₐ = (log10 A − y₂₅)·k·T₀·ln 10, and with it the value at every temperature. The
/// prefactor varies much less from material to material than the energy, which is why it is the one
/// that is learned from the few compositions measured at several temperatures.
struct ArrheniusModel: FittedRegressor {
  static let kind = "arrhenius"

  /// Predicts log10 of the property at 25 °C from the columns other than temperature.
  let roomTemperature: FittedModel
  /// Predicts log10 A from the same columns.
  let prefactor: ForestModel
  /// The column that holds 1000/T.
  let temperatureColumn: Int

  /// 1000/T₀ in 1/K.
  static let reference = 1000 / (FeatureSpace.roomTemperature - SampleReader.absoluteZero)
  /// Boltzmann's constant in eV/K: exact in the SI since 2019, 1.380649e-23/1.602176634e-19.
  static let boltzmann = 1.380649e-23 / 1.602176634e-19

  init(roomTemperature: FittedModel, prefactor: ForestModel, temperatureColumn: Int) {
    self.roomTemperature = roomTemperature
    self.prefactor = prefactor
    self.temperatureColumn = temperatureColumn
  }

  var featureCount: Int { roomTemperature.regressor.featureCount + 1 }

  func predict(_ features: Matrix) throws(PredictionError) -> Prediction {
    try check(features)
    let (rest, inverse) = Self.split(features, temperatureColumn)
    var prediction = try roomTemperature.regressor.predict(rest)
    let prefactor = try prefactor.predict(rest)
    for i in inverse.indices {
      let ratio = inverse[i] / Self.reference
      let c = prefactor.mean[i]
      prediction.mean[i] = c + (prediction.mean[i] - c) * ratio
      // The share 1 − T₀/T of the prefactor's doubt comes with the distance from 25 °C.
      let own = ratio * prediction.standardDeviation[i]
      let shared = (1 - ratio) * prefactor.standardDeviation[i]
      prediction.standardDeviation[i] = (own * own + shared * shared).squareRoot()
    }
    return prediction
  }

  /// Eₐ in eV for each row, with the central interval in which it lies with probability `level`, cut
  /// at 0, since no hop gains energy.
  ///
  /// - Parameter features: m × d, as for `predict`; the temperature does not matter.
  func activationEnergies(
    _ features: Matrix, level: Double
  ) throws(PredictionError) -> (mean: [Double], lower: [Double], upper: [Double]) {
    try check(features)
    let (rest, _) = Self.split(features, temperatureColumn)
    let value = try roomTemperature.regressor.predict(rest)
    let prefactor = try prefactor.predict(rest)
    let scale = Self.energyPerDecade
    let mean = zip(prefactor.mean, value.mean).map { scale * ($0 - $1) }
    let deviation = zip(prefactor.standardDeviation, value.standardDeviation).map { scale * ($0 * $0 + $1 * $1).squareRoot() }
    let energies = Prediction(mean: mean, standardDeviation: deviation)
    let (lower, upper) = energies.interval(level)
    return (mean, lower.map { max(0, $0) }, upper)
  }

  /// k·T₀·ln 10 in eV: the energy that a decade between log10 A and the value at 25 °C stands for.
  static let energyPerDecade = boltzmann * 1000 / reference * log(10)

  /// The columns without temperature, and 1000/T of each row.
  static func split(_ features: Matrix, _ column: Int) -> (Matrix, [Double]) {
    let rest = (0..<features.columns).filter { $0 != column }
    return (features.selectingColumns(rest), features.column(column))
  }

  func archive() -> TensorArchive {
    var archive = TensorArchive()
    archive.set("kind", text: Self.kind)
    archive.set("temperature_column", [temperatureColumn])
    archive.nest(roomTemperature.archive(), under: "room_temperature")
    archive.nest(prefactor.archive(), under: "prefactor")
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    try archive.expectKind(Self.kind)
    temperatureColumn = try archive.integers("temperature_column", shape: [1])[0]
    roomTemperature = try FittedModel(archive: archive.nested(under: "room_temperature"))
    prefactor = try ForestModel(archive: archive.nested(under: "prefactor"))
    guard prefactor.featureCount == roomTemperature.regressor.featureCount,
      (0...prefactor.featureCount).contains(temperatureColumn)
    else { throw .invalid("temperature_column", reason: "does not fit the models") }
  }
}
