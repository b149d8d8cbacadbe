/// scikit-learn and GPyTorch, for `bench gp --peer`.
enum GaussianProcessPeers {
  /// Data comes as raw doubles: x (n × d), then y (n).
  static let script = """
    import sys, time, json, numpy as np
    import torch, gpytorch
    torch.set_num_threads(2)
    torch.set_default_dtype(torch.float64)
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Matern, ConstantKernel, WhiteKernel

    class Model(gpytorch.models.ExactGP):
        def __init__(self, x, y, likelihood):
            super().__init__(x, y, likelihood)
            self.mean_module = gpytorch.means.ZeroMean()
            self.covar_module = gpytorch.kernels.ScaleKernel(
                gpytorch.kernels.MaternKernel(nu=2.5, ard_num_dims=x.shape[1]))
        def forward(self, x):
            return gpytorch.distributions.MultivariateNormal(self.mean_module(x), self.covar_module(x))

    cache = {}
    def load(path, n, d):
        key = (path, n, d)
        if key not in cache:
            raw = np.fromfile(path)
            x, y = raw[:n*d].reshape(n, d).copy(), raw[n*d:n*d+n].copy()
            likelihood = gpytorch.likelihoods.GaussianLikelihood()
            likelihood.noise = 0.1
            model = Model(torch.tensor(x), torch.tensor(y), likelihood)
            model.covar_module.outputscale = 1.0
            model.covar_module.base_kernel.lengthscale = float(d) ** 0.5
            kernel = (ConstantKernel(1.0) * Matern(length_scale=np.full(d, d ** 0.5), nu=2.5)
                      + WhiteKernel(0.1))
            cache[key] = (x, y, model, likelihood, kernel)
        return cache[key]

    exact = (gpytorch.settings.max_cholesky_size(100000),
             gpytorch.settings.fast_computations(False, False, False), gpytorch.settings.fast_pred_var(False))
    for context in exact: context.__enter__()
    fitted = {}
    for line in sys.stdin:
        what, path, n, d, m = line.split()
        n, d, m = int(n), int(d), int(m)
        x, y, model, likelihood, kernel = load(path, n, d)
        value = None
        if what == "gpytorch-lml":
            model.train(); likelihood.train()
            mll = gpytorch.mlls.ExactMarginalLogLikelihood(likelihood, model)
            start = time.perf_counter()
            model.zero_grad()
            loss = mll(model(torch.tensor(x)), torch.tensor(y))
            loss.backward()
            t = time.perf_counter() - start
            value = loss.item() * n
        elif what == "sklearn-lml":
            gp = GaussianProcessRegressor(kernel, optimizer=None, alpha=0).fit(x[:2], y[:2])
            gp.X_train_, gp.y_train_ = x, y
            start = time.perf_counter()
            value = gp.log_marginal_likelihood(kernel.theta, eval_gradient=True)[0]
            t = time.perf_counter() - start
        elif what == "gpytorch-predict":
            model.eval(); likelihood.eval()
            z = torch.tensor(np.random.default_rng(0).normal(size=(m, d)))
            with torch.no_grad():
                p = likelihood(model(z[:8])); p.variance
                start = time.perf_counter()
                for block in z.split(1000):
                    p = likelihood(model(block)); p.mean.sum().item(); p.variance.sum().item()
                t = time.perf_counter() - start
        elif what == "sklearn-fit":
            # Maximises from the same start within the same bounds until m seconds have passed.
            from scipy.optimize import minimize
            bounded = (ConstantKernel(1.0, (1e-2, 1e2)) * Matern(np.full(d, d ** 0.5), (1e-2, 1e4), nu=2.5)
                       + WhiteKernel(0.1, (1e-4, 4.0)))
            gp = GaussianProcessRegressor(bounded, optimizer=None, alpha=0).fit(x[:2], y[:2])
            gp.X_train_, gp.y_train_ = x, y
            class Enough(Exception): pass
            best = [-np.inf]
            start = time.perf_counter()
            def objective(theta):
                if time.perf_counter() - start > m: raise Enough()
                v, g = gp.log_marginal_likelihood(theta, eval_gradient=True)
                best[0] = max(best[0], v)
                return -v, -g
            try: minimize(objective, bounded.theta, jac=True, bounds=bounded.bounds, method="L-BFGS-B")
            except Enough: pass
            t, value = time.perf_counter() - start, best[0]
        elif what == "sklearn-predict":
            if path not in fitted:
                fitted[path] = GaussianProcessRegressor(kernel, optimizer=None, alpha=0).fit(x, y)
            z = np.random.default_rng(0).normal(size=(m, d))
            start = time.perf_counter()
            for i in range(0, m, 1000):
                fitted[path].predict(z[i:i+1000], return_std=True)
            t = time.perf_counter() - start
        print(json.dumps({"time": t, "value": value}), flush=True)
    """
}
