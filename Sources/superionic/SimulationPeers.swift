import Campaigns
import Foundation
import LinearAlgebra

/// The same closed loop with PHYSBO and with scikit-learn, for `campaign simulate --peer`.
///
/// Both see the pool, the starts and the descriptors that ours see, standardised column by column, and choose by expected
/// improvement: PHYSBO with its own process, learned anew every five experiments, scikit-learn with a Matérn 5/2 process,
/// learned anew when the rows have grown by a twentieth, as ours is.
struct SimulationPeers {
  /// The peer did not answer.
  struct Failure: Error, CustomStringConvertible {
    let python: String
    var description: String { "\(python) did not run the simulation; --peer needs a Python with PHYSBO and scikit-learn" }
  }

  private struct Job: Encodable {
    let points: [[Double]]
    let targets: [Double]
    let top: [Int]
    let goal: Int
    let least: Int
    let starts: [[Int]]
    let seed: UInt64
    let threads: Int
  }

  private struct Reply: Decodable {
    let physbo: [[Int]]
    let sklearn: [[Int]]
    let versions: [String: String]
  }

  let python: String

  /// Adds both peers to a result.
  ///
  /// - Parameters:
  ///   - points: of the pool, a row each.
  ///   - least: experiments that every run makes at least.
  /// - Throws: `Failure`, or when the program cannot be started.
  func join(_ result: inout SimulationResult, points: [[Double]], least: Int, seed: UInt64) throws {
    let job = Job(
      points: points, targets: result.pool.targets, top: result.pool.top, goal: result.goal, least: least,
      starts: result.starts, seed: seed, threads: Threads.limit)
    let input = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
    let data = try PythonPeer.output(python: python, script: Self.script, input: input)
    guard let reply = try? JSONDecoder().decode(Reply.self, from: data) else { throw Failure(python: python) }
    result.add("PHYSBO \(reply.versions["physbo"] ?? "")", orders: reply.physbo)
    result.add("scikit-learn \(reply.versions["sklearn"] ?? "")", orders: reply.sklearn)
  }

  private static let script = """
    import json, os, sys
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"): os.environ[name] = "1"
    import contextlib, io, multiprocessing
    import numpy as np, physbo, sklearn
    from scipy.stats import norm
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
    job = json.load(sys.stdin)
    X = np.array(job["points"]); y = np.array(job["targets"]); top = set(job["top"]); goal = job["goal"]; least = job["least"]
    X = (X - X.mean(0))[:, X.std(0) > 1e-12]; X = X / X.std(0)
    def done(order):
        return len(order) >= least and sum(row in top for row in order) >= goal
    def run_physbo(start, seed):
        np.random.seed(seed)
        policy = physbo.search.discrete.Policy(test_X=X, initial_data=[np.array(start), y[start]])
        policy.set_seed(seed)
        order = []
        while not done(order) and len(order) + len(start) < len(y):
            with contextlib.redirect_stdout(io.StringIO()):
                # Hyperparameters are learned anew at the start of each call, for five experiments.
                policy.bayes_search(max_num_probes=min(5, len(y) - len(order) - len(start)), simulator=lambda rows: y[rows],
                                    score="EI", interval=0, is_disp=False, num_rand_basis=0)
            order = [int(row) for row in policy.history.chosen_actions[len(start):policy.history.total_num_search]]
        while order and len(order) > least and done(order[:-1]): order.pop()
        return order
    def run_sklearn(start, seed):
        known = list(start); order = []; fitted = 0
        kernel = ConstantKernel(1.0) * Matern(np.sqrt(X.shape[1]), nu=2.5) + WhiteKernel(0.1)
        while not done(order) and len(known) < len(y):
            if len(known) >= 1.05 * fitted:
                model = GaussianProcessRegressor(kernel, normalize_y=True, n_restarts_optimizer=1, random_state=seed)
                model.fit(X[known], y[known]); fitted = len(known); learned = model.kernel_
            else:
                model = GaussianProcessRegressor(learned, optimizer=None, normalize_y=True).fit(X[known], y[known])
            rest = np.setdiff1d(np.arange(len(y)), known)
            mean, deviation = model.predict(X[rest], return_std=True)
            u = (mean - y[known].max()) / np.maximum(deviation, 1e-12)
            row = int(rest[np.argmax(deviation * (u * norm.cdf(u) + norm.pdf(u)))])
            known.append(row); order.append(row)
        return order
    def one(task):
        name, start, seed = task
        return (run_physbo if name == "physbo" else run_sklearn)(start, seed)
    if __name__ == "__main__":
        tasks = [(name, start, job["seed"] + i) for name in ("physbo", "sklearn") for i, start in enumerate(job["starts"])]
        with multiprocessing.get_context("fork").Pool(job["threads"]) as pool: orders = pool.map(one, tasks, chunksize=1)
        count = len(job["starts"])
        print(json.dumps({"physbo": orders[:count], "sklearn": orders[count:],
                          "versions": {"physbo": physbo.__version__, "sklearn": sklearn.__version__}}))
    """
}
