import Regression
import Tables

/// Predicts a property for every row of a table.
public struct PredictionJob: Sendable {
  public let model: PropertyModel
  /// In °C, for rows without a temperature of their own.
  public var temperature: Double
  /// Probability of the central interval.
  public var intervalLevel: Double

  /// Whether each prediction comes with its reasons.
  public var explains: Bool
  /// Whether each prediction comes with the probability of lying at or below this value.
  public var threshold: Double?

  public init(
    model: PropertyModel, temperature: Double? = nil, intervalLevel: Double = 0.9, explains: Bool = false,
    threshold: Double? = nil
  ) {
    self.threshold = threshold
    self.model = model
    self.explains = explains
    self.temperature = temperature ?? FeatureSpace.roomTemperature
    self.intervalLevel = intervalLevel
  }

  /// What a row of the table came to.
  public struct Row: Sendable {
    public let mean: Double
    public let standardDeviation: Double
    public let lower: Double
    public let upper: Double
    public let domain: Double
    /// For models that know one.
    public let activationEnergy: ActivationEnergy?
    /// Of lying at or below the threshold, where one was given.
    public let probabilityBelow: Double?
    /// Where reasons were asked for.
    public let explanation: Explanation?
  }

  /// In eV, with the bounds of its central interval.
  public struct ActivationEnergy: Sendable {
    public let mean: Double
    public let lower: Double
    public let upper: Double
  }

  public struct Result: Sendable {
    /// One for each row of the table, nil for a rejected one.
    public let rows: [Row?]
    public let diagnostics: [Diagnostic]
  }

  /// Rows of one block, predicted together so that memory stays bounded.
  static let blockSize = 8192

  /// - Throws: `TableError` when the formula column is missing; `ModelingError`.
  public func run(on table: Table, progress: (Int, Int) -> Void = { _, _ in }) throws -> Result {
    let reader = try SampleReader(model.options.sampleColumns, in: table, requiringAll: false)
    var rows = [Row?](repeating: nil, count: table.rows.count)
    var diagnostics: [Diagnostic] = []
    var start = 0
    while start < table.rows.count {
      let end = min(start + Self.blockSize, table.rows.count)
      var samples: [Sample] = []
      var places: [Int] = []
      for index in start..<end {
        do throws(Diagnostic) {
          let sample = try reader.sample(in: table.rows[index])
          if let warning = reader.warning(about: sample, in: table.rows[index]) { diagnostics.append(warning) }
          samples.append(sample)
          places.append(index)
        } catch {
          diagnostics.append(error)
        }
      }
      let prediction = try model.predict(samples, temperature: temperature)
      let interval = prediction.interval(intervalLevel)
      let domain = model.domainScores(samples)
      let energies = try model.activationEnergies(samples, level: intervalLevel)
      let below = model.kind.isClassifier ? nil : threshold.map { prediction.probabilities(below: $0) }
      let explanations = explains ? try model.explain(samples, temperature: temperature) : []
      for (i, place) in places.enumerated() {
        rows[place] = Row(
          mean: prediction.mean[i], standardDeviation: prediction.standardDeviation[i],
          lower: interval.lower[i], upper: interval.upper[i], domain: domain[i],
          activationEnergy: energies.map {
            ActivationEnergy(mean: $0.mean[i], lower: $0.lower[i], upper: $0.upper[i])
          },
          probabilityBelow: below?[i], explanation: explains ? explanations[i] : nil)
      }
      start = end
      progress(end, table.rows.count)
    }
    return Result(rows: rows, diagnostics: diagnostics)
  }

  /// The table with columns of predictions to its right; rows keep their order, rejected ones
  /// have empty predictions and a note. Columns of the same names are replaced.
  public func predictedTable(_ table: Table, _ result: Result) -> CSVWriter {
    let prefix = model.options.log10 ? "log10_" : ""
    let energyColumns =
      model.hasActivationEnergies
      ? ["activation_energy_eV", "activation_energy_eV_lower", "activation_energy_eV_upper"] : []
    let explanations = result.rows.compactMap { $0?.explanation }
    let families = ExplanationColumns.families(explanations)
    let hasAttention = ExplanationColumns.hasAttention(explanations)
    let isClassifier = model.kind.isClassifier
    let numbers = isClassifier ? ["probability"] : ["mean", "std", "lower", "upper"].map { prefix + $0 }
    let added = numbers + ["domain"] + energyColumns
      + (threshold == nil || isClassifier ? [] : ["probability_below"])
      + ExplanationColumns.names(families: families, prefix: prefix, hasAttention: hasAttention) + ["note"]
    let kept = table.columns.indices.filter { !added.contains(table.columns[$0]) }
    var writer = CSVWriter(columns: kept.map { table.columns[$0] } + added)
    let notes = Dictionary(
      result.diagnostics.map { ($0.location, "\($0.problem); \($0.remedy)") }, uniquingKeysWith: { a, _ in a })
    for (row, prediction) in zip(table.rows, result.rows) {
      var cells = kept.map { row.cells[$0] }
      if let prediction {
        // A label has no interval.
        let others = isClassifier ? [] : [prediction.standardDeviation, prediction.lower, prediction.upper]
        cells += ([prediction.mean] + others + [prediction.domain]).map(CSVWriter.number)
        if let energy = prediction.activationEnergy {
          cells += [energy.mean, energy.lower, energy.upper].map(CSVWriter.number)
        }
        if let probability = prediction.probabilityBelow { cells.append(CSVWriter.number(probability)) }
        if let explanation = prediction.explanation {
          cells += ExplanationColumns.cells(explanation, families: families, hasAttention: hasAttention)
        }
        cells.append("")
      } else {
        cells += [String](repeating: "", count: added.count - 1)
        cells.append(notes[row.location] ?? "rejected")
      }
      writer.append(cells)
    }
    return writer
  }
}
