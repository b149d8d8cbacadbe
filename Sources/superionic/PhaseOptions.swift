import ArgumentParser
import Chemistry
import FileIO
import Foundation
import Stability
import Tables

/// Which phases a command compares with, and which ion moves.
struct PhaseOptions: ParsableArguments {
  @Flag(help: "Add the bundled phases to those of PHASES.csv, whose energies win.")
  var extend = false

  @Option(help: "The mobile ion: Li, Na, K, Mg, Ca, Zn, Al, Ag, Cu, …")
  var ion = "Li"

  @Option(help: "Electrons for each ion, where they are not the usual ones.")
  var charge: Int?

  /// PHASES.csv, where the first argument is a table, and the other arguments.
  ///
  /// A table ends in .csv, is `-`, or is a path; anything else is a formula and asks the bundled phases.
  static func split(_ arguments: [String]) -> (phases: String?, rest: [String]) {
    guard let first = arguments.first else { return (nil, []) }
    let isTable = first == FileContents.standardStream || first.lowercased().hasSuffix(".csv")
      || first.contains("/") || FileManager.default.fileExists(atPath: first)
    return isTable ? (first, Array(arguments.dropFirst())) : (nil, arguments)
  }

  /// The phases of a file, or the bundled ones.
  func read(_ path: String?) throws -> PhaseTable {
    guard let path else { return try PhaseTable.bundled() }
    let own = try PhaseTable(Table(reading: path))
    return extend ? own.extending(try PhaseTable.bundled()) : own
  }

  func name(_ path: String?) -> String {
    guard let path else { return "bundled" }
    return extend ? path + " + bundled" : path
  }

  func mobileIon() throws -> MobileIon {
    guard let element = Element(ion) else {
      throw ValidationError("--ion takes the symbol of an element, such as Li, not \(ion)")
    }
    return try MobileIon(element, charge: charge)
  }

  /// Compositions of formulas, or of the short names of electrodes.
  static func materials(_ texts: [String]) throws -> [(name: String, composition: Composition)] {
    var named: [(name: String, composition: Composition)] = []
    for text in texts {
      do {
        named.append((text, try ElectrodeMaterial.composition(of: text)))
      } catch {
        throw ValidationError("\(error.problem); \(error.remedy)")
      }
    }
    return named
  }
}

/// Writes a chart, and says so unless standard output is taken.
func writeChart(_ svg: String, to path: String) throws {
  try FileContents.write(Data(svg.utf8), to: path)
}
