import CampaignStore
import Chemistry
import Foundation
import Regression
import Tables

/// A measured value as it is handed in.
public struct NewObservation: Sendable, Equatable {
  public var candidate: String
  /// As written, such as `2.4e-3` or `<1E-10`.
  public var value: String
  /// nil: the unit of the campaign, which is then checked for plausibility.
  public var unit: String?
  public var property: String?
  /// Known standard deviation in the units that are modelled.
  public var noise: Double?
  public var who: String
  public var measuredAt: String
  public var source: String
  /// Of a candidate that is added.
  public var family = ""
  public var location: SourceLocation

  public init(
    candidate: String, value: String, unit: String? = nil, property: String? = nil, noise: Double? = nil,
    who: String = "", measuredAt: String = "", source: String = "",
    location: SourceLocation = SourceLocation(file: "command line", line: 1)
  ) {
    self.candidate = candidate
    self.value = value
    self.unit = unit
    self.property = property
    self.noise = noise
    self.who = who
    self.measuredAt = measuredAt
    self.source = source
    self.location = location
  }

  /// Reads a table; columns `unit`, `noise`, `who`, `when`, `source` are used where they are there.
  ///
  /// - Throws: `TableError.missingColumn`.
  public static func read(_ table: Table, candidateColumn: String, valueColumn: String) throws(TableError) -> (
    observations: [NewObservation], diagnostics: [Diagnostic]
  ) {
    let candidate = try table.requireIndex(of: candidateColumn)
    let value = try table.requireIndex(of: valueColumn)
    var observations: [NewObservation] = []
    var diagnostics: [Diagnostic] = []
    for row in table.rows {
      if let defect = row.defect {
        diagnostics.append(defect)
        continue
      }
      func cell(_ name: String) -> String { table.index(of: name).map { row.cells[$0] } ?? "" }
      let noise = cell("noise")
      if !noise.isEmpty, Double(noise).map({ $0 >= 0 && $0.isFinite }) != true {
        diagnostics.append(
          Diagnostic(
            at: row.location, column: "noise", problem: "\"\(noise)\" is no standard deviation",
            remedy: "give a number of at least 0 or leave the cell empty"))
        continue
      }
      var one = NewObservation(
          candidate: row.cells[candidate], value: row.cells[value], unit: cell("unit").isEmpty ? nil : cell("unit"),
          property: cell("property").isEmpty ? nil : cell("property"), noise: Double(noise), who: cell("who"),
          measuredAt: cell("when"), source: cell("source").isEmpty ? cell("doi") : cell("source"),
          location: row.location)
      one.family = cell("family")
      observations.append(one)
    }
    return (observations, diagnostics)
  }
}

/// What to do where an observation raises a question.
public struct IntakePolicy: Sendable, Equatable {
  /// A second, different value of one candidate is kept beside the first as a repeat.
  public var keepsRepeats = false
  /// A second, different value replaces the first, which stays in the history.
  public var replaces = false
  /// Unknown candidates are added.
  public var addsCandidates = false
  /// Values a thousand times off are taken as they are.
  public var trustsUnits = false

  public init() {}
}

/// Checks what is handed in before it is recorded.
public struct ObservationIntake: Sendable {
  /// What becomes of one observation.
  public enum Outcome: Sendable, Equatable {
    case record(ObservationRecord)
    /// Recorded before, by observation number: handing in twice does no harm.
    case known(Int)
    case refused(RefusedObservation)
  }

  public let state: CampaignState
  public let policy: IntakePolicy
  private let directory: CandidateDirectory
  private let surrogates: [String: LaplaceProcess]

  /// With fewer rows than this the surrogate does not judge units.
  static let judgingRows = 8

  public init(_ state: CampaignState, policy: IntakePolicy = IntakePolicy()) {
    self.state = state
    self.policy = policy
    directory = CandidateDirectory(state)
    var surrogates: [String: LaplaceProcess] = [:]
    if !policy.trustsUnits {
      for objective in state.settings.objectives where !objective.isKnown {
        if let fit = try? state.surrogate(objective), fit.training.targets.count >= Self.judgingRows {
          surrogates[objective.property] = fit.process
        }
      }
    }
    self.surrogates = surrogates
  }

