import Foundation
import TestSupport
import Testing

/// Screening from the command line: outputs, shards, stopping and resuming.
@Suite struct ScreenCommandTests {
  static let space = """
    name = "garnets"
    [[space]]
    kind = "substitution"
    host = "Li7La3Zr2O12"
    [[space.site]]
    replace = "La"
    by = ["Ca2+", "Sr2+", "Y3+"]
    fractions = { from = 0.02, to = 0.3, step = 0.02 }
    mix = 2
    [[space.site]]
    replace = "Zr"
    by = ["Ta5+", "Nb5+", "W6+"]
    fractions = { from = 0.1, to = 0.5, step = 0.1 }
    mix = 2
    """

  /// A folder with a space and a model.
  private func withJob(_ body: (String, [String]) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Data(Self.space.utf8).write(to: URL(fileURLWithPath: "\(folder)/space.toml"))
      let trained = try Program.run([
        "train", "Datasets/landmark-electrolytes.csv", "--target", "conductivity_S_cm", "--log10", "--group-column", "doi",
        "--model", "gp", "-o", "\(folder)/c.model",
      ])
      try #require(trained.status == 0, "\(trained.errors)")
      try body(folder, ["screen", "\(folder)/space.toml", "--model", "c=\(folder)/c.model", "--top", "30", "--quiet"])
    }
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  @Test func shardsMergeToTheSameFilesInEveryFormat() throws {
    try withJob { folder, job in
      for number in 1...3 {
        let shard = try Program.run(job + ["--shard", "\(number)/3", "--threads", "\(number)", "-o", "\(folder)/parts/\(number).shard"])
        #expect(shard.status == 0, "\(shard.errors)")
      }
      for ending in ["csv", "jsonl", "sqlite"] {
        #expect(try Program.run(job + ["-o", "\(folder)/whole.\(ending)"]).status == 0)
        #expect(try Program.run(["merge", "\(folder)/parts", "-o", "\(folder)/merged.\(ending)", "--quiet"]).status == 0)
        #expect(try bytes("\(folder)/whole.\(ending)") == bytes("\(folder)/merged.\(ending)"), "\(ending)")
        #expect(try bytes("\(folder)/whole.\(ending).provenance.json") == bytes("\(folder)/merged.\(ending).provenance.json"))
      }
      let lines = String(decoding: try bytes("\(folder)/whole.csv"), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 31)
      #expect(lines[0].hasPrefix("rank,formula,score,c,c_std,c_lower,c_upper,c_domain,feasible,"))
      #expect(try bytes("\(folder)/whole.sqlite").starts(with: Data("SQLite format 3".utf8)))

      try FileManager.default.removeItem(atPath: "\(folder)/parts/2.shard")
      let incomplete = try Program.run(["merge", "\(folder)/parts", "-o", "\(folder)/x.csv"])
      #expect(incomplete.status == 3 && incomplete.errors.contains("missing shard 2/3"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/x.csv"))
    }
  }

  @Test func aTerminatedRunResumesToTheSameBytes() throws {
    try withJob { folder, job in
      #expect(try Program.run(job + ["-o", "\(folder)/whole.csv"]).status == 0)
      let process = Process()
      process.executableURL = Program.url
      process.arguments = job + ["-o", "\(folder)/stopped.csv"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      usleep(400_000)
      process.terminate()
      process.waitUntilExit()
      // On a fast machine it may have been through already.
      if process.terminationStatus != 0 {
        #expect(process.terminationStatus == 4)
        #expect(FileManager.default.fileExists(atPath: "\(folder)/stopped.csv.checkpoint"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/stopped.csv"))
        #expect(try Program.run(job + ["-o", "\(folder)/stopped.csv", "--resume"]).status == 0)
      }
      #expect(try bytes("\(folder)/whole.csv") == bytes("\(folder)/stopped.csv"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/stopped.csv.checkpoint"))
    }
  }

  @Test func mistakesInASpaceFileAreNamed() throws {
    try withTemporaryFolder { folder in
      try Data("[[space]]\nkind = \"palette\"\nelements = [\"Li\", \"Qq\"]\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/s.toml"))
      let outcome = try Program.run(["screen", "\(folder)/s.toml", "--describe"])
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("s.toml:3: elements: \"Qq\" is no element; "))
    }
  }

  @Test func scriptsForSlurmHoldTheJob() throws {
    try withJob { folder, job in
      let outcome = try Program.run(job + ["--slurm", "--shards", "8", "--sbatch=--partition=short", "-o", "\(folder)/best.csv"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let array = String(decoding: try bytes("\(folder)/best.csv.array.sbatch"), as: UTF8.self)
      #expect(array.contains("#SBATCH --partition=short") && array.contains("/8\" --threads 1 --resume"))
      #expect(array.contains("'c=\(folder)/c.model'"))
      #expect(String(decoding: try bytes("\(folder)/best.csv.merge.sbatch"), as: UTF8.self).contains("merge '\(folder)/best.csv.shards' -o '\(folder)/best.csv'"))
    }
  }
}
