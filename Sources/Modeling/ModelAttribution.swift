import Chemistry
import CompositionNetworks
import LinearAlgebra
import Regression
import Stability

/// Why a prediction is what it is: effects of descriptor families, and the measured rows nearest to it.
public struct Explanation: Sendable {
  /// The mean before the sample is looked at, in the units that are modelled.
  public let base: Double
  /// What each family adds; with `base` they sum to the predicted mean. Largest first.
  public let effects: [(family: String, effect: Double)]
  /// Measured rows, nearest first by the sum of differences of atomic fractions. Of networks that recall, what they
  /// listened to, the most attended first, by the earth mover's distance on the Mendeleev scale.
  public let neighbours: [Neighbour]

  public struct Neighbour: Sendable {
    public let reference: PropertyModel.Reference
    public let distance: Double
    /// Share of a network's attention, 0 to 1; nil for models that do not recall.
    public let attention: Double?
  }

  package init(base: Double, effects: [(family: String, effect: Double)], neighbours: [Neighbour]) {
    self.base = base
    self.effects = effects
    self.neighbours = neighbours
  }
}

extension PropertyModel {
  /// Training compositions that stand for what is usual, at most so many.
  static let backgroundLimit = 32

  /// Explains predictions: exactly for linear models, trees, additive processes and mixtures of them, and by
  /// sampled Shapley values for others.
  ///
  /// - Throws: `ModelingError`.
  /// - Complexity: for trees O(samples · 32 · nodes); for sampled ones 16 · families · 32 predictions a sample.
  public func explain(
    _ samples: [Sample], temperature: Double = FeatureSpace.roomTemperature, neighbours limit: Int = 5
  ) throws(ModelingError) -> [Explanation] {
    guard !samples.isEmpty else { return [] }
    let rows = features.matrix(for: samples, temperature: temperature)
    let count = min(references.count, Self.backgroundLimit)
    let usual = (0..<count).compactMap { place -> Sample? in
      let formula = references[place * references.count / count].formula
      return (try? Composition(formula: formula)).map { Sample(formula: formula, composition: $0) }
    }
    // The training rows were read from these formulas; should none parse any more, the samples stand in.
    let background = usual.isEmpty ? rows : features.matrix(for: usual, temperature: temperature)
    let attribution: Attribution
    do {
      attribution = try regressor.attributionOfAnyKind(rows, background: background, families: features.families)
    } catch {
      throw .prediction(error)
    }
    let recalled = try recalledReferences(rows, limit: limit)
    return samples.indices.map { i in
      let effects = attribution.names.enumerated().map { (family: $0.element, effect: attribution.parts[i, $0.offset]) }
      return Explanation(
        base: attribution.base[i],
        effects: effects.sorted { (-abs($0.effect), $0.family) < (-abs($1.effect), $1.family) },
        neighbours: recalled?[i]
          ?? neighbours(of: samples[i], limit: limit).map { .init(reference: $0.reference, distance: $0.distance, attention: nil) })
    }
  }

  /// What a network recalled for each row, as training rows; nil for other models and networks of the formula alone.
  private func recalledReferences(_ rows: Matrix, limit: Int) throws(ModelingError) -> [[Explanation.Neighbour]]? {
    guard let network = regressor as? CompositionNetworkModel, network.recalls else { return nil }
    let recalled: [[CompositionNetworkModel.Recalled]]
    do { recalled = try network.recalled(rows) } catch { throw .prediction(error) }
    // The rows of each composition and value; only those of compositions that are asked for.
    let wanted = Set(recalled.joined().map { RecalledKey($0.composition, $0.value) })
    var places: [RecalledKey: Reference] = [:]
    for reference in references where reference.censoring == .none {
      guard let composition = try? Composition(formula: reference.formula) else { continue }
      let key = RecalledKey(composition, reference.target)
      if wanted.contains(key), places[key] == nil { places[key] = reference }
    }
    return recalled.map { list in
      list.prefix(limit).map { one in
        let reference =
          places[RecalledKey(one.composition, one.value)]
          ?? Reference(formula: one.composition.reducedFormula, target: one.value, censoring: .none, group: "")
        return Explanation.Neighbour(reference: reference, distance: one.distance, attention: one.attention)
      }
    }
  }

  /// Equal for the same composition and the same value.
  private struct RecalledKey: Hashable {
    let composition: CompositionKey
    let value: Float

    init(_ composition: Composition, _ value: Double) {
      self.composition = CompositionKey(composition)
      self.value = Float(value)
    }
  }
}

extension FeatureSpace {
  /// Which columns are explained together: the six statistics of one elemental property, the columns of each other
  /// descriptor set, temperature, each further column.
  var families: FeatureFamilies {
    var names = descriptors.featurizers.flatMap { set in
      set.columns.map { column in
        set.name == "magpie" ? column.label.split(separator: " ").last.map(String.init) ?? set.name : Self.familyName(set.name)
      }
    }
    if usesTemperature { names.append("temperature") }
    for column in numeric { names += [String](repeating: column.name, count: column.wasMissing ? 2 : 1) }
    for column in categories { names += column.levels.map { _ in column.name } }
    if hull != nil { names += HullFeatures.names.map { _ in "hull" } }
    return FeatureFamilies(names)
  }

  private static func familyName(_ set: String) -> String { set == "fractions" ? "atomic fractions" : set }
}

extension FittedRegressor {
  /// The exact attribution where the model has one, and a sampled one where not.
  func attributionOfAnyKind(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    if let exact = self as? any AttributableRegressor {
      return try exact.attribution(features, background: background, families: families)
    }
    return try sampledAttribution(features, background: background, families: families)
  }
}

extension StackedModel: AttributableRegressor {
  /// The weighted sum of the members' attributions.
  func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    var sum: Attribution?
    for (member, weight) in zip(members, weights) {
      let part = try member.regressor.attributionOfAnyKind(features, background: background, families: families)
        .scaled(by: [Double](repeating: weight, count: features.rows))
      sum = sum?.adding(part) ?? part
    }
    return sum ?? Attribution(
      names: [], base: [Double](repeating: 0, count: features.rows), parts: Matrix(rows: features.rows, columns: 0))
  }
}

extension BaselineModel: AttributableRegressor where Base: AttributableRegressor {
  /// The base model's, and the column it is measured from as an effect of that column's family.
  func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    let own = try base.attribution(features, background: background, families: families)
    let baseline = Attribution(
      names: [families.names[families.members[column]]], base: [Double](repeating: 0, count: features.rows),
      parts: Matrix(rows: features.rows, columns: 1, elements: features.column(column)))
    return own.adding(baseline)
  }
}

extension ArrheniusModel: AttributableRegressor {
  /// The mean is r·y₂₅ + (1 − r)·log10 A, r = T₀/T, so its attribution is that sum of theirs.
  func attribution(
    _ features: Matrix, background: Matrix, families: FeatureFamilies
  ) throws(PredictionError) -> Attribution {
    let (rest, inverse) = Self.split(features, temperatureColumn)
    let usual = Self.split(background, temperatureColumn).0
    let kept = FeatureFamilies(
      families.members.enumerated().filter { $0.offset != temperatureColumn }.map { families.names[$0.element] })
    let ratios = inverse.map { $0 / Self.reference }
    let room = try roomTemperature.regressor.attributionOfAnyKind(rest, background: usual, families: kept)
    let slope = try prefactor.attribution(rest, background: usual, families: kept)
    return room.scaled(by: ratios).adding(slope.scaled(by: ratios.map { 1 - $0 }))
  }
}
