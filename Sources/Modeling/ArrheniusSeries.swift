import LinearAlgebra
import Regression

/// What rows of one composition at several temperatures say about its prefactor.
///
/// A series is the rows of one composition in one group, so that sample and method are the same.
struct ArrheniusSeries: Sendable {
  /// A row of the series, for its features.
  let row: Int
  let group: Int
  /// log10 of the prefactor: the straight line through the rows, extended to infinite temperature.
  let prefactor: Double
  let rows: [Int]

  /// Series with less between their ends, in 1000/T, do not fix a slope: about 30 K near 25 °C.
  static let leastSpan = 0.3
  /// Activation energies in eV outside of which a line through a series is taken for a misprint.
  static let plausibleEnergies = 0.02...2.0

  /// The series of a training set that fix a prefactor, in the order of their first rows.
  ///
  /// - Parameters:
  ///   - composition: the columns without temperature, n × (d − 1).
  ///   - inverse: 1000/T of each row.
  static func all(in data: TrainingSet, composition: Matrix, inverse: [Double]) -> [ArrheniusSeries] {
    struct Key: Hashable {
      let features: [Double]
      let group: Int
    }
    var members: [Key: [Int]] = [:]
    for row in 0..<data.count where data.censoring[row] == .none {
      members[Key(features: composition.row(row), group: data.groups[row]), default: []].append(row)
    }
    return members.values.compactMap { rows in ArrheniusSeries(rows, data: data, inverse: inverse) }
      .sorted { $0.row < $1.row }
  }

  private init?(_ rows: [Int], data: TrainingSet, inverse: [Double]) {
    let u = rows.map { inverse[$0] }
    guard let low = u.min(), let high = u.max(), high - low >= Self.leastSpan else { return nil }
    let y = rows.map { data.targets[$0] }
    let (meanU, meanY) = (u.reduce(0, +) / Double(u.count), y.reduce(0, +) / Double(y.count))
    let spread = u.reduce(0) { $0 + ($1 - meanU) * ($1 - meanU) }
    let slope = zip(u, y).reduce(0) { $0 + ($1.0 - meanU) * ($1.1 - meanY) } / spread
    // y falls by Eₐ/(k·ln 10) for a rise of 1/T by one.
    let energy = -slope * ArrheniusModel.energyPerDecade * ArrheniusModel.reference
    guard Self.plausibleEnergies.contains(energy) else { return nil }
    row = rows[0]
    group = data.groups[row]
    prefactor = meanY - slope * meanU
    self.rows = rows
  }
}

/// Fits an `ArrheniusModel`, where the rows allow it.
struct ArrheniusTrainer: Sendable {
  /// The column that holds 1000/T.
  let temperatureColumn: Int
  let seed: UInt64

  /// Fewer series, or from fewer groups, say too little about prefactors.
  static let leastSeries = 8
  static let leastGroups = 4

  /// The model, or nil where too few compositions were measured at several temperatures.
  ///
  /// - Parameter fitRoomTemperature: fits the model of values at 25 °C to rows without temperature.
  func fit(
    _ data: TrainingSet, fitRoomTemperature: (TrainingSet) throws(FitError) -> FittedModel
  ) throws(FitError) -> ArrheniusModel? {
    let (composition, inverse) = ArrheniusModel.split(data.features, temperatureColumn)
    let series = ArrheniusSeries.all(in: data, composition: composition, inverse: inverse)
    guard series.count >= Self.leastSeries, Set(series.map(\.group)).count >= Self.leastGroups else { return nil }
    let names = data.featureNames.enumerated().filter { $0.offset != temperatureColumn }.map(\.element)
    // Trees never predict beyond the prefactors they have seen.
    let prefactor = try ExtraTreesRegressor(ForestSettings(minimumLeaf: 5, seed: seed)).fit(
      TrainingSet(
        features: composition.selectingRows(series.map(\.row)), targets: series.map(\.prefactor),
        groups: series.map(\.group), featureNames: names))

    // Each row is carried to 25 °C along the line to its prefactor: its own where it has one.
    var prefactors: [Double]
    do { prefactors = try prefactor.predict(composition).mean } catch { throw .numericalFailure("\(error)") }
    for one in series { for row in one.rows { prefactors[row] = one.prefactor } }
    let targets = data.targets.indices.map { row in
      prefactors[row] + (data.targets[row] - prefactors[row]) * ArrheniusModel.reference / inverse[row]
    }
    let room = try fitRoomTemperature(
      TrainingSet(
        features: composition, targets: targets, censoring: data.censoring, groups: data.groups,
        featureNames: names))
    return ArrheniusModel(roomTemperature: room, prefactor: prefactor, temperatureColumn: temperatureColumn)
  }
}
