import FileIO
import Foundation
import TestSupport
import Testing

@Suite struct FileContentsTests {
  @Test func writesAndReadsThroughNewFolders() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a/b/c.txt"
      try FileContents.write(Data("one".utf8), to: path)
      try FileContents.write(Data("two".utf8), to: path)
      #expect(try FileContents.read(path) == Data("two".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/b") == ["c.txt"])
    }
  }

  @Test func failuresNameThePath() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.notFound(folder + "/x")) { try FileContents.read(folder + "/x") }
      #expect(throws: FileError.isDirectory(folder)) { try FileContents.read(folder) }
      try FileContents.write(Data(), to: folder + "/file")
      let error = #expect(throws: FileError.self) {
        try FileContents.write(Data(), to: folder + "/file/below")
      }
      #expect(error?.description.hasPrefix("\(folder)/file/below: cannot be written (") == true)
    }
  }

  @Test func digestOfAKnownText() {
    // FIPS 180-4, the example "abc".
    #expect(
      Digest.sha256(Data("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
