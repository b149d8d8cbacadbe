import Chemistry
import Modeling
import Regression
import Stability
import Tables

/// Places the rows of a table on the hull of known phases.
///
/// A row's energy is, in this order: its own `eV_per_atom`, that of the known phase of its composition,
/// or what a model predicts, with an uncertainty that is carried through the hull.
public struct HullJob: Sendable {
  public let diagram: PhaseDiagram
  public let model: PropertyModel?
  public var formulaColumn = "formula"
  public var energyColumn = "eV_per_atom"
  public var correlation: ErrorCorrelation
  /// What unseen rows made of the model's probabilities; nil takes them as they come.
  public var calibration: HullCalibration?
  public var draws = 1000
  public var seed: UInt64 = 0

  public enum EnergySource: String, Sendable, Codable { case given, known, predicted, none }

  public struct Row: Sendable {
    public let formula: String
    public let composition: Composition
    public let source: EnergySource
    /// eV/atom, as far as there is one.
    public let energy: Double?
    /// Of a predicted energy.
    public let standardDeviation: Double?
    public let decomposition: Decomposition
    /// What is left without the material itself; nil for an element.
    public let competing: Decomposition?
    /// Energy above the hull of all known phases; below 0 where a new material breaks it.
    public let aboveHull: Double?
    /// Energy above the hull of all other phases.
    public let decompositionEnergy: Double?
    public let probability: HullProbability?
  }

  public struct Result: Sendable {
    /// One for each row of the table, nil for a rejected one.
    public let rows: [Row?]
    public let diagnostics: [Diagnostic]
  }

  public init(diagram: PhaseDiagram, model: PropertyModel? = nil, correlation: ErrorCorrelation = .learned) {
    self.diagram = diagram
    self.model = model
    self.correlation = correlation
  }

  /// - Throws: `TableError` without a formula column; `ModelingError`.
  public func run(on table: Table) throws -> Result {
    let reader = try SampleReader(SampleColumns(formula: formulaColumn), in: table, requiringAll: false)
    let energyIndex = table.index(of: energyColumn)
    var diagnostics: [Diagnostic] = []
    var samples: [(place: Int, sample: Sample, energy: Double?)] = []
    for (place, row) in table.rows.enumerated() {
      do throws(Diagnostic) {
        let sample = try reader.sample(in: row)
        var given: Double?
        if let energyIndex { given = try energy(row, energyIndex) }
        samples.append((place, sample, given))
      } catch {
        diagnostics.append(error)
      }
    }
    let compositions = samples.map(\.sample.composition)
    let all = diagram.decompositions(of: compositions)
    let others = diagram.decompositions(of: compositions, excludingSelf: true)
    var sources: [EnergySource] = []
    var energies: [Double?] = []
    for (_, sample, given) in samples {
      let known = diagram.phase(at: sample.composition)?.formationEnergy
      energies.append(given ?? known)
      sources.append(given != nil ? .given : known != nil ? .known : model != nil ? .predicted : .none)
    }
    var deviations = [Double?](repeating: nil, count: samples.count)
    var probabilities = [HullProbability?](repeating: nil, count: samples.count)
    if let model {
      let asked = samples.indices.filter { sources[$0] == .predicted }
      let prediction = try model.predict(asked.map { samples[$0].sample })
      for (k, i) in asked.enumerated() {
        energies[i] = prediction.mean[k]
        deviations[i] = prediction.standardDeviation[k]
      }
      let answers = diagram.hullProbabilities(
        of: asked.enumerated().map { k, i in
          UncertainPhase(
            compositions[i], mean: prediction.mean[k], standardDeviation: prediction.standardDeviation[k])
        }, correlation: correlation, shape: prediction.shape.errorShape, draws: draws, seed: seed)
      for (i, answer) in zip(asked, answers) {
        guard let found = try? answer.get() else { continue }
        probabilities[i] = HullProbability(
          mean: found.mean, standardDeviation: found.standardDeviation,
          probabilities: calibration?(found.probabilities) ?? found.probabilities)
      }
    }
    var rows = [Row?](repeating: nil, count: table.rows.count)
    for i in samples.indices {
      let (place, sample, _) = samples[i]
      switch all[i] {
      case .failure(let error):
        diagnostics.append(
          Diagnostic(
            at: table.rows[place].location, column: formulaColumn, problem: "\(error)",
            remedy: "or remove the row"))
      case .success(let decomposition):
        let competing = try? others[i].get()
        rows[place] = Row(
          formula: sample.formula, composition: sample.composition, source: sources[i], energy: energies[i],
          standardDeviation: deviations[i], decomposition: decomposition, competing: competing,
          aboveHull: energies[i].map { $0 - decomposition.energy },
          decompositionEnergy: energies[i].flatMap { energy in competing.map { energy - $0.energy } },
          probability: probabilities[i])
      }
    }
    return Result(rows: rows, diagnostics: diagnostics.sorted { $0.location.line < $1.location.line })
  }

