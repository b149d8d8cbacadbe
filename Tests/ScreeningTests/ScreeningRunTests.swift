import CandidateSpaces
import Chemistry
import Foundation
import LinearAlgebra
import Modeling
import Screening
import Synchronization
import TestSupport
import Testing

@Suite struct ScreeningRunTests {
  @Test func findsWhatPredictingEveryCandidateFinds() throws {
    let job = try Fixture.job(models: [("y", .ridge)])
    let result = try ScreeningResult(Fixture.whole(job))
    // One by one, by the definition.
    let model = job.models[0].model
    var best: [(mean: Double, formula: String)] = []
    var seen = Set<FormulaKey>()
    var compositions: [Composition] = []
    job.space.space.forEach(in: 0..<job.space.space.count) { _, composition in
      if job.space.filter.rejects(composition) == nil, seen.insert(FormulaKey(composition)).inserted { compositions.append(composition) }
    }
    let prediction = try model.predict(compositions.map { Sample(formula: "", composition: $0) }, temperature: 25)
    best = zip(prediction.mean, compositions).map { ($0, $1.formula) }.sorted { $0.mean > $1.mean }
    #expect(result.rows.count == 40)
    expectClose(result.rows.map(\.score), best.prefix(40).map(\.mean), relative: 1e-9, "scores")
    #expect(result.tally.candidates > 3000)
    #expect(abs(result.distinctEstimate / Double(result.tally.candidates) - 1) < 0.05)
    #expect(Set(result.rows.map(\.formula)).count == 40)
  }

  @Test(arguments: [ModelKind.gp, .boosting]) func shardsAndThreadsGiveTheSameBytes(kind: ModelKind) throws {
    let job = try Fixture.job(models: [("y", kind), ("z", .ridge)]) {
      $0.rule = .upper
      $0.constraints = [Constraint(name: "z", isUpperBound: true, bound: 5)]
    }
    try withTemporaryFolder { folder in
      let threads = Threads.limit
      defer { Threads.limit = threads }
      Threads.limit = 1
      try Fixture.whole(job).write(to: "\(folder)/whole")
      let expected = try ScreeningResult(ShardFile(reading: "\(folder)/whole"))
      #expect(expected.tally.infeasible > 0)
      for count in [1, 2, 7, 64] {
        Threads.limit = 1 + count % 3
        var paths: [String] = []
        for number in 1...count {
          let path = "\(folder)/\(count)-\(number).shard"
          let run = ScreeningRun(job: job, shard: try ShardNumber(parsing: "\(number)/\(count)"))
          try #require(try run.run()).write(to: path)
          paths.append(path)
        }
        // Any order.
        let merged = try ScreeningResult(ShardFile.merging(paths.reversed()))
        #expect("\(merged)" == "\(expected)", "\(count) shards")
      }
      // A merge of merges is the merge.
      let left = try ShardFile.merging((1...3).map { "\(folder)/7-\($0).shard" })
      let right = try ShardFile.merging((4...7).map { "\(folder)/7-\($0).shard" })
      #expect(!left.isComplete && left.missing == ["4/7", "5/7", "6/7", "7/7"])
      try left.write(to: "\(folder)/left.shard")
      try right.write(to: "\(folder)/right.shard")
      #expect("\(try ScreeningResult(ShardFile.merging(["\(folder)/right.shard", "\(folder)/left.shard"])))" == "\(expected)")
    }
  }

