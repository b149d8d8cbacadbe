import Chemistry
import Foundation
import LinearAlgebra
import Reports
import Stability

/// Phase diagrams beside pymatgen's: the same questions to both, in turns, for `bench hull --peer`.
struct HullPeers {
  let phases: [Phase]
  let runs: Int
  let seed: UInt64

  struct Row: Encodable {
    let step: String
    let count: Int
    /// Medians, in seconds.
    let seconds: Double
    let peerSeconds: Double
    /// The largest difference between an answer of ours and theirs, in eV/atom or V.
    let difference: Double

    var ratio: Double { peerSeconds / seconds }
  }

  /// Each step with our time and pymatgen's, which includes one phase diagram for each chemical system:
  /// there a diagram has to be made before it can be asked. Reading and indexing the phases by their
  /// elements, once for all questions, is left out on both sides.
  func compare(with peer: PythonPeer, count: Int) throws -> [Row] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("superionic-hull-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ lines: [String]) throws -> String {
      let file = folder.appendingPathComponent(name)
      try Data(lines.joined(separator: "\n").utf8).write(to: file)
      return file.path
    }
    let table = try write("phases", phases.map { "\($0.composition.formula) \($0.formationEnergy)" })
    guard peer.ask("phases \(table)") != nil else { return [] }

    var generator = SeededGenerator(seed: seed)
    let compounds = phases.filter { (2...4).contains($0.composition.entries.count) }
    var asked: [Composition] = []
    while asked.count < min(count, compounds.count) {
      asked.append(compounds[generator.index(below: compounds.count)].composition)
    }
    let hosts = asked.filter { composition in composition.elements.contains { $0 != .lithium } }
    let pairs = zip(hosts, hosts.dropFirst()).filter { a, b in
      a != b && Set(a.elements).union(b.elements).union([.lithium]).count <= 6
    }
    let compoundFile = try write("compounds", asked.map(\.formula))
    let hostFile = try write("hosts", hosts.map(\.formula))
    let pairFile = try write("pairs", pairs.map { "\($0.formula) \($1.formula)" })
    return [
      try row("energy above hull and products", asked.count, peer, "hull \(compoundFile)", folder) { diagram in
        diagram.decompositions(of: asked).map { (try? $0.get())?.energy ?? .nan }
      },
      try row("voltage profile", hosts.count, peer, "profiles \(hostFile)", folder) { diagram in
        hosts.map { (try? diagram.voltageProfile(of: $0))?.plateaus.first?.voltage ?? 0 }
      },
      try row("interface reaction", pairs.count, peer, "interfaces \(pairFile)", folder) { diagram in
        pairs.map { a, b in
          guard let x = try? diagram.hullEnergy(at: a), let y = try? diagram.hullEnergy(at: b) else { return .nan }
          return (try? diagram.interface(between: a, and: b, energies: (x, y)))?.worst.energy ?? .nan
        }
      },
    ]
  }

  private func row(
    _ step: String, _ count: Int, _ peer: PythonPeer, _ question: String, _ folder: URL,
    _ answer: (PhaseDiagram) -> [Double]
  ) throws -> Row {
    var (ours, theirs): ([Double], [Double]) = ([], [])
    var mine: [Double] = []
    let diagram = try PhaseDiagram(phases)
    for _ in 0..<runs {
      let start = DispatchTime.now().uptimeNanoseconds
      mine = answer(diagram)
      ours.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
      if let reply = peer.ask("\(question) \(folder.path)/answers") { theirs.append(reply.time) }
    }
    let text = (try? String(contentsOf: folder.appendingPathComponent("answers"), encoding: .utf8)) ?? ""
    let values = text.split(separator: "\n").compactMap { Double($0) }
    let difference = values.count == mine.count ? zip(values, mine).map { abs($0 - $1) }.max() ?? 0 : .nan
    return Row(
      step: step, count: count, seconds: BenchSummary.median(ours), peerSeconds: BenchSummary.median(theirs), difference: difference)
  }

  static func lines(_ rows: [Row], width: Int) -> [String] {
    var text = TextTable([
      ("step", .left), ("count", .right), ("ours / ms each", .right), ("pymatgen / ms each", .right), ("ratio", .right),
      ("largest difference", .right),
    ])
    for row in rows {
      let each = 1e3 / Double(max(1, row.count))
      text.append([
        row.step, "\(row.count)", (row.seconds * each).fixed(4), (row.peerSeconds * each).fixed(2), row.ratio.fixed(0),
        String(format: "%.1e", row.difference),
      ])
    }
    return text.lines(width: width)
  }

  /// Questions: `phases FILE`; `hull FILE OUT`, `profiles FILE OUT`, `interfaces FILE OUT`.
  static let script = """
    import sys, time, json, collections
    from pymatgen.core import Composition, Element
    from pymatgen.analysis.phase_diagram import PhaseDiagram, PDEntry
    from pymatgen.analysis.interface_reactions import InterfacialReactivity

    by = collections.defaultdict(list)
    li = Element("Li")
    def diagram(elements, cache):
        key = frozenset(elements)
        if key not in cache:
            found = [e for s, v in by.items() if s <= key for e in v]
            cache[key] = PhaseDiagram(found + [PDEntry(Composition({el: 1}), 0.0) for el in key])
        return cache[key]

    for line in sys.stdin:
        what, *rest = line.split()
        lines = [l.split() for l in open(rest[0])]
        if what == "phases":
            for formula, energy in lines:
                c = Composition(formula)
                by[frozenset(c.elements)].append(PDEntry(c, float(energy) * c.num_atoms))
            print(json.dumps({"time": 0}), flush=True)
            continue
        lines = [[Composition(f) for f in l] for l in lines]
        cache, answers = {}, []
        start = time.perf_counter()
        for cs in lines:
            if what == "hull":
                pd = diagram(cs[0].elements, cache)
                pd.get_decomposition(cs[0])
                answers.append(pd.get_hull_energy_per_atom(cs[0]))
            elif what == "profiles":
                pd = diagram(set(cs[0].elements) | {li}, cache)
                steps = pd.get_element_profile(li, cs[0].reduced_composition)
                voltages = [-s["chempot"] for s in steps if s["chempot"] < -1e-9]
                answers.append(min(voltages, default=0))
            else:
                pd = diagram(set(cs[0].elements) | set(cs[1].elements), cache)
                r = InterfacialReactivity(cs[0], cs[1], pd, norm=True, use_hull_energy=True)
                answers.append(min(k[2] for k in r.get_kinks()))
        t = time.perf_counter() - start
        with open(rest[1], "w") as f: f.write("\\n".join(map(str, answers)))
        print(json.dumps({"time": t}), flush=True)
    """
}
