import CandidateSpaces
import Chemistry
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct SpaceFileTests {
  @Test(arguments: [
    ("", "space.toml:1: no space; add [[space]]"),
    ("[[space]]\nkind = \"pallette\"", "space.toml:2: kind: \"pallette\" is no kind of space; did you mean \"palette\"?"),
    ("[[space]]\nkind = \"palette\"\nelements = [\"Li\", \"Xx\", \"O\"]", "space.toml:3: elements: \"Xx\" is no element"),
    ("[[space]]\nkind = \"palette\"\nelements = [\"Li\", \"O\", \"S\"]\nmax-amuont = 4", "space.toml:4: max-amuont: is no option here; did you mean \"max-amount\"?"),
    ("[[space]]\nkind = \"palette\"\nelements = [\"Li\", \"O\", \"S\"]\nmax-amount = 0", "space.toml:4: max-amount: 0 is out of range; write a whole number from 1 to 100"),
    ("[[space]]\nkind = \"substitution\"\nhost = \"Li7La3Zr2O12\"\n[[space.site]]\nreplace = \"Zr\"\nby = [\"Ta\"]\n", "space.toml:4: fractions is missing"),
    ("[[space]]\nkind = \"substitution\"\nhost = \"Li7La3Zr2O12\"\n[[space.site]]\nreplace = \"Zr\"\nby = [\"Mn\"]\nfractions = 0.1", "space.toml:6: by: \"Mn\" has several common charges"),
    ("[[space]]\nkind = \"substitution\"\nhost = \"Li7Laa3\"", "space.toml:3: host: "),
    ("[[space]]\nkind = \"list\"\nfile = \"nowhere.csv\"", "space.toml:3: file: "),
    ("[[space]]\nkind = \"list\nx", "space.toml:2: column "),
    ("[[space]]\nkind = \"solid-solution\"\nendmembers = [\"LiF\"]", "space.toml:3: endmembers: at least two"),
    ("[[space]]\nkind = \"mixture\"\npolymers = [\"C2H4O\"]", "space.toml:1: salts is missing"),
    ("[[space]]\nkind = \"list\"\nformulas = [\"LiF\"]\n[filter]\nmax-price = \"cheap\"", "space.toml:5: max-price: is a text, not a number"),
  ]) func errorsNameLineKeyAndWayOut(text: String, start: String) {
    let found = failure(text)
    #expect(found.hasPrefix(start), "\(found)")
    #expect(found.contains("; "))
  }

  @Test func spacesFollowOneAnother() throws {
    let file = try space("[[space]]\nkind = \"list\"\nformulas = [\"LiF\", \"LiCl\"]\n[[space]]\nkind = \"list\"\nformulas = [\"NaF\"]")
    #expect(file.space.count == 3 && file.space.isDense)
    #expect(file.space.candidate(at: 2)?.formula == "NaF")
    var seen: [Int] = []
    file.space.forEach(in: 1..<3) { index, _ in seen.append(index) }
    #expect(seen == [1, 2])
  }

  @Test func badRowsOfAListAreReported() throws {
    try withTemporaryFolder { folder in
      try Data("formula\nLi3PS4\nnonsense\nLi3N\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/list.csv"))
      let file = try space("[[space]]\nkind = \"list\"\nfile = \"list.csv\"", folder: folder)
      #expect(file.space.count == 3)
      #expect(file.diagnostics.map(\.location.line) == [3])
      #expect(file.space.candidate(at: 1) == nil)
      #expect(file.space.candidate(at: 2)?.formula == "Li3N")
    }
  }

  @Test func mixturesHoldEveryCombination() throws {
    let file = try space(
      """
      [[space]]
      kind = "mixture"
      polymers = ["C2H4O"]
      salts = ["LiClO4", "LiPF6"]
      fillers = ["Al2O3"]
      repeat-units-per-salt = [10, 20]
      filler-mass-percent = [0, 10]
      """)
    #expect(file.space.count == 8)
    let filled = try #require((0..<8).first { file.space.label(at: $0) == "10 C2H4O (matrix) + 1 LiClO4 (salt) + 10 wt% Al2O3" })
    let mixture = try #require(file.space.candidate(at: filled))
    let alumina = mixture[Element("Al")!] / 2 * (try Composition(formula: "Al2O3")).molarMass
    #expect(isClose(alumina / mixture.molarMass, 0.1, relative: 1e-6))
    #expect(mixture[.lithium] == 1)
    // The label is a formula for the same.
    let read = try Composition(formula: file.space.label(at: filled))
    #expect(read.isClose(to: mixture, tolerance: 1e-8))
    #expect(read.mixture?.components.map(\.role) == [.matrix, .salt, .inertFiller])
    #expect(mixture.mixture?.components.map(\.role) == [.matrix, .salt, .inertFiller])
  }

  @Test func mixturesKnowAbbreviations() throws {
    let file = try space(
      "[[space]]\nkind = \"mixture\"\npolymers = [\"PEO\"]\nsalts = [\"LiTFSI\"]\nfillers = [\"LLZO\"]\nrepeat-units-per-salt = [18]\nfiller-mass-percent = [5]\n")
    let mixture = try #require(file.space.candidate(at: 0)?.mixture)
    #expect(mixture.etherOxygenPerLithium == 18 && isClose(mixture.massFraction(of: .activeFiller), 0.05, relative: 1e-9))
  }

  /// Valid files, mutated at random until a thousand of them are malformed: every error names the
  /// file and a line, and says what to do; nothing crashes.
  @Test func aThousandMalformedFilesGiveClearErrors() throws {
    let originals = [
      HostSpaceTests.garnet,
      "name = \"x\"\n[[space]]\nkind = \"palette\"\nrequire = [\"Li\"]\nelements = [\"@chalcogens\", \"P\", \"!Te\"]\narity = 3\nmax-amount = 4\noxidation-states = \"icsd24\"\n[filter]\nmax-price = 100\nexclude = [\"Cd\"]\n",
      "[[space]]\nkind = \"template\"\nformula = \"Li{?}[A]{x}Ti{2-x}(PO4)3\"\n[space.places]\nA = [\"Al3+\", \"Ga3+\"]\n[space.variables]\nx = { from = 0, to = 0.5, step = 0.1 }\n[space.charges]\nTi = 4\nP = 5\n",
      "[[space]]\nkind = \"mixture\"\npolymers = [\"C2H4O\"]\nsalts = [\"LiClO4\"]\nrepeat-units-per-salt = [8, 12]\n[[space]]\nkind = \"solid-solution\"\nendmembers = [\"LiF\", \"LiCl\"]\ndivisions = 10\n",
    ]
    var generator = SeededGenerator(seed: 8)
    let alphabet = Array("\"[]{}=,.#\n-+09aZxé\u{0}\u{7f}")
    var malformed = 0
    var lines = Set<String>()
    // More on request: MUTATIONS=100000.
    let wanted = ProcessInfo.processInfo.environment["MUTATIONS"].flatMap(Int.init) ?? 1000
    while malformed < wanted {
      var text = Array(originals[generator.index(below: originals.count)])
      for _ in 0...generator.index(below: 3) {
        let place = generator.index(below: text.count)
        switch generator.index(below: 5) {
        case 0: text.remove(at: place)
        case 1: text.insert(alphabet[generator.index(below: alphabet.count)], at: place)
        case 2: text[place] = alphabet[generator.index(below: alphabet.count)]
        case 3: text.swapAt(place, generator.index(below: text.count))
        default: text.removeSubrange(place..<min(text.count, place + 1 + generator.index(below: 12)))
        }
        if text.isEmpty { break }
      }
      do {
        _ = try space(String(text))
      } catch {
        malformed += 1
        let description = "\(error)"
        let parts = description.split(separator: ":", maxSplits: 2)
        let line = parts.count == 3 ? Int(parts[1]) : nil
        #expect(parts.first == "space.toml" && line != nil && description.contains("; "), "\(description)")
        #expect((1...(text.count { $0 == "\n" } + 2)).contains(line ?? 0), "\(description)")
        lines.insert(description)
      }
    }
    #expect(lines.count > 300, "errors are about what is wrong, not one text for all")
  }
}