  /// Candidates that the observations name and the campaign lacks; empty unless the policy adds them.
  public func newCandidates(in observations: [NewObservation]) -> [CandidateRecord] {
    guard policy.addsCandidates else { return [] }
    var seen = Set<Composition>()
    let computer = ColumnComputer(state.settings)
    return observations.compactMap { one in
      guard directory.position(of: one.candidate) == nil, let composition = try? Composition(formula: one.candidate),
        seen.insert(CandidateDirectory.key(composition)).inserted
      else { return nil }
      var extra: [String: String] = [:]
      computer.fill(&extra, for: composition)
      return CandidateRecord(
        name: one.candidate, formula: one.candidate, family: one.family,
        source: "\(one.location.file):\(one.location.line)", extra: extra)
    }
  }

  /// What becomes of an observation, when the records of `earlier`, of the same batch, have come
  /// before it.
  public func outcome(_ one: NewObservation, after earlier: [ObservationRecord] = []) -> Outcome {
    do throws(RefusedObservation) {
      return try judge(one, earlier)
    } catch {
      return .refused(error)
    }
  }

  private func judge(_ one: NewObservation, _ earlier: [ObservationRecord]) throws(RefusedObservation) -> Outcome {
    func refuse(_ problem: String, _ wayOut: RefusedObservation.WayOut) -> RefusedObservation {
      RefusedObservation(at: one.location, problem: problem, wayOut: wayOut)
    }
    let measured = state.settings.objectives.filter { !$0.isKnown }
    guard let objective = one.property.map({ name in measured.first { $0.property == name } }) ?? measured.first else {
      throw refuse(
        "\"\(one.property ?? "")\" is no measured property of this campaign",
        .correct("it measures \(measured.map(\.property).joined(separator: ", "))"))
    }
    guard let position = directory.position(of: one.candidate) else {
      throw refuse(
        "\"\(one.candidate)\" is no candidate of this campaign", .addCandidate(near: directory.nearest(to: one.candidate)))
    }
    let name = state.candidates[position].name
    let parsed: MeasuredValue
    do { parsed = try MeasuredValue(parsing: one.value) } catch {
      throw refuse(error.problem, .correct(error.remedy))
    }
    let unit = one.unit ?? objective.unit
    guard let factor = MeasurementUnit.factor(from: unit, to: objective.unit) else {
      throw refuse(
        "the unit \"\(unit)\" does not fit \(objective.property), which is kept in \(objective.unit.isEmpty ? "no unit" : objective.unit)",
        .correct("write one of \(MeasurementUnit.alternatives(to: objective.unit).joined(separator: ", "))"))
    }
    let value = factor == 1 ? parsed.number : parsed.number * factor
    if objective.log10, value <= 0 {
      throw refuse("\(one.value) has no logarithm", .correct("write the limit of detection as <LIMIT"))
    }
    let record = ObservationRecord(
      candidate: position + 1, property: objective.property, value: value, unit: objective.unit,
      censoring: parsed.bound == .exact ? 0 : parsed.bound == .upper ? -1 : 1, noise: one.noise,
      reported: "\(one.value) \(unit)".trimmingCharacters(in: .whitespaces), who: one.who, measuredAt: one.measuredAt,
      source: one.source)
    let before = (state.snapshot.currentObservations + earlier).filter {
      $0.candidate == record.candidate && $0.property == record.property
    }
    if let same = before.first(where: {
      abs($0.value - value) <= 1e-12 * abs(value) && $0.censoring == record.censoring
        && (one.source.isEmpty || $0.source == one.source)
    }) {
      return .known(same.id)
    }
    if one.unit == nil, !policy.trustsUnits, let doubt = unitDoubt(record, objective, before) {
      throw refuse(doubt, .sayUnit(known: MeasurementUnit.alternatives(to: objective.unit)))
    }
    if let last = before.last, !policy.keepsRepeats {
      guard policy.replaces, last.id > 0 else {
        let by = last.who.isEmpty ? "" : " by \(last.who)"
        throw refuse(
          "\(name) has the value \(last.reported) already (observation \(last.id)\(by)), and \(record.reported) differs",
          .keepOrCorrect)
      }
      var corrected = record
      corrected.supersedes = last.id
      return .record(corrected)
    }
    return .record(record)
  }

