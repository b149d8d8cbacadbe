import CampaignStore
import Chemistry
import Foundation
import LinearAlgebra
import Regression

/// A campaign after some event, with everything that can be computed from it alone.
public struct CampaignState: Sendable {
  public let settings: CampaignSettings
  public let snapshot: CampaignSnapshot
  /// One for each candidate; the candidate with id i stands at i − 1.
  public let compositions: [Composition]
  public let space: CompositionSpace
  let numbers: [[Double]]

  public var candidates: [CandidateRecord] { snapshot.candidates }

  /// - Throws: `CampaignError.invalid` for a store that this version cannot read; `DescriptorError`.
  public init(_ snapshot: CampaignSnapshot) throws {
    guard let first = snapshot.events.first,
      let settings = try? JSONDecoder().decode(CampaignSettings.self, from: Data(first.detail.utf8))
    else { throw CampaignError.invalid("the settings of the campaign cannot be read") }
    self.settings = settings
    self.snapshot = snapshot
    var compositions: [Composition] = []
    compositions.reserveCapacity(snapshot.candidates.count)
    for candidate in snapshot.candidates {
      do { compositions.append(try Composition(formula: candidate.formula)) } catch {
        throw CampaignError.invalid("candidate \(candidate.name): \(error)")
      }
    }
    self.compositions = compositions
    var columns: [[Double]] = []
    for name in settings.numberColumns {
      let known = snapshot.candidates.map { $0.extra[name].flatMap(Double.init) }
      let present = known.compactMap { $0 }
      let mean = present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
      columns.append(known.map { $0 ?? mean })
    }
    numbers = columns.isEmpty ? [] : snapshot.candidates.indices.map { row in columns.map { $0[row] } }
    space = try CompositionSpace(pool: compositions, descriptors: settings.descriptors, numbers: numbers)
  }

  /// The points of some candidates, by position.
  public func points(_ positions: some Collection<Int>) -> Points {
    space.embed(
      positions.map { compositions[$0] }, numbers: numbers.isEmpty ? [] : positions.map { numbers[$0] })
  }

  /// A number in a column of a candidate.
  public func known(_ name: String, _ position: Int) -> Double? {
    candidates[position].extra[name].flatMap { Double($0.trimmingCharacters(in: .whitespaces)) }
  }

  /// Measured rows of a property that count.
  public struct Training: Sendable {
    public var positions: [Int] = []
    /// In the units that are modelled, larger better.
    public var targets: [Double] = []
    public var censoring: [Censoring] = []
    public var noiseVariances: [Double] = []
    public var observations: [ObservationRecord] = []
  }

  /// - Parameter objective: decides log10 and sign.
  public func training(_ objective: CampaignObjective) -> Training {
    var training = Training()
    for observation in snapshot.currentObservations where observation.property == objective.property {
      guard !objective.log10 || observation.value > 0 else { continue }
      let value = objective.log10 ? log10(observation.value) : observation.value
      training.positions.append(observation.candidate - 1)
      training.targets.append(objective.sign * value)
      let bound = objective.isMinimised ? -observation.censoring : observation.censoring
      training.censoring.append(bound < 0 ? .left : bound > 0 ? .right : .none)
      training.noiseVariances.append(observation.noise.map { $0 * $0 } ?? 0)
      training.observations.append(observation)
    }
    return training
  }

  /// Candidates that may be suggested: not measured in the first objective, not pending, not closed, without
  /// excluded elements, and meeting every constraint on known columns. Positions, ascending.
  public func open() -> (positions: [Int], excluded: Int, infeasible: Int) {
    var isTaken = [Bool](repeating: false, count: candidates.count)
    if let first = settings.objectives.first {
      for observation in snapshot.currentObservations where observation.property == first.property {
        isTaken[observation.candidate - 1] = true
      }
    }
    for candidate in snapshot.pendingCandidates { isTaken[candidate - 1] = true }
    for candidate in snapshot.closedCandidates { isTaken[candidate - 1] = true }
    let excluded = Set(settings.excludedElements.compactMap { Element($0) })
    let measured = Set(settings.objectives.filter { !$0.isKnown }.map(\.property))
    let bounds = settings.constraints.filter { !measured.contains($0.name) }
    var result: [Int] = []
    var (excludedCount, infeasibleCount) = (0, 0)
    for position in candidates.indices where !isTaken[position] {
      if !excluded.isEmpty, compositions[position].elements.contains(where: excluded.contains) {
        excludedCount += 1
        continue
      }
      // A candidate whose value is unknown is not ruled out; the explanation says so.
      if bounds.contains(where: { bound in known(bound.name, position).map { !bound.isMet(by: $0) } ?? false }) {
        infeasibleCount += 1
        continue
      }
      result.append(position)
    }
    return (result, excludedCount, infeasibleCount)
  }

  /// Surrogate of a measured objective; nil with fewer than two rows.
  ///
  /// Hyperparameters of the last recorded model are kept until the rows have grown by a twentieth.
  /// - Throws: `FitError`.
  public func surrogate(_ objective: CampaignObjective) throws -> (process: LaplaceProcess, training: Training)? {
    let training = training(objective)
    guard training.targets.count >= 2 else { return nil }
    let rows = points(training.positions)
    if let last = snapshot.models.last(where: { $0.property == objective.property }),
      let summary = try? JSONDecoder().decode(SurrogateSummary.self, from: Data(last.summary.utf8)),
      Double(training.targets.count) < 1.05 * Double(summary.fittedRows), training.targets.count >= summary.fittedRows,
      summary.descriptors == settings.descriptors
    {
      return (
        try LaplaceProcess(
          points: rows, targets: training.targets, censoring: training.censoring,
          noiseVariances: training.noiseVariances, hyperparameters: summary.hyperparameters,
          targetMean: summary.targetMean, targetSpread: summary.targetSpread), training
      )
    }
    return (
      try LaplaceProcess(
        fitting: rows, targets: training.targets, censoring: training.censoring,
        noiseVariances: training.noiseVariances), training
    )
  }
}

/// What a store keeps of a surrogate, for people and for the next step.
public struct SurrogateSummary: Sendable, Equatable, Codable {
  public var property: String
  public var rows: Int
  /// Rows when the hyperparameters were fitted.
  public var fittedRows: Int
  public var censoredRows: Int
  public var hyperparameters: LaplaceProcess.Hyperparameters
  public var targetMean: Double
  public var targetSpread: Double
  public var descriptors: String
}
