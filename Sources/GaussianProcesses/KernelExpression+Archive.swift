import Foundation
import ModelFiles

extension KernelExpression {
  /// The kernel with its hyperparameters as JSON, keys sorted.
  var archivedText: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // A kernel holds numbers and names, which always encode.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// What `archivedText` wrote, for rows of so many columns.
  init(archivedText text: String, columns: Int) throws(ArchiveError) {
    guard let kernel = try? JSONDecoder().decode(KernelExpression.self, from: Data(text.utf8)) else {
      throw .invalid("kernel", reason: "is a kernel that this version lacks")
    }
    guard kernel.fits(columns: columns) else { throw .invalid("kernel", reason: "does not fit the columns") }
    self = kernel
  }
}
