import FileIO
import Foundation
import TestSupport
import Testing

import DatasetRegistry

@Suite struct DatasetFetcherTests {
  static let contents = Data("formula,eV_per_atom\nLi2O,-2.07\n".utf8)

  static func dataset(address: String = "", sha256: String = Digest.sha256(contents)) -> PublicDataset {
    PublicDataset(
      name: "small", rows: 1, file: "small.csv", address: address, sha256: sha256, licence: "", citation: "",
      description: "")
  }

  @Test func theRegistryHasAnswersToWhatItIsAsked() throws {
    let all = try PublicDataset.all()
    #expect(Set(all.map(\.name)).count == all.count && all.count > 20)
    for one in all {
      #expect(one.sha256.count == 64 && one.sha256.allSatisfy(\.isHexDigit), "\(one.name)")
      #expect(one.rows > 0 && !one.citation.isEmpty && !one.file.isEmpty, "\(one.name)")
    }
    #expect(throws: DatasetError.unknown("obelix_trian", suggestion: "obelix_train")) {
      try PublicDataset.named("obelix_trian", among: all)
    }
  }

  @Test(.enabled(if: SharedData.has("obelix_train.csv"), "needs ../shared/datasets"))
  func digestsAreThoseOfTheSharedFiles() throws {
    for one in try PublicDataset.all() where one.address.isEmpty {
      try withTemporaryFolder { target in
        let url = try #require(SharedData.url(one.file))
        try DatasetFetcher().fetch(one, from: url.path, to: target + "/copy.csv")
        #expect(try FileContents.read(target + "/copy.csv").count > 0)
      }
    }
  }

  @Test func aFolderAFileAndAServerGiveTheSameBytes() throws {
    try withTemporaryFolder { folder in
      try FileContents.write(Self.contents, to: folder + "/small.csv")
      let server = try LoopbackServer(serving: ["/mirror/small.csv": Self.contents])
      defer { server.stop() }
      let base = "http://127.0.0.1:\(server.port)/mirror/"
      for source in [folder, folder + "/small.csv", base, base + "small.csv"] {
        try DatasetFetcher().fetch(Self.dataset(), from: source, to: folder + "/out.csv")
        #expect(try FileContents.read(folder + "/out.csv") == Self.contents, "\(source)")
        try FileManager.default.removeItem(atPath: folder + "/out.csv")
      }
      try DatasetFetcher().fetch(Self.dataset(address: base + "small.csv"), from: nil, to: folder + "/out.csv")
      #expect(try FileContents.read(folder + "/out.csv") == Self.contents)
      #expect(throws: DatasetError.refused(base + "other.csv", status: 404)) {
        try DatasetFetcher().fetch(Self.dataset(), from: base + "other.csv", to: folder + "/none.csv")
      }
    }
  }

  @Test func alteredBytesAreNotWritten() throws {
    try withTemporaryFolder { folder in
      try FileContents.write(Data("formula\n".utf8), to: folder + "/small.csv")
      #expect(throws: DatasetError.self) {
        try DatasetFetcher().fetch(Self.dataset(), from: folder, to: folder + "/out.csv")
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/out.csv"))
      #expect(throws: DatasetError.noAddress("small")) {
        try DatasetFetcher().fetch(Self.dataset(), from: nil, to: folder + "/out.csv")
      }
    }
  }
}
