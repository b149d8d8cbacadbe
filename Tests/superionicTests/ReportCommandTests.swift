import FileIO
import Foundation
import TestSupport
import Testing

struct ReportCommandTests {
  private static let measured = [
    "Datasets/landmark-electrolytes.csv", "--target", "conductivity_S_cm", "--log10", "--temperature-column", "temperature_C",
    "--group-column", "doi", "--model", "ridge", "--folds", "2", "--quiet",
  ]

  @Test func oneFileHasEverySectionAndTheSameBytesForAnyThreads() throws {
    try withTemporaryFolder { folder in
      let candidates = "\(folder)/candidates.csv"
      try FileContents.write(Data("formula,note\nLi6PS5Br,a\nLi3InCl6,b\nqq,c\nLi3PS4,d\n".utf8), to: candidates)
      var pages: [Data] = []
      for threads in ["1", "2"] {
        let path = "\(folder)/report-\(threads).html"
        let outcome = try Program.run(["report"] + Self.measured + ["--candidates", candidates, "--threads", threads, "--contributions", "2", "--json", "-o", path])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let summary = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(summary["sections"] as? [String] == ["data", "validation", "ranking", "stability", "provenance"])
        #expect(summary["rows"] as? Int == 306 && summary["candidates"] as? Int == 3)
        pages.append(try FileContents.read(path))
      }
      #expect(pages[0] == pages[1])
      let html = String(decoding: pages[0], as: UTF8.self)
      // The rejected candidate is named with its way out.
      #expect(html.contains("Candidates left out") && html.contains("qq"))
      #expect(html.contains("details of the first 2 rows") && html.contains("\"contributions\":"))
      #expect(html.contains("Calibration of intervals") && html.contains("Learning curve") && html.contains("Residuals by family"))
      let digest = try Digest.sha256(FileContents.read(Program.repository.appendingPathComponent("Datasets/landmark-electrolytes.csv").path))
      #expect(html.contains(digest))
    }
  }

  @Test func hostileColumnsAndFormulasStayTexts() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/hostile.html"
      let outcome = try Program.run([
        "report", "Tests/Browser/hostile.csv", "--target", "\"><img src=x onerror=alert(1)>", "--group-column", "group<b>", "--model", "ridge",
        "--folds", "2", "--candidates", "Tests/Browser/hostile-candidates.csv", "--title", "</title><script>alert(2)</script>", "-o", path,
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("hostile.csv:"))
      let html = String(decoding: try FileContents.read(path), as: UTF8.self)
      #expect(html.ranges(of: "<script").count == 2 && html.ranges(of: "</script>").count == 2)
      #expect(!html.contains("<img") && !html.contains("<b>") && html.firstMatch(of: /<svg[^>]*\sonload/) == nil)
      #expect(html.contains("alert(6)"))
    }
  }

  @Test func aRankingAloneIsAReport() throws {
    try withTemporaryFolder { folder in
      let ranking = "\(folder)/ranking.csv"
      try FileContents.write(Data("rank,formula,sigma,sigma_std\n1,Li6PS5Cl,-2.5,1\n2,Li3PS4,-3.5,1\n".utf8), to: ranking)
      let outcome = try Program.run(["report", "--ranking", ranking, "--system", "Li-P-S", "-o", "-"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("<!DOCTYPE html>") && outcome.output.contains("Hull of Li–P–S"))
    }
  }

  @Test(arguments: [
    ([], "nothing to report"), (["Datasets/landmark-electrolytes.csv"], "--target"), (["--candidates", "Datasets/candidates.csv"], "need a model"),
    (["--ranking", "a.csv", "--candidates", "b.csv"], "not both"), (["--ranking", "a.csv", "--system", "Li-Qq"], "element symbols"),
    (["--ranking", "a.csv", "--model", "oracle"], "kind of model"), (["--ranking", "a.csv", "--contributions=-1"], "number of candidates"),
  ])
  func wrongUsageSaysWhatToDo(arguments: [String], message: String) throws {
    let outcome = try Program.run(["report"] + arguments + ["-o", "/dev/null"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
