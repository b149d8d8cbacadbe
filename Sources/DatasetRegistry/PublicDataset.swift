import BundledData
import Foundation
import Tables

/// A public data set of the field: where it lies, under which licence, how to cite it, and its digest.
public struct PublicDataset: Sendable, Codable, Equatable {
  public let name: String
  public let rows: Int
  /// The name of its file.
  public let file: String
  /// Where it can be fetched from; empty where only a folder or a mirror has it.
  public let address: String
  /// Of the file, in hexadecimal.
  public let sha256: String
  /// Empty where the source states none.
  public let licence: String
  public let citation: String
  public let description: String

  package init(
    name: String, rows: Int, file: String, address: String, sha256: String, licence: String, citation: String,
    description: String
  ) {
    self.name = name
    self.rows = rows
    self.file = file
    self.address = address
    self.sha256 = sha256
    self.licence = licence
    self.citation = citation
    self.description = description
  }

  /// Those that the program knows, by name; see `Datasets/README.md` for the sources of these facts.
  public static func all() throws(TableError) -> [PublicDataset] {
    try read(Data(BundledData.publicDatasets.text.utf8), file: "Datasets/public-datasets.csv")
  }

  /// A registry in the columns name, rows, file, address, sha256, licence, citation, description.
  static func read(_ data: Data, file: String) throws(TableError) -> [PublicDataset] {
    let table = try Table(parsing: data, file: file)
    let names = ["name", "rows", "file", "address", "sha256", "licence", "citation", "description"]
    var columns: [Int] = []
    for name in names { columns.append(try table.requireIndex(of: name)) }
    return table.rows.map { row in
      let cells = columns.map { row.cells[$0] }
      return PublicDataset(
        name: cells[0], rows: Int(cells[1]) ?? 0, file: cells[2], address: cells[3], sha256: cells[4],
        licence: cells[5], citation: cells[6], description: cells[7])
    }
  }

  /// The data set of a name.
  ///
  /// - Throws: `DatasetError.unknown` with the nearest name.
  public static func named(_ name: String, among known: [PublicDataset]) throws(DatasetError) -> PublicDataset {
    if let found = known.first(where: { $0.name == name }) { return found }
    throw .unknown(name, suggestion: Suggestion.nearest(to: name, among: known.map(\.name)))
  }
}

/// Why a data set could not be had.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknown(String, suggestion: String?)
  /// Nothing says where it lies.
  case noAddress(String)
  case unreachable(String, reason: String)
  /// The server answered with another status than 200.
  case refused(String, status: Int)
  /// The bytes are not those that the registry knows.
  case altered(String, expected: String, found: String)
  case file(String, reason: String)

  public var description: String {
    switch self {
    case .unknown(let name, let suggestion):
      "no data set \"\(name)\"" + (suggestion.map { "; did you mean \"\($0)\"?" } ?? "; `superionic datasets list` names them")
    case .noAddress(let name): "no address is known for \(name); name a folder or a mirror that has it with --from"
    case .unreachable(let address, let reason): "\(address): \(reason); check the network, or give a folder or mirror with --from"
    case .refused(let address, let status): "\(address): the server answered \(status); give a folder or mirror with --from"
    case .altered(let place, let expected, let found):
      "\(place): SHA-256 \(found) instead of \(expected); nothing was written: fetch it again or from elsewhere"
    case .file(let path, let reason): "\(path): \(reason)"
    }
  }
}
