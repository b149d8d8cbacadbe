import ArgumentParser
import Chemistry
import LinearAlgebra
import Reports
import Synchronization

struct FuzzFormulas: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz-formulas", abstract: "Put generated texts through the formula parser and check its rules.",
    discussion: """
      Texts come from the grammar, half of them then damaged. What is read must read back from its printed form to the
      same value, on both paths of the parser; what is refused must be refused at one of its characters.

      Example:
        superionic bench fuzz-formulas --count 1000000 --seed 3
      """)

  @Option(help: "How many texts.")
  var count = 1_000_000

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count takes a number above 0") }
  }

  func run() throws {
    common.apply()
    let chunk = 10_000
    let totals = Mutex(FormulaFuzzer<SeededGenerator>.Totals())
    let progress = ProgressReporter("fuzzing", quiet: common.quiet || common.json)
    let seed = common.seed &* 0x9E37_79B9
    // A hundredth at a time, for the bar; every chunk has its own seed, so threads change nothing.
    let stride = max(chunk, count / 100 / chunk * chunk)
    for start in Swift.stride(from: 0, to: count, by: stride) {
      let end = min(count, start + stride)
      Threads.forEachChunk(of: end - start, chunkSize: chunk) { range in
        var fuzzer = FormulaFuzzer(generator: SeededGenerator(seed: seed &+ UInt64(start + range.lowerBound)))
        let own = fuzzer.run(range.count)
        totals.withLock { $0.add(own) }
      }
      progress.report(end, of: count)
    }
    let all = totals.withLock { $0 }
    if common.json {
      try printJSON(
        Summary(
          texts: all.texts, read: all.read, plain: all.plain, mixtures: all.mixtures, refused: all.refused,
          ambiguous: all.ambiguous, suggestions: all.suggestions, failures: all.failures))
    } else {
      print("\(all.texts.grouped) texts: \(all.read.grouped) read (\(all.plain.grouped) on the fast path, \(all.mixtures.grouped) mixtures), \(all.refused.grouped) refused (\(all.ambiguous.grouped) ambiguous), \(all.suggestions.grouped) suggestions read")
      for failure in all.failures { print(failure) }
      print(all.failures.isEmpty ? "no rule broken" : "at least \(all.failures.count) texts break a rule")
    }
    guard all.failures.isEmpty else { throw ExitCode(3) }
  }

  private struct Summary: Encodable {
    let texts: Int
    let read: Int
    let plain: Int
    let mixtures: Int
    let refused: Int
    let ambiguous: Int
    let suggestions: Int
    let failures: [String]
  }
}
