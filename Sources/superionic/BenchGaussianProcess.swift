import ArgumentParser
import Foundation
import GaussianProcesses
import LinearAlgebra
import Modeling
import Regression
import Reports
import Tables

struct BenchGaussianProcess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gp", abstract: "Measure the Gaussian process, beside scikit-learn and GPyTorch where they are.",
    discussion: """
      Peers and we take turns in one run; times are medians. With --data, a folder of public data
      sets, fits and censored rows are measured on them too.

      Example:
        superionic bench gp --peer python3 --data ../shared/datasets
      """)

  @Option(help: "A Python that has scikit-learn, PyTorch and GPyTorch.")
  var peer: String?

  @Option(help: "A folder with obelix_train.csv and formation_energy_train.csv.", completion: .directory)
  var data: String?

  @Flag(help: "Also learn from all rows of formation_energy_train.csv: minutes.")
  var large = false

  @Flag(help: "With --large, also the exact process of all rows by conjugate gradients: minutes more.")
  var iterative = false

  @Option(help: "Inducing points of --large.")
  var inducing = 2000

  @Option(help: "Seconds that scikit-learn may maximise the likelihood of obelix_train (with --peer and --data).")
  var peerLimit = 120

  @Option(help: "Random ill-conditioned problems to fit.")
  var problems = 10_000

  @Option(help: "Runs of each timing.")
  var runs = 5

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let rate = MachineRate.measure().dgemm
    let findings = Findings(isSilent: common.json)
    findings.add("dgemm", ["rate": rate], "dgemm on \(Threads.limit) threads: \((rate / 1e9).fixed(1)) GFLOP/s")
    let peers = try peer.map { try PythonPeer(python: $0, script: GaussianProcessPeers.script) }
    for n in [478, 2000] { try likelihood(n: n, d: 146, rate: rate, peers: peers, findings) }
    try steps(n: 2000, d: 146, rate: rate, findings)
    try prediction(n: 2000, d: 146, rate: rate, peers: peers, findings)
    try prediction(n: 600, d: 132, rate: rate, peers: nil, findings)
    illConditioned(findings)
    if let data {
      try obelix(data, peers: peers, findings)
      if large { try formationEnergy(data, findings) }
    }
    let memory = BenchSummary.peakMemory
    findings.add(
      "peak memory", ["bytes": Double(memory)], "peak memory of the whole run: \((Double(memory) / 1_073_741_824).fixed(2)) GiB")
    if common.json { try printJSON(findings.entries) }
  }

  private func sample(n: Int, d: Int) -> (x: Matrix, y: [Double]) {
    var generator = SeededGenerator(seed: common.seed)
    let x = Matrix(rows: n, columns: d, elements: (0..<n * d).map { _ in generator.normal() })
    return (x, (0..<n).map { sin(x[$0, 0]) + 0.5 * x[$0, 1] + 0.3 * generator.normal() })
  }

  private func write(_ x: Matrix, _ y: [Double]) throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("superionic-bench-\(x.rows).bin")
    try (x.elements + y).withUnsafeBytes { try Data($0).write(to: url) }
    return url
  }

  private func likelihood(n: Int, d: Int, rate: Double, peers: PythonPeer?, _ findings: Findings) throws {
    let (x, y) = sample(n: n, d: d)
    let kernel = StationaryKernel(.matern52, lengthscales: [Double](repeating: Double(d).squareRoot(), count: d))
    let file = try write(x, y)
    defer { try? FileManager.default.removeItem(at: file) }
    var ours: [Double] = []
    var theirs: [Double] = []
    var slow: [Double] = []
    var values: [Double] = []
    for _ in 0..<runs {
      var value = 0.0
      let time = MachineRate.best(of: 1) {
        value =
          (try? LogMarginalLikelihood(kernel, noiseVariance: 0.1, at: x, residuals: y, withGradient: true))?.value
          ?? .nan
      }
      ours.append(time)
      values = [value]
      if let answer = peers?.ask("gpytorch-lml \(file.path) \(n) \(d) 0") {
        theirs.append(answer.time)
        values.append(answer.value ?? .nan)
      }
      if n < 1000, slow.isEmpty, let answer = peers?.ask("sklearn-lml \(file.path) \(n) \(d) 0") {
        slow.append(answer.time)
        values.append(answer.value ?? .nan)
      }
    }
    let work = Double(n * n) * (Double(n) + 3 * Double(d))
    var numbers = ["n": Double(n), "d": Double(d), "seconds": BenchSummary.median(ours), "shareOfDgemm": work / BenchSummary.median(ours) / rate]
    if !theirs.isEmpty { numbers["secondsGPyTorch"] = BenchSummary.median(theirs) }
    if !slow.isEmpty { numbers["secondsScikitLearn"] = BenchSummary.median(slow) }
    findings.add(
      "likelihood and gradient", numbers,
      "likelihood and gradient n \(n) d \(d) ARD: ours \((BenchSummary.median(ours) * 1e3).fixed(2)) ms"
        + " (\((work / BenchSummary.median(ours) / rate).fixed(2)) of dgemm)"
        + (theirs.isEmpty
          ? ""
          : ", GPyTorch \((BenchSummary.median(theirs) * 1e3).fixed(2)) ms, median ratio "
            + BenchSummary.median(zip(ours, theirs).map { $0 / $1 }).fixed(3))
        + (slow.isEmpty ? "" : ", scikit-learn \((BenchSummary.median(slow) * 1e3).fixed(0)) ms")
        + "; values \(values.map { $0.fixed(6) }.joined(separator: " "))")
  }

  private func steps(n: Int, d: Int, rate: Double, _ findings: Findings) throws {
    let (x, _) = sample(n: n, d: d)
    let kernel = StationaryKernel(.matern52, lengthscales: [Double](repeating: Double(d).squareRoot(), count: d))
    var covariance = kernel.matrix(x)
    let plain = covariance
    for i in 0..<n { covariance[i, i] += 0.1 }
    let factor = try Cholesky(of: covariance)
    let inverse = factor.inverse
    let cube = Double(n * n * n)
    let square = Double(n * n * d)
    for (name, work, body) in [
      ("Gram matrix", square, { _ = kernel.matrix(x) }),
      ("Cholesky", cube / 3, { _ = try? Cholesky(of: covariance) }),
      ("inverse", cube * 2 / 3, { _ = factor.inverse }),
      ("gradient", 3 * square, { _ = kernel.gradient(weights: inverse, at: x, covariance: plain) }),
    ] as [(String, Double, () -> Void)] {
      let time = MachineRate.best(of: runs, body)
      findings.add(
        name, ["n": Double(n), "d": Double(d), "seconds": time, "shareOfDgemm": work / time / rate],
        "  \(name) n \(n): \((time * 1e3).fixed(2)) ms, \((work / time / rate).fixed(2)) of dgemm")
    }
  }

  private func prediction(n: Int, d: Int, rate: Double, peers: PythonPeer?, _ findings: Findings) throws {
    let (x, y) = sample(n: n, d: d)
    // One evaluation settles nothing about speed, so the hyperparameters are those of the rule of thumb.
    let regressor = GaussianProcessRegressor(
      kernel: .matern(.matern52, lengthscales: [Double](repeating: Double(d).squareRoot(), count: d)), starts: 1)
    let model = try regressor.conditioned(on: TrainingSet(features: x, targets: y), noiseVariance: 0.1)
    let rows = 20_000
    var generator = SeededGenerator(seed: 3)
    let new = Matrix(rows: rows, columns: d, elements: (0..<rows * d).map { _ in generator.normal() })
    let file = try write(x, y)
    defer { try? FileManager.default.removeItem(at: file) }
    for precision in BlockPredictor.Precision.allCases {
      for rank in [nil, 256] as [Int?] {
        let predictor = BlockPredictor(model, precision: precision, rank: rank)
        let work = Double(2 * n * d + (rank.map { 2 * n * $0 } ?? n * n))
        let times = (0..<runs).map { _ in MachineRate.best(of: 1) { _ = try? predictor.predict(new) } }
        let speed = Double(rows) / BenchSummary.median(times)
        let best = Double(rows) / (times.min() ?? .nan)
        let some = new.selectingRows(0..<2000)
        let error = try predictor.measuredError(on: some)
        let bounds = try predictor.deviationBounds(some)
        let widths = zip(bounds.least, bounds.most).map { 0.5 * ($1 - $0) }
        let name = "mean and variance, \(precision.rawValue)\(rank.map { ", rank \($0)" } ?? "")"
        findings.add(
          name,
          [
            "n": Double(n), "d": Double(d), "rowsPerSecond": speed, "shareOfDgemm": work * speed / rate,
            "largestErrorOfMean": error.mean, "largestErrorOfDeviation": error.standardDeviation,
            "medianHalfWidth": BenchSummary.median(widths), "largestHalfWidth": widths.max() ?? 0,
          ],
          "\(name) from n \(n) d \(d): \(speed.fixed(0)) rows/s (best \(best.fixed(0))), "
            + "\((work * speed / rate).fixed(2)) of dgemm; largest error of mean \(error.mean), of deviation \(error.standardDeviation); "
            + "certified half-width of the deviation: median \(BenchSummary.median(widths)), largest \(widths.max() ?? 0)")
      }
    }
    for name in ["gpytorch", "sklearn"] {
      if let answer = peers?.ask("\(name)-predict \(file.path) \(n) \(d) 4000") {
        findings.add(
          "mean and variance, \(name)", ["n": Double(n), "d": Double(d), "rowsPerSecond": 4000 / answer.time],
          "  \(name): \((4000 / answer.time).fixed(0)) rows/s")
      }
    }
  }

  /// Near-duplicate rows, collinear and constant columns, wild scales, one to three rows.
  private func illConditioned(_ findings: Findings) {
    var generator = SeededGenerator(seed: common.seed)
    var failures = 0
    let clock = ContinuousClock()
    let start = clock.now
    for problem in 0..<problems {
      let n = 1 + generator.index(below: 12)
      let d = 1 + generator.index(below: 5)
      var x = Matrix(rows: n, columns: d, elements: (0..<n * d).map { _ in generator.normal() })
      for k in 0..<d {
        let scale = pow(10, 24 * generator.uniform() - 12)
        let kind = generator.index(below: 4)
        for i in 0..<n {
          if kind == 0 { x[i, k] = 7 } else if kind == 1, k > 0 { x[i, k] = 3 * x[i, 0] }
          x[i, k] *= scale
        }
      }
      for i in 1..<max(1, n) where generator.index(below: 3) == 0 {
        for k in 0..<d { x[i, k] = x[i - 1, k] * (1 + 1e-13 * generator.normal()) }
      }
      let size = pow(10, 16 * generator.uniform() - 8)
      let y = (0..<n).map { _ in size * generator.normal() }
      let profile = StationaryKernel.Profile.allCases[problem % 4]
      let censoring: [Censoring] = (0..<n).map { _ in generator.index(below: 4) == 0 ? .left : .none }
      let isFinite: Bool
      do {
        let set = try TrainingSet(features: x, targets: y, censoring: problem % 3 == 0 ? censoring : nil)
        let model = try GaussianProcessRegressor(profile: profile, usesARD: problem % 2 == 0, starts: 1).fit(set)
        let prediction = try model.predict(x)
        isFinite = (prediction.mean + prediction.standardDeviation).allSatisfy(\.isFinite)
      } catch {
        isFinite = false
      }
      if !isFinite { failures += 1 }
    }
    findings.add(
      "ill-conditioned problems", ["problems": Double(problems), "failures": Double(failures)],
      "\(problems) ill-conditioned problems: \(failures) failed or not finite, \(clock.now - start)")
  }

  private func measurements(_ folder: String) throws -> TrainingSet {
    let options = ModelingOptions(
      target: "conductivity_S_cm", log10: true, groupColumn: "doi", descriptors: "magpie", model: .gp)
    let rows = try Measurements(Table(reading: "\(folder)/obelix_train.csv"), options: options)
    return try rows.trainingSet(options: options)
  }

  private func obelix(_ folder: String, peers: PythonPeer?, _ findings: Findings) throws {
    let set = try measurements(folder)
    let clock = ContinuousClock()
    var model: GaussianProcess?
    let time = try clock.measure {
      model = try GaussianProcessRegressor(
        kernel: .matern(.matern52), usesARD: true, censoredRows: .measured, starts: 1
      ).fit(set)
    }
    if let model {
      var numbers = ["rows": Double(set.count), "seconds": time / .seconds(1), "logMarginalLikelihood": model.logMarginalLikelihood]
      var text =
        "ARD fit of obelix_train (\(set.count) × \(set.featureCount)) to convergence: \(time), "
        + "log marginal likelihood \(model.logMarginalLikelihood.fixed(3))"
      if let peers {
        // What the process learned from: standardised columns and targets.
        let moments = Standardizer.moments(of: set.targets)
        let x = Standardizer(of: set.features).standardize(set.features)
        let file = try write(x, set.targets.map { ($0 - moments.mean) / moments.deviation })
        defer { try? FileManager.default.removeItem(at: file) }
        if let answer = peers.ask("sklearn-fit \(file.path) \(x.rows) \(x.columns) \(peerLimit)"), let value = answer.value {
          numbers["secondsScikitLearn"] = answer.time
          numbers["logMarginalLikelihoodScikitLearn"] = value
          text += "; scikit-learn from the same start after \(answer.time.fixed(1)) s: \(value.fixed(3))"
        }
      }
      findings.add("ARD fit of obelix_train", numbers, text)
    }
    let known = set.censoring.indices.filter { set.censoring[$0] == .none }
    for (name, censored) in [("bounds", GaussianProcessRegressor.CensoredRows.bounds), ("clipped", .measured)] {
      try report(name, GaussianProcessRegressor(kernel: .matern(.matern32), censoredRows: censored, starts: 1), set, dropping: nil, findings)
    }
    try report("dropped", GaussianProcessRegressor(kernel: .matern(.matern32), starts: 1), set, dropping: known, findings)
  }

  /// Grouped cross-validation; with `dropping`, models learn from those rows alone and predict all.
  private func report(_ name: String, _ regressor: GaussianProcessRegressor, _ set: TrainingSet, dropping: [Int]?, _ findings: Findings) throws {
    var lines: [RegressionMetrics] = []
    for seed in UInt64(0)..<3 {
      let folds = try GroupedFolds(groups: set.groups, count: 5, seed: seed)
      var mean = [Double](repeating: 0, count: set.count)
      var deviation = mean
      for (fold, held) in folds.heldOut.enumerated() {
        let kept = dropping.map(Set.init)
        let training = folds.trainingRows(fold).filter { kept?.contains($0) ?? true }
        let prediction = try regressor.fit(set.selecting(training)).predict(set.features.selectingRows(held))
        for (k, row) in held.enumerated() {
          mean[row] = prediction.mean[k]
          deviation[row] = prediction.standardDeviation[k]
        }
      }
      lines.append(
        RegressionMetrics(
          targets: set.targets, censoring: set.censoring,
          prediction: Prediction(mean: mean, standardDeviation: deviation)))
    }
    func average(_ value: (RegressionMetrics) -> Double?) -> Double {
      lines.compactMap(value).reduce(0, +) / Double(lines.count)
    }
    let scores = [
      "NLPD": average { $0.negativeLogPredictiveDensity }, "MAE": average(\.meanAbsoluteError),
      "Spearman": average(\.spearman), "coverage": average(\.coverage),
      "PIT": average(\.transformDistance),
    ]
    func text(_ name: String) -> String { (scores[name] ?? .nan).fixed(4) }
    findings.add(
      "censored rows \(name)", scores,
      "censored rows \(name), 3 × 5 grouped folds: NLPD \(text("NLPD")), "
        + "MAE of measured rows \(text("MAE")), Spearman \(text("Spearman")), "
        + "coverage of 90% \(text("coverage")), distance of the PIT from uniform \(text("PIT"))")
  }

  private func formationEnergy(_ folder: String, _ findings: Findings) throws {
    let options = ModelingOptions(target: "eV_per_atom", descriptors: "magpie", model: .gp)
    func read(_ name: String) throws -> TrainingSet {
      try Measurements(Table(reading: "\(folder)/\(name).csv"), options: options).trainingSet(options: options)
    }
    let training = try read("formation_energy_train")
    let validation = try read("formation_energy_val")
    let exact = GaussianProcessRegressor(kernel: .matern(.matern32), starts: 1)
    func evaluate(_ name: String, _ fit: () throws -> any FittedRegressor) throws {
      let clock = ContinuousClock()
      var prediction: Prediction?
      let time = try clock.measure { prediction = try fit().predict(validation.features) }
      guard let prediction else { return }
      let metrics = RegressionMetrics(targets: validation.targets, prediction: prediction)
      findings.add(
        "formation energy, \(name)",
        [
          "seconds": time / .seconds(1), "MAE": metrics.meanAbsoluteError ?? .nan,
          "NLPD": metrics.negativeLogPredictiveDensity, "coverage": metrics.coverage ?? .nan,
        ],
        "formation energy, \(name): \(time), MAE \((metrics.meanAbsoluteError ?? .nan).fixed(4)), "
          + "NLPD \(metrics.negativeLogPredictiveDensity.fixed(3)), coverage of 90% \((metrics.coverage ?? .nan).fixed(3)), "
          + "distance of the PIT from uniform \((metrics.transformDistance ?? .nan).fixed(3))")
    }
    var generator = SeededGenerator(seed: common.seed)
    let subset = Array(generator.permutation(training.count).prefix(4000))
    try evaluate("ridge") { try RidgeRegressor().fit(training) }
    try evaluate("exact on 4000 random rows") {
      try InducingPointRegressor(exact: exact, inducingPoints: 4000, subsetRows: 2000).fit(training.selecting(subset))
    }
    try evaluate("\(training.count) rows, \(inducing) inducing points") {
      let model = try InducingPointRegressor(exact: exact, inducingPoints: inducing).fit(training)
      findings.add(
        "log evidence", ["lower": model.evidence.lower, "upper": model.evidence.upper],
        "  log p(y | x) between \(model.evidence.lower.fixed(0)) and \(model.evidence.upper.fixed(0))")
      return model
    }
    guard iterative else { return }
    try evaluate("\(training.count) rows by conjugate gradients") {
      let model = try IterativeProcessRegressor(InducingPointRegressor(exact: exact, inducingPoints: inducing)).fit(training)
      findings.add(
        "certified error", ["largest": model.certifiedError, "products": Double(model.iterations)],
        "  \(model.iterations) products with the covariance; no mean is further than \(Float(model.certifiedError)) eV/atom "
          + "from that of the exact process")
      return model
    }
  }
}

/// What was measured, printed as it is found or kept for one JSON document.
private final class Findings {
  struct Entry: Encodable {
    let what: String
    let numbers: [String: Double]
  }

  private(set) var entries: [Entry] = []
  private let isSilent: Bool

  init(isSilent: Bool) { self.isSilent = isSilent }

  /// Numbers that are not finite have no place in JSON and are left out.
  func add(_ what: String, _ numbers: [String: Double], _ text: String) {
    entries.append(Entry(what: what.trimmingCharacters(in: .whitespaces), numbers: numbers.filter { $0.value.isFinite }))
    guard !isSilent else { return }
    print(text)
    // Rows appear as they are found, also in a file.
    fflush(nil)
  }
}