  @Test func stoppedRunsGoOnWhereTheyWere() throws {
    let job = try Fixture.job()
    let expected = try ScreeningResult(Fixture.whole(job))
    try withTemporaryFolder { folder in
      var run = ScreeningRun(job: job)
      run.checkpoint = "\(folder)/checkpoint"
      var earlier: ShardFile?
      var stops = 0
      while true {
        let asked = Atomic(0)
        // Stops after one wave.
        let finished = try run.run(resuming: earlier, shouldStop: { asked.add(1, ordering: .relaxed).oldValue == 1 })
        if let finished {
          #expect("\(try ScreeningResult(finished))" == "\(expected)")
          break
        }
        earlier = try ShardFile(reading: "\(folder)/checkpoint")
        stops += 1
      }
      #expect(stops >= 2)
      // A checkpoint is no shard, and belongs to its job.
      #expect(throws: ShardError.self) { try ShardFile.merging(["\(folder)/checkpoint"]) }
      let other = try Fixture.job { $0.top = 41 }
      #expect(throws: ShardError.otherJob("the checkpoint", differs: "other settings")) {
        try ScreeningRun(job: other).run(resuming: earlier)
      }
    }
  }

  @Test func mergeRefusesWhatDoesNotBelongTogether() throws {
    try withTemporaryFolder { folder in
      let job = try Fixture.job()
      let other = try Fixture.job { $0.rule = .lower }
      for (name, job, number) in [("a", job, "1/2"), ("b", job, "2/2"), ("c", other, "2/2"), ("d", job, "1/2")] {
        try #require(try ScreeningRun(job: job, shard: ShardNumber(parsing: number)).run()).write(to: "\(folder)/\(name)")
      }
      #expect(throws: Never.self) { try ShardFile.merging(["\(folder)/a", "\(folder)/b"]) }
      #expect(throws: ShardError.otherJob("\(folder)/c", differs: "other settings")) { try ShardFile.merging(["\(folder)/a", "\(folder)/c"]) }
      #expect(throws: ShardError.overlapping("the files before", "\(folder)/d")) { try ShardFile.merging(["\(folder)/a", "\(folder)/d"]) }
      let half = try ShardFile.merging(["\(folder)/a"])
      #expect(throws: ShardError.missing(["2/2"])) { try ScreeningResult(half) }
      // A flipped byte is noticed.
      var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a"))
      bytes[bytes.count - 100] ^= 1
      try bytes.write(to: URL(fileURLWithPath: "\(folder)/e"))
      #expect(throws: ShardError.self) { try ShardFile(reading: "\(folder)/e") }
    }
  }

  /// The proof in `BlockEvaluator`, checked: the same best with and without pruning.
  @Test(arguments: AcquisitionRule.allCases) func pruningChangesNothing(rule: AcquisitionRule) throws {
    let text = """
      [[space]]
      kind = "solid-solution"
      endmembers = ["Li3PS4", "Li4SiS4", "Li4GeS4", "LiCl", "Li2O"]
      divisions = 50
      """
    let change = { (settings: inout ScreeningSettings) in
      settings.rule = rule
      settings.top = 25
      settings.constraints = [Constraint(name: "y", isUpperBound: true, bound: 6)]
    }
    let pruned = try ScreeningResult(Fixture.whole(Fixture.job(text, change: change)))
    let full = try ScreeningResult(Fixture.whole(Fixture.job(text) { change(&$0); $0.prunes = false }))
    #expect(full.tally.pruned == 0 && full.threshold == nil)
    if rule == .mean { #expect(pruned.tally.pruned > pruned.tally.candidates / 2) }
    #expect(pruned.rows.map(\.formula) == full.rows.map(\.formula))
    expectClose(pruned.rows.map(\.score), full.rows.map(\.score), relative: 1e-9, "scores")
  }

  @Test func minimisingFindsTheLeast() throws {
    let most = try ScreeningResult(Fixture.whole(Fixture.job(models: [("y", .ridge)])))
    let least = try ScreeningResult(Fixture.whole(Fixture.job(models: [("y", .ridge)]) { $0.objective = Objective(model: "y", isMinimised: true) }))
    #expect(least.rows[0].predictions[0].mean < most.rows[39].predictions[0].mean)
    #expect(least.rows[0].score == -least.rows[0].predictions[0].mean)
    #expect(zip(least.rows, least.rows.dropFirst()).allSatisfy { $0.predictions[0].mean <= $1.predictions[0].mean })
  }

  @Test(arguments: [1, 2, 7, 64, 1000]) func shardsCoverEveryTileOnce(count: Int) throws {
    for total in [0, 1, 5, 63, 64, 1_000_003] {
      var end = 0
      for number in 1...count {
        let tiles = try ShardNumber(parsing: "\(number)/\(count)").tiles(of: total)
        #expect(tiles.lowerBound == end)
        end = tiles.upperBound
      }
      #expect(end == total)
    }
  }

  @Test(arguments: ["", "1", "0/4", "5/4", "1/0", "-1/4", "a/b", "1/2/3", "1/99999999999999999999"])
  func badShardNumbersAreRefused(text: String) {
    #expect(throws: ShardError.badNumber(text)) { try ShardNumber(parsing: text) }
  }

  @Test func unknownModelsAreNamed() throws {
    #expect(throws: RankingError.unknownModel("z", known: ["y"])) { try Fixture.job { $0.objective = Objective(model: "z") } }
  }
}
