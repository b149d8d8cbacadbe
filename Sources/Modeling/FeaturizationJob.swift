import Chemistry
import CompositionNetworks
import Descriptors
import Tables

/// Turns the formulas of a table into a table of descriptors.
public struct FeaturizationJob: Sendable {
  public let descriptors: DescriptorSet
  public let formulaColumn: String

  /// - Throws: `DescriptorError` for an unknown set.
  public init(descriptors: String, formulaColumn: String) throws(DescriptorError) {
    self.descriptors = try DescriptorSet(naming: descriptors)
    self.formulaColumn = formulaColumn
  }

  public struct Result: Sendable {
    public let writer: CSVWriter
    public let featurizedRows: Int
    public let diagnostics: [Diagnostic]
  }

  /// The columns of the table, then one for each descriptor; rejected rows keep their place with
  /// empty descriptors and a note.
  ///
  /// - Throws: `TableError.missingColumn`.
  public func run(on table: Table, progress: (Int, Int) -> Void = { _, _ in }) throws -> Result {
    let reader = try SampleReader(SampleColumns(formula: formulaColumn), in: table, requiringAll: true)
    var writer = CSVWriter(columns: table.columns + descriptors.labels + ["note"])
    var diagnostics: [Diagnostic] = []
    let blank = [String](repeating: "", count: descriptors.labels.count)
    var featurized = 0
    var start = 0
    while start < table.rows.count {
      let block = table.rows[start..<min(start + PredictionJob.blockSize, table.rows.count)]
      var compositions: [Composition] = []
      var notes: [String?] = []
      for row in block {
        do throws(Diagnostic) {
          let sample = try reader.sample(in: row)
          if let warning = reader.warning(about: sample, in: row) { diagnostics.append(warning) }
          compositions.append(sample.composition)
          notes.append(nil)
        } catch {
          diagnostics.append(error)
          notes.append("\(error.problem); \(error.remedy)")
        }
      }
      let matrix = descriptors.matrix(for: compositions)
      var next = 0
      for (row, note) in zip(block, notes) {
        if let note {
          writer.append(row.cells + blank + [note])
        } else {
          writer.append(row.cells + matrix.row(next).map(CSVWriter.number) + [""])
          next += 1
        }
      }
      featurized += next
      start += block.count
      progress(start, table.rows.count)
    }
    return Result(writer: writer, featurizedRows: featurized, diagnostics: diagnostics)
  }
}