  /// What is odd about a value without an explicit unit: it is a thousand times off what is known, and would fit otherwise.
  private func unitDoubt(
    _ record: ObservationRecord, _ objective: CampaignObjective, _ before: [ObservationRecord]
  ) -> String? {
    guard objective.log10, record.censoring == 0 else { return nil }
    for other in before where other.censoring == 0 && other.value > 0 {
      let decades = log10(record.value / other.value)
      if abs(abs(decades) - 3) < 0.35 {
        return
          "\(record.reported) is about \(decades > 0 ? "a thousand times" : "a thousandth of") the earlier \(other.reported); is the unit right?"
      }
    }
    if objective.unit == "S/cm", record.value > 10 {
      return "\(record.reported) is more than any solid electrolyte conducts; is the unit right?"
    }
    guard let process = surrogates[objective.property] else { return nil }
    let (mean, variance) = process.posterior(of: state.points([record.candidate - 1]))
    let deviation = (variance[0] + process.noiseVariance).squareRoot()
    let expected = objective.sign * mean[0]
    let off = (log10(record.value) - expected) / deviation
    guard abs(off) > 2.5 else { return nil }
    for shift in [-3.0, 3.0] where abs((log10(record.value) + shift - expected) / deviation) < 1 {
      return
        "\(record.reported) is \(abs(off * deviation).formatted(1)) decades \(off > 0 ? "above" : "below") what is expected here (\(pow(10, expected).formattedScientific)), and \(shift < 0 ? "a thousandth of it" : "a thousand times as much") would fit; is the unit right?"
    }
    return nil
  }
}

extension Double {
  var formattedScientific: String { String(format: "%.1e", self) }
}

extension Campaign {
  /// What came of handing in observations.
  public struct IntakeReport: Sendable {
    public var recorded: [ObservationRecord] = []
    /// Numbers of observations that were there already.
    public var known: [Int] = []
    public var added: [CandidateRecord] = []
    public var refused: [RefusedObservation] = []

    public init() {}
  }

  /// Records observations in one step; those that raise a question are refused and named, the others are kept.
  ///
  /// - Throws: `CampaignStoreError`, and then nothing is recorded.
  public func observe(_ observations: [NewObservation], policy: IntakePolicy = IntakePolicy()) throws -> IntakeReport {
    var attempt = 0
    while true {
      var state = try state()
      var intake = ObservationIntake(state, policy: policy)
      var report = IntakeReport()
      let added = intake.newCandidates(in: observations)
      if !added.isEmpty {
        try store.append(
          .candidatesAdded, detail: ["count": added.count], actor: actor, expecting: state.snapshot.head
        ) { writer in
          for candidate in added { report.added.append(try writer.insert(candidate)) }
        }
        state = try self.state()
        intake = ObservationIntake(state, policy: policy)
      }
      var records: [ObservationRecord] = []
      for one in observations {
        switch intake.outcome(one, after: records) {
        case .record(var record):
          if record.who.isEmpty { record.who = actor }
          records.append(record)
        case .known(let id): report.known.append(id)
        case .refused(let refused): report.refused.append(refused)
        }
      }
      guard !records.isEmpty else { return report }
      do {
        try store.append(
          .observed, detail: ["count": records.count, "refused": report.refused.count], actor: actor,
          expecting: state.snapshot.head
        ) { writer in
          for record in records { report.recorded.append(try writer.insert(record)) }
        }
        return report
      } catch CampaignStoreError.moved where attempt < 20 {
        attempt += 1
      }
    }
  }
}
