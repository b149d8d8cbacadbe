import Chemistry
import CompositionNetworks
import Descriptors
import LinearAlgebra
import ModelFiles
import Stability

/// Turns samples into rows of numbers, in the way that was settled on the training rows.
///
/// Columns: the descriptors of the composition; 1000/T where there is a temperature; each numeric
/// column, with a second one that says where it was unknown if it ever was; one column for each
/// category seen in training; for energies, what the hull of known phases says.
public struct FeatureSpace: Sendable {
  let descriptors: DescriptorSet
  let descriptorNames: String
  let usesTemperature: Bool
  let numeric: [NumericColumn]
  let categories: [CategoryColumn]
  /// For targets that are energies: what the hull of the training rows says, from which each row is
  /// left out.
  let hull: HullFeatures?

  struct NumericColumn: Sendable, Codable, Equatable {
    let name: String
    /// Mean over the training rows that have it; stands in where it is unknown.
    let mean: Double
    let wasMissing: Bool
  }

  struct CategoryColumn: Sendable, Codable, Equatable {
    let name: String
    /// Categories of at least two training rows, sorted.
    let levels: [String]
    /// Share of each level among the training rows; stands in where the category is unknown.
    let shares: [Double]
  }

  /// A temperature for samples without one, in °C.
  public static let roomTemperature = 25.0

  /// Settles the columns on training samples.
  ///
  /// - Parameters:
  ///   - samples: what the model is trained on; they settle means and categories.
  ///   - options: descriptor sets, and the columns of temperature, numbers and categories.
  ///   - phases: known phases, for columns about their hull; none where it is nil.
  /// - Throws: `DescriptorError` for an unknown set.
  public init(
    fittedTo samples: [Sample], options: ModelingOptions, phases: [Phase]? = nil
  ) throws(DescriptorError) {
    // Energies that make no phase diagram, such as those of elements below zero, give no columns.
    hull = phases.flatMap { try? HullFeatures($0) }
    descriptorNames = options.descriptorsInUse
    descriptors = try DescriptorSet(naming: descriptorNames)
    usesTemperature = options.temperatureColumn != nil
    numeric = options.numericColumns.enumerated().map { index, name in
      let known = samples.compactMap { $0.numeric[index] }
      let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
      return NumericColumn(name: name, mean: mean, wasMissing: known.count < samples.count)
    }
    categories = options.categoryColumns.enumerated().map { index, name in
      var counts: [String: Int] = [:]
      for sample in samples { if let level = sample.categories[index] { counts[level, default: 0] += 1 } }
      let levels = counts.filter { $0.value > 1 }.keys.sorted()
      let shares = levels.map { Double(counts[$0] ?? 0) / Double(samples.count) }
      return CategoryColumn(name: name, levels: levels, shares: shares)
    }
  }

  /// The names of the columns, in order.
  public var names: [String] {
    var names = descriptors.labels
    if usesTemperature { names.append("1000/T (1/K)") }
    for column in numeric {
      names.append(column.name)
      if column.wasMissing { names.append("\(column.name) unknown") }
    }
    for column in categories { names += column.levels.map { "\(column.name) = \($0)" } }
    if hull != nil { names += HullFeatures.names }
    return names
  }

  /// The column of 1000/T, if there is one.
  var temperatureColumn: Int? { usesTemperature ? descriptors.labels.count : nil }

  /// One row for each sample, n × `names.count`, all finite.
  ///
  /// - Parameters:
  ///   - samples: n of them, read with the same columns as those of the training.
  ///   - temperature: in °C, for samples without one of their own.
  ///   - threads: at most so many compute descriptors.
  public func matrix(
    for samples: [Sample], temperature: Double = roomTemperature, threads: Int = Threads.limit
  ) -> Matrix {
    let chemistry = descriptors.matrix(for: samples.map(\.composition), threads: threads)
    let energies = hull?.matrix(for: samples.map(\.composition))
    let width = names.count - chemistry.columns - (energies?.columns ?? 0)
    guard width > 0 else { return energies.map(chemistry.appendingColumns) ?? chemistry }
    var extra = Matrix(rows: samples.count, columns: width)
    for (row, sample) in samples.enumerated() {
      var next = row * width
      func put(_ value: Double) {
        extra.elements[next] = value
        next += 1
      }
      if usesTemperature { put(1000 / ((sample.temperature ?? temperature) - SampleReader.absoluteZero)) }
      for (index, column) in numeric.enumerated() {
        let value = index < sample.numeric.count ? sample.numeric[index] : nil
        put(value ?? column.mean)
        if column.wasMissing { put(value == nil ? 1 : 0) }
      }
      for (index, column) in categories.enumerated() {
        let value = index < sample.categories.count ? sample.categories[index] : nil
        for (level, share) in zip(column.levels, column.shares) {
          put(value.map { $0 == level ? 1 : 0 } ?? share)
        }
      }
    }
    let all = chemistry.appendingColumns(extra)
    return energies.map(all.appendingColumns) ?? all
  }

  // MARK: Model files

  private struct Stored: Codable {
    var descriptors: String
    var labels: [String]
    var usesTemperature: Bool
    var numeric: [NumericColumn]
    var categories: [CategoryColumn]
  }

  func archive() throws(ArchiveError) -> TensorArchive {
    var archive = TensorArchive()
    try archive.set(
      "columns",
      json: Stored(
        descriptors: descriptorNames, labels: descriptors.labels, usesTemperature: usesTemperature,
        numeric: numeric, categories: categories))
    if let hull { archive.nest(hull.archive(), under: "hull") }
    return archive
  }

  init(archive: TensorArchive) throws(ArchiveError) {
    let stored = try archive.json("columns", as: Stored.self)
    descriptorNames = stored.descriptors
    do {
      descriptors = try DescriptorSet(naming: stored.descriptors)
    } catch {
      throw .invalid("columns", reason: "names descriptors that this version lacks (\(error))")
    }
    guard descriptors.labels == stored.labels else {
      throw .invalid("columns", reason: "was made with other descriptors of the same name; train again")
    }
    usesTemperature = stored.usesTemperature
    numeric = stored.numeric
    categories = stored.categories
    let phases = archive.nested(under: "hull")
    hull = phases.tensors.isEmpty ? nil : try HullFeatures(archive: phases)
  }
}
