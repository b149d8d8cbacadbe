import CandidateSpaces
import Chemistry
import Foundation
import LinearAlgebra
import Reports
import Screening

/// The same screening with SMACT, matminer and scikit-learn, for `bench screen --peer`.
///
/// The peer enumerates the palette of the space file with `smact_filter`, makes Magpie descriptors on all cores and
/// predicts with the process of our model file; reading, importing and conditioning are not timed on either side.
struct ScreeningPeer {
  struct Race: Encodable {
    let candidates: Int
    let seconds: Double
    let peerCandidates: Int
    let peerSeconds: Double
    /// Seconds of the peer's stages.
    let peerStages: [String: Double]
    /// Formulas among the best of both, and how many each kept.
    let shared: Int
    let kept: Int
    /// The largest difference of the predicted means of shared formulas.
    let largestDifference: Double

    var lines: [String] {
      let stages = peerStages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.fixed(2)) s" }
      return [
        "", "the whole job, one after the other, \(Threads.limit) threads:",
        "  superionic: \(candidates.grouped) candidates in \(seconds.fixed(3)) s, \(Int(Double(candidates) / seconds).grouped) a second",
        "  SMACT, matminer, scikit-learn: \(peerCandidates.grouped) candidates in \(peerSeconds.fixed(2)) s, "
          + "\(Int(Double(peerCandidates) / peerSeconds).grouped) a second (\(stages.joined(separator: ", ")))",
        "  \((peerSeconds / seconds).fixed(0)) times as fast; \(shared) of the best \(kept) are the same formulas, "
          + "means differ by \(largestDifference) at most",
      ]
    }
  }

  /// The peer did not answer.
  struct Failure: Error, CustomStringConvertible {
    let python: String
    var description: String {
      "\(python) did not run the job; --peer needs SMACT, matminer and scikit-learn, a palette space whose elements are given "
        + "by `choose`, no filter, and one gp model of magpie descriptors"
    }
  }

  private struct Reply: Decodable {
    let candidates: Int
    let seconds: Double
    let stages: [String: Double]
    let best: [Best]
    struct Best: Decodable {
      let formula: String
      let mean: Double
    }
  }

  let python: String

  func compare(space: String, options: ScreeningJobOptions, job: ScreeningJob) throws -> Race {
    guard let model = try options.files.modelFiles().first, space != "-" else { throw Failure(python: python) }
    let clock = ContinuousClock()
    let start = clock.now
    guard let finished = try ScreeningRun(job: job).run() else { throw Failure(python: python) }
    let seconds = (clock.now - start) / .seconds(1)
    let own = try ScreeningResult(finished)
    let data = try PythonPeer.output(
      python: python, script: Self.script, arguments: [model.path, space, "\(own.rows.count)", "\(Threads.limit)"])
    guard let reply = try? JSONDecoder().decode(Reply.self, from: data) else { throw Failure(python: python) }
    var means: [String: Double] = [:]
    for row in own.rows { means[try Composition(formula: row.formula).reducedFormula] = row.predictions[0].mean }
    var (shared, largest) = (0, 0.0)
    for best in reply.best {
      guard let mean = means[try Composition(formula: best.formula).reducedFormula] else { continue }
      shared += 1
      largest = max(largest, abs(mean - best.mean))
    }
    return Race(
      candidates: finished.tally.candidates, seconds: seconds, peerCandidates: reply.candidates, peerSeconds: reply.seconds,
      peerStages: reply.stages, shared: shared, kept: own.rows.count, largestDifference: largest)
  }

  private static let script = """
    import itertools, json, struct, sys, time, tomllib
    import numpy as np
    import smact
    from smact.screening import smact_filter
    from pymatgen.core import Composition
    from matminer.featurizers.composition import ElementProperty
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
    raw = open(sys.argv[1], "rb").read()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + size])
    def tensor(name):
        entry = header["regressor.base." + name]
        a, b = entry["data_offsets"]
        return np.frombuffer(raw[8 + size + a:8 + size + b], {"F64": "<f8", "I64": "<i8"}[entry["dtype"]]).reshape(entry["shape"])
    kernel = json.loads(header["__metadata__"]["regressor.base.kernel"])["stationary"]["_0"]
    nu = {"matern12": 0.5, "matern32": 1.5, "matern52": 2.5, "rbf": np.inf}[kernel["profile"]]
    gp = GaussianProcessRegressor(
        ConstantKernel(kernel["variance"]) * Matern(kernel["lengthscales"], nu=nu) + WhiteKernel(tensor("noise_variance")[0]),
        optimizer=None, alpha=0).fit(tensor("x"), tensor("targets"))
    active, means, deviations, target = (tensor(k) for k in ("active", "means", "deviations", "target"))
    magpie = ElementProperty.from_preset("magpie", impute_nan=True)
    magpie.set_n_jobs(int(sys.argv[4]))
    space = tomllib.load(open(sys.argv[2], "rb"))["space"][0]
    palette = [c for choice in space["choose"] for c in [choice["from"]] * choice["count"]]
    threshold, states = space.get("max-amount", 8), space.get("oxidation-states", "icsd24")
    start = clock = time.perf_counter()
    stages = {}
    def lap(name):
        global clock
        now = time.perf_counter(); stages[name] = now - clock; clock = now
    found = set()
    for symbols in itertools.product(*palette):
        if len(set(symbols)) < len(symbols): continue
        for names, _, amounts in smact_filter([smact.Element(s) for s in symbols], threshold=threshold,
                                              species_unique=True, oxidation_states_set=states):
            found.add(tuple(sorted(zip(names, amounts))))
    compositions = [Composition(dict(c)) for c in sorted(found)]
    lap("1 enumerate")
    x = np.array(magpie.featurize_many(compositions, pbar=False))
    lap("2 featurize")
    z = (x[:, active] - means) / deviations
    mean, deviation = [], []
    for i in range(0, len(z), 1000):
        m, s = gp.predict(z[i:i + 1000], return_std=True)
        mean.append(m * target[1] + target[0]); deviation.append(s * target[1])
    mean = np.concatenate(mean)
    lap("3 predict")
    order = np.argsort(-mean, kind="stable")[:int(sys.argv[3])]
    lap("4 sort")
    print(json.dumps({"candidates": len(compositions), "seconds": time.perf_counter() - start, "stages": stages,
                      "best": [{"formula": compositions[i].reduced_formula, "mean": mean[i]} for i in order]}))
    """
}
