import CandidateSpaces
import Reports

/// What a space file describes: sizes, and the first candidates.
struct SpaceDescription: Encodable {
  struct Part: Encodable {
    let kind: String
    let indices: Int
  }

  struct Example: Encodable {
    let index: Int
    let formula: String
    let origin: String
  }

  let name: String
  let parts: [Part]
  /// At most this many candidates.
  let indices: Int
  /// Whether every index holds one.
  let isExact: Bool
  let examples: [Example]

  init(_ file: SpaceFile) {
    name = file.name
    parts = file.parts.map { Part(kind: $0.kind, indices: $0.count) }
    indices = file.space.count
    isExact = file.space.isDense
    var examples: [Example] = []
    var start = 0
    // Sparse spaces can begin with many empty indices; a million are looked at.
    while examples.count < 10, start < min(file.space.count, 1 << 20) {
      let end = min(file.space.count, start + 1024)
      file.space.forEach(in: start..<end) { index, composition in
        if examples.count < 10, file.filter.rejects(composition) == nil {
          examples.append(Example(index: index, formula: composition.formula, origin: file.space.label(at: index)))
        }
      }
      start = end
    }
    self.examples = examples
  }

  func print(json: Bool) throws {
    if json {
      try printJSON(self)
      return
    }
    Swift.print("\(name): \(isExact ? "" : "at most ")\(indices.grouped) candidates")
    for part in parts { Swift.print("  \(part.kind): \(part.indices.grouped)") }
    for example in examples {
      Swift.print("  \(example.index): \(example.formula)\(example.origin.isEmpty ? "" : "  (\(example.origin))")")
    }
  }
}
