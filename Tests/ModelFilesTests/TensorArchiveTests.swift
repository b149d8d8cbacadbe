import ModelFiles
import Testing

@Suite struct TensorArchiveTests {
  @Test func nestedArchivesComeBackUnderTheirPrefix() throws {
    var inner = TensorArchive()
    inner.set("w", [1.0, 2])
    inner.set("kind", text: "ridge")
    var outer = TensorArchive()
    outer.nest(inner, under: "member.0")
    outer.set("member.00.w", [9.0])
    #expect(outer.nested(under: "member.0") == inner)
    #expect(try outer.doubles("member.0.w") == [1, 2])
  }

  @Test func wrongContentsSaySo() throws {
    var archive = TensorArchive()
    archive.set("w", [1.0, 2])
    #expect(throws: ArchiveError.missing("v")) { try archive.doubles("v") }
    #expect(throws: ArchiveError.wrongType("w")) { try archive.integers("w") }
    #expect(throws: ArchiveError.wrongShape("w", expected: [3], found: [2])) {
      try archive.doubles("w", shape: [3])
    }
    #expect(throws: ArchiveError.missing("kind")) { try archive.text("kind") }
  }
}
