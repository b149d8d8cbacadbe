import Chemistry
import Descriptors
import Foundation

/// Runs matminer's Magpie preset on some formulas, when a Python that has it is named.
struct MatminerPeer {
  struct Answer {
    let count: Int
    /// Formulas per second.
    let rate: Double
    /// From our values, the largest of all, relative to max(1, |value|).
    let difference: Double
  }

  private struct Reply: Decodable {
    let time: Double
    let values: [[Double]]
  }

  /// The peer did not answer.
  struct Failure: Error, CustomStringConvertible {
    let python: String
    var description: String { "\(python) did not run matminer; name a Python that can import it with --peer" }
  }

  /// A path, or a name in PATH.
  let python: String

  func magpie(_ formulas: [String]) throws -> Answer {
    let data = try PythonPeer.output(python: python, script: Self.script, input: formulas.joined(separator: "\n"))
    guard let reply = try? JSONDecoder().decode(Reply.self, from: data), reply.values.count == formulas.count else {
      throw Failure(python: python)
    }
    let magpie = MagpieDescriptors()
    var difference = 0.0
    for (formula, values) in zip(formulas, reply.values) {
      let own = magpie.values(for: try Composition(formula: formula))
      for (a, b) in zip(own, values) { difference = max(difference, abs(a - b) / max(1, abs(b))) }
    }
    return Answer(count: formulas.count, rate: Double(formulas.count) / reply.time, difference: difference)
  }

  private static let script = """
    import sys, time, json
    from pymatgen.core import Composition
    from matminer.featurizers.composition import ElementProperty
    formulas = sys.stdin.read().split("\\n")
    magpie = ElementProperty.from_preset("magpie", impute_nan=True)
    magpie.featurize(Composition(formulas[0]))
    start = time.perf_counter()
    values = [magpie.featurize(Composition(f)) for f in formulas]
    t = time.perf_counter() - start
    print(json.dumps({"time": t, "values": [[float(v) for v in row] for row in values]}))
    """
}
