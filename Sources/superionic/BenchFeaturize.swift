import ArgumentParser
import Chemistry
import Descriptors
import Foundation
import LinearAlgebra
import Reports
import Tables

struct BenchFeaturize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "featurize", abstract: "Measure parsing, descriptors and oxidation states, beside matminer where it is.",
    discussion: """
      Formulas are repeated to --rows rows and featurized in blocks, each thread into a matrix of its own. GB/s:
      bytes of the matrix written, beside the rate of a large copy.

      Example:
        superionic bench featurize
        superionic bench featurize candidates.csv --peer python3
      """)

  @Argument(help: "A table with a column of formulas; the bundled electrolytes by default.")
  var table: String?

  @Option(help: "The column of formulas.")
  var formulaColumn = "formula"

  @Option(help: "Rows of each measurement.")
  var rows = 200_000

  @Option(help: "Sets to measure apart from magpie, each alone; all measures every one.")
  var descriptors: String?

  @Option(help: "A Python that has matminer.")
  var peer: String?

  @Option(help: "Formulas that the peer is given.")
  var sample = 200

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard rows > 0, sample > 0 else { throw ValidationError("--rows and --sample take numbers of at least 1") }
  }

  func run() throws {
    common.apply()
    let formulas = try readFormulas()
    let repeated = (0..<rows).map { formulas[$0 % formulas.count] }
    let compositions = repeated.compactMap { try? Composition(formula: $0) }
    let machine = MachineRate.measure()
    var steps: [Step] = []
    for threads in Set([1, Threads.limit]).sorted() {
      steps.append(Step(name: "parse", columns: 0, threads: threads, rows: rows, seconds: best { parse(repeated, threads) }))
      for names in ["magpie", "all"] {
        let set = try DescriptorSet(named: names)
        let own = best { featurize(compositions, set, threads) }
        steps.append(Step(name: names, columns: set.count, threads: threads, rows: rows, seconds: own))
        let both = best { featurize(strings: repeated, set, threads) }
        steps.append(Step(name: "\(names) from strings", columns: set.count, threads: threads, rows: rows, seconds: both))
      }
    }
    if let descriptors {
      for featurizer in try DescriptorSet(named: descriptors).featurizers {
        let set = DescriptorSet([featurizer])
        steps.append(
          Step(
            name: "\(featurizer.name) alone", columns: set.count, threads: 1, rows: rows,
            seconds: best { featurize(compositions, set, 1) }))
      }
    }
    let oxidation = OxidationTimes(formulas.compactMap { try? Composition(formula: $0) })
    let answer = try peer.map { try MatminerPeer(python: $0).magpie(Array(formulas.prefix(sample))) }
    let rate = steps.first { $0.name == "magpie from strings" && $0.threads == 1 }?.rate ?? .nan
    if common.json {
      return try printJSON(
        Document(
          copyBytesPerSecond: machine.memory, steps: steps, oxidationStates: oxidation,
          matminerPerSecond: answer.map { $0.rate }, ratio: answer.map { rate / $0.rate },
          largestRelativeDifference: answer.map { $0.difference }))
    }
    var text = TextTable([
      ("step", .left), ("threads", .right), ("columns", .right), ("rows/s", .right), ("µs/row", .right), ("GB/s", .right),
    ])
    for step in steps {
      let bytes = Double(step.columns * MemoryLayout<Double>.stride) * step.rate
      text.append([
        step.name, "\(step.threads)", step.columns == 0 ? "" : "\(step.columns)", step.rate.fixed(0),
        (1e6 / step.rate).fixed(3), step.columns == 0 ? "" : (bytes / 1e9).fixed(2),
      ])
    }
    for line in text.lines(width: common.width) { print(line) }
    print("copy of 64 MiB: \((machine.memory / 1e9).fixed(1)) GB/s; \(formulas.count) formulas repeated to \(rows) rows")
    print(
      "oxidation states of \(oxidation.formulas) formulas, µs: mean \(oxidation.mean.fixed(2)), "
        + "median \(oxidation.median.fixed(2)), p99 \(oxidation.p99.fixed(2)), max \(oxidation.max.fixed(1)); "
        + "neutral \(oxidation.neutral)")
    if let answer {
      print(
        "matminer, Magpie from strings, \(answer.count) formulas, one process: \(answer.rate.fixed(0)) rows/s; "
          + "we are \((rate / answer.rate).fixed(0)) times as fast; largest relative difference \(answer.difference)")
    }
  }

  private func readFormulas() throws -> [String] {
    let text: [String]
    if let table {
      text = try Table(reading: table).column(formulaColumn)
    } else {
      text = LandmarkFormulas.all
    }
    let usable = text.filter { (try? Composition(formula: $0)) != nil }
    guard !usable.isEmpty else { throw ValidationError("no formula of \(table ?? "the table") can be read") }
    return usable
  }

  private func best(_ body: () -> Void) -> Double { MachineRate.best(of: 3, body) }

  private static let block = 512

  private func parse(_ formulas: [String], _ threads: Int) {
    Threads.forEachChunk(of: formulas.count, chunkSize: 256, limit: threads) { range in
      var atoms = 0.0
      for i in range { atoms += (try? Composition(formula: formulas[i]))?.entries.first?.amount ?? 0 }
      // Nothing is negative; the sum has to be made.
      if atoms < 0 { print(atoms) }
    }
  }

  private func featurize(_ compositions: [Composition], _ set: DescriptorSet, _ threads: Int) {
    inBlocks(of: compositions, set, threads) { set.fill(&$0, for: $1, threads: 1) }
  }

  private func featurize(strings: [String], _ set: DescriptorSet, _ threads: Int) {
    inBlocks(of: strings, set, threads) { _ = set.fill(&$0, parsing: $1, threads: 1) }
  }

  /// Each thread fills a block of its own again and again, as a screening does, so that numbers stay in its cache.
  private func inBlocks<Row: Sendable>(
    of rows: [Row], _ set: DescriptorSet, _ threads: Int, _ fill: @Sendable (inout Matrix, [Row]) -> Void
  ) {
    Threads.forEachChunk(of: rows.count, chunkSize: (rows.count - 1) / threads + 1, limit: threads) { range in
      var matrix = Matrix(rows: min(Self.block, range.count), columns: set.count)
      var start = range.lowerBound
      while start < range.upperBound {
        let part = Array(rows[start..<min(start + Self.block, range.upperBound)])
        if part.count != matrix.rows { matrix = Matrix(rows: part.count, columns: set.count) }
        fill(&matrix, part)
        start += part.count
      }
    }
  }

  private struct Step: Encodable {
    let name: String
    let columns: Int
    let threads: Int
    let rows: Int
    let seconds: Double
    var rate: Double { Double(rows) / seconds }
  }

  private struct Document: Encodable {
    let copyBytesPerSecond: Double
    let steps: [Step]
    let oxidationStates: OxidationTimes
    let matminerPerSecond: Double?
    let ratio: Double?
    let largestRelativeDifference: Double?
  }
}

/// How long oxidation states take, formula by formula, in µs.
private struct OxidationTimes: Encodable {
  let formulas: Int
  let neutral: Int
  let mean: Double
  let median: Double
  let p99: Double
  let max: Double

  init(_ compositions: [Composition]) {
    let input = FeatureInput()
    let clock = ContinuousClock()
    var times: [Double] = []
    var neutral = 0
    for (round, composition) in (compositions + compositions).enumerated() {
      input.load(composition)
      let start = clock.now
      let isBalanced = input.assignOxidationStates()
      let duration = clock.now - start
      // The first round fills tables.
      if round >= compositions.count {
        times.append(Double(duration.components.attoseconds) * 1e-12 + Double(duration.components.seconds) * 1e6)
        if isBalanced { neutral += 1 }
      }
    }
    times.sort()
    formulas = times.count
    self.neutral = neutral
    mean = times.reduce(0, +) / Double(Swift.max(1, times.count))
    median = times.isEmpty ? 0 : times[times.count / 2]
    p99 = times.isEmpty ? 0 : times[Swift.min(times.count - 1, times.count * 99 / 100)]
    max = times.last ?? 0
  }
}