  private func energy(_ row: Table.Row, _ index: Int) throws(Diagnostic) -> Double? {
    let cell = row.cells[index]
    if cell.isEmpty { return nil }
    do {
      let value = try MeasuredValue(parsing: cell)
      if value.bound == .exact { return value.number }
    } catch {
      throw Diagnostic(at: row.location, column: energyColumn, problem: error.problem, remedy: error.remedy)
    }
    throw Diagnostic(
      at: row.location, column: energyColumn, problem: "an energy cannot be a bound",
      remedy: "give the number or leave the cell empty")
  }

  /// The table with what was found to its right; rejected rows keep their place, with a note.
  public func writer(_ table: Table, _ result: Result) -> CSVWriter {
    var added = ["energy_above_hull", "decomposition", "decomposition_energy", "competing_phases", "hull_eV_per_atom"]
    if model != nil {
      added += ["energy_source", "predicted_eV_per_atom", "predicted_std"]
      added += HullProbability.thresholds.map { "probability_within_\(Int(($0 * 1000).rounded()))_meV" }
    }
    added.append("note")
    let kept = table.columns.indices.filter { !added.contains(table.columns[$0]) }
    var writer = CSVWriter(columns: kept.map { table.columns[$0] } + added)
    let notes = Dictionary(
      result.diagnostics.map { ($0.location, "\($0.problem); \($0.remedy)") }, uniquingKeysWith: { a, _ in a })
    func text(_ value: Double?) -> String { value.map(CSVWriter.number) ?? "" }
    for (source, row) in zip(table.rows, result.rows) {
      var cells = kept.map { source.cells[$0] }
      guard let row else {
        cells += [String](repeating: "", count: added.count - 1) + [notes[source.location] ?? "rejected"]
        writer.append(cells)
        continue
      }
      // Rounding of a linear program is not an energy.
      let above = row.aboveHull.map { abs($0) < 1e-10 ? 0 : $0 }
      cells += [
        text(above), row.decomposition.description, text(row.decompositionEnergy),
        row.competing?.description ?? "", text(row.decomposition.energy),
      ]
      if model != nil {
        let isPredicted = row.source == .predicted
        cells += [row.source.rawValue, isPredicted ? text(row.energy) : "", text(row.standardDeviation)]
        for k in HullProbability.thresholds.indices { cells.append(text(row.probability?.probabilities[k])) }
      }
      cells.append(row.source == .none ? "no energy: decomposition only" : "")
      writer.append(cells)
    }
    return writer
  }
}

extension ErrorCorrelation {
  /// From the rows of a table that the model was not trained on.
  ///
  /// - Returns: nil with fewer than 30 such rows.
  public static func measured(
    for model: PropertyModel, on phases: [Phase], limit: Int = 3000
  ) throws(ModelingError) -> ErrorCorrelation? {
    let samples = phases.prefix(limit).map { Sample(formula: $0.name, composition: $0.composition) }
    let prediction = try model.predict(Array(samples))
    let residuals = zip(phases, zip(prediction.mean, prediction.standardDeviation)).map {
      ($0.formationEnergy - $1.0) / max($1.1, 1e-9)
    }
    return fitted(samples.map(\.composition), residuals: residuals, limit: limit)
  }
}

extension Prediction.Shape {
  /// The same distribution, as phase diagrams take it.
  var errorShape: ErrorShape {
    switch self {
    case .gaussian: .normal
    case .empirical(let residuals): residuals.isEmpty ? .normal : .empirical(residuals)
    }
  }
}
