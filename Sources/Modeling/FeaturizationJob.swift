import Chemistry
import CompositionNetworks
import Descriptors
import LinearAlgebra
import Tables

/// Turns the formulas of a table, and further columns if wanted, into a table of descriptors.
public struct FeaturizationJob: Sendable {
  public let descriptors: DescriptorSet
  public let formulaColumn: String
  /// Columns of numbers that join the vector.
  public let numericColumns: [String]
  /// Columns of names that join the vector, encoded.
  public let categoryColumns: [String]
  private let names: String

  /// - Throws: `DescriptorError` for an unknown set.
  public init(
    descriptors: String, formulaColumn: String, numericColumns: [String] = [], categoryColumns: [String] = []
  ) throws(DescriptorError) {
    self.descriptors = try DescriptorSet(naming: descriptors)
    self.formulaColumn = formulaColumn
    self.numericColumns = numericColumns
    self.categoryColumns = categoryColumns
    names = descriptors
  }

  public struct Result: Sendable {
    public let writer: CSVWriter
    /// Names of the columns of the vector.
    public let labels: [String]
    public let featurizedRows: Int
    public let diagnostics: [Diagnostic]
  }

  /// The columns of the table, then one for each descriptor; rejected rows keep their place with
  /// empty descriptors and a note. The note of other rows names elements whose values are imputed.
  ///
  /// Further columns are encoded as `FeatureSpace` does for models: an unknown number is the mean of
  /// the others, and a column `NAME unknown` says where, if it ever is; each name that stands in two
  /// rows or more has a column `NAME = level`, with its share among the rows where the name is unknown.
  /// An encoded column of numbers takes the place of the one in the table.
  ///
  /// - Throws: `TableError.missingColumn`.
  public func run(on table: Table, progress: (Int, Int) -> Void = { _, _ in }) throws -> Result {
    let columns = SampleColumns(formula: formulaColumn, numeric: numericColumns, categories: categoryColumns)
    let reader = try SampleReader(columns, in: table, requiringAll: true)
    var diagnostics: [Diagnostic] = []
    var warnings: [Diagnostic] = []
    let samples: [Sample?] = table.rows.map { row in
      do throws(Diagnostic) {
        let sample = try reader.sample(in: row)
        if let warning = reader.warning(about: sample, in: row) { warnings.append(warning) }
        return sample
      } catch {
        diagnostics.append(error)
        return nil
      }
    }
    // A model that asks for no columns of its own: what was named, and no more.
    let space = try FeatureSpace(
      fittedTo: samples.compactMap { $0 },
      options: ModelingOptions(
        target: "", formulaColumn: formulaColumn, numericColumns: numericColumns, categoryColumns: categoryColumns,
        descriptors: names, model: .ridge))
    let labels = space.names
    let kept = table.columns.indices.filter { !numericColumns.contains(table.columns[$0]) }
    var writer = CSVWriter(columns: kept.map { table.columns[$0] } + labels + ["note"])
    let blank = [String](repeating: "", count: labels.count)
    var problems = diagnostics[...]
    var start = 0
    while start < table.rows.count {
      let end = min(start + PredictionJob.blockSize, table.rows.count)
      let matrix = space.matrix(for: samples[start..<end].compactMap { $0 })
      var next = 0
      for index in start..<end {
        let cells = kept.map { table.rows[index].cells[$0] }
        if let sample = samples[index] {
          let note = descriptors.imputationNote(for: sample.composition) ?? ""
          writer.append(cells + matrix.row(next).map(CSVWriter.number) + [note])
          next += 1
        } else {
          let note = problems.popFirst().map { "\($0.problem); \($0.remedy)" } ?? ""
          writer.append(cells + blank + [note])
        }
      }
      start = end
      progress(start, table.rows.count)
    }
    return Result(
      writer: writer, labels: labels, featurizedRows: samples.count { $0 != nil }, diagnostics: diagnostics + warnings)
  }
}
