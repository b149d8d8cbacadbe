import CandidateSpaces
import Chemistry
import Foundation
import LinearAlgebra
import Testing

@Suite struct PaletteSpaceTests {
  /// See Golden/SmactCounts.md.
  static let smactCounts: [(name: String, text: String, count: Int)] = [
    (
      "Cs-Pb-I",
      "elements = [\"Cs\", \"Pb\", \"I\"]\narity = 3\nmax-amount = 5\noxidation-states = \"icsd24\"", 17
    ),
    ("pairs", "elements = [\"@all\"]\narity = 2\noxidation-states = \"smact14\"", 13_464),
    (
      "chalcohalides",
      """
      oxidation-states = "smact14"
      [[space.choose]]
      from = ["@all", "!@halogens", "!O", "!S", "!Se", "!Te"]
      [[space.choose]]
      from = ["O", "S", "Se", "Te"]
      [[space.choose]]
      from = ["@halogens"]
      """, 150_291
    ),
    (
      "lithium chalcohalides",
      """
      oxidation-states = "icsd24"
      require = ["Li"]
      [[space.choose]]
      from = ["@all", "!@halogens", "!@chalcogens", "!Li"]
      [[space.choose]]
      from = ["O", "S"]
      [[space.choose]]
      from = ["@halogens"]
      """, 626_014
    ),
  ]

  @Test(arguments: smactCounts) func countsAgreeWithSMACT(name: String, text: String, count: Int) throws {
    let file = try space("[[space]]\nkind = \"palette\"\n" + text)
    var found = 0
    file.space.forEach(in: 0..<file.space.count) { _, _ in found += 1 }
    #expect(found == count, "\(name)")
  }

  @Test func triplesOfAllElementsAgreeWithSMACT() throws {
    let file = try space("[[space]]\nkind = \"palette\"\nelements = [\"@all\"]\narity = 3\noxidation-states = \"smact14\"")
    let palette = try #require(file.space.spaces.first as? PaletteSpace)
    let counter = CountingTotal()
    Threads.forEachChunk(of: palette.count, chunkSize: 1 << 20) { counter.add(palette.countCandidates(in: $0)) }
    #expect(counter.total == 10_779_441)
  }

  @Test func everyCandidateIsFoundByItsIndexAloneAndOnce() throws {
    let file = try space(
      "[[space]]\nkind = \"palette\"\nrequire = [\"Li\"]\nelements = [\"Li\", \"P\", \"Ge\", \"S\", \"Cl\"]\narity = 3\nmax-amount = 6")
    var byRange: [Int: Composition] = [:]
    file.space.forEach(in: 0..<file.space.count) { byRange[$0] = $1 }
    #expect(!byRange.isEmpty)
    for index in 0..<file.space.count { #expect(file.space.candidate(at: index) == byRange[index]) }
    #expect(Set(byRange.values.map(\.normalized)).count == byRange.count)
    // Any cut of the range gives the same.
    var byParts: [Int: Composition] = [:]
    for start in stride(from: 0, to: file.space.count, by: 37) {
      file.space.forEach(in: start..<min(start + 37, file.space.count)) { byParts[$0] = $1 }
    }
    #expect(byParts == byRange)
  }

  @Test func knownElectrolytesAreInTheirPalette() throws {
    let file = try space(
      "[[space]]\nkind = \"palette\"\nelements = [\"Li\", \"P\", \"S\"]\narity = 3\nmax-amount = 12\noxidation-states = \"icsd24\"")
    var formulas = Set<String>()
    file.space.forEach(in: 0..<file.space.count) { formulas.insert($1.reducedFormula) }
    #expect(formulas.contains("Li3PS4") && formulas.contains("Li7P3S11"))
    #expect(!formulas.contains("LiPS7"))
  }

  @Test func tooManyAmountsAreRefused() {
    #expect(
      failure("[[space]]\nkind = \"palette\"\nelements = [\"@all\"]\narity = 8\nmax-amount = 90").contains("too many amounts"))
  }
}

/// A sum that threads add to.
final class CountingTotal: @unchecked Sendable {
  private var value = 0
  private let lock = NSLock()

  func add(_ part: Int) { lock.withLock { value += part } }
  var total: Int { lock.withLock { value } }
}
