/// The same network in PyTorch, for `bench network --peer`.
enum NetworkPeers {
  /// Reads what `NetworkBenchmark.data` writes. Rows of a batch are grouped by their number of elements, as here, so
  /// that PyTorch pays for no padding either; the optimiser is its fused AdamW where the version has one.
  static let script = """
    import sys, time, json, numpy as np, torch, torch.nn as nn, torch.nn.functional as F

    class Pairs(nn.Module):
        def __init__(self, w, h, heads):
            super().__init__()
            self.own, self.other, self.out = nn.Linear(w, h), nn.Linear(w, h), nn.Linear(h, w)
            self.gate = nn.Parameter(torch.randn(heads, h // heads) * 0.1)
        def forward(self, x, logf):
            b, n, _ = x.shape
            heads, size = self.gate.shape
            a = F.silu(self.own(x)[:, :, None] + self.other(x)[:, None]).view(b, n, n, heads, size)
            alpha = torch.softmax((a * self.gate).sum(-1) + logf[:, None, :, None], 2)
            return self.out((alpha[..., None] * a).sum(2).reshape(b, n, heads * size))

    class Network(nn.Module):
        def __init__(self, s, magpie):
            super().__init__()
            w, hw = s["width"], s["headWidth"]
            self.s = s
            self.register_buffer("magpie", magpie)
            self.embedding = nn.Embedding(118, 40)
            self.input = nn.Linear(42 + magpie.shape[1], w)
            self.norms = nn.ModuleList(nn.LayerNorm(w) for _ in range(s["layers"]))
            self.pairs = nn.ModuleList(Pairs(w, s["hidden"], s["heads"]) for _ in range(s["layers"]))
            self.final = nn.LayerNorm(w)
            self.pool = nn.Linear(w, 32 * s["poolHeads"])
            self.pool_gate = nn.Parameter(torch.randn(s["poolHeads"], 32) * 0.1)
            pooled = w * s["poolHeads"]
            if s["neighbours"]:
                self.query = nn.Linear(pooled, s["recallHidden"])
                self.key = nn.Linear(40 + magpie.shape[1] + 8, s["recallHidden"])
                self.recall_gate = nn.Parameter(torch.randn(s["recallHeads"], s["recallHidden"] // s["recallHeads"]) * 0.1)
                pooled += s["recallHidden"] + 8 * s["recallHeads"]
            self.head = nn.Linear(pooled, hw)
            self.block_norms = nn.ModuleList(nn.LayerNorm(hw) for _ in range(s["headBlocks"]))
            self.blocks = nn.ModuleList(nn.Linear(hw, hw) for _ in range(s["headBlocks"]))
            self.head_norm, self.output = nn.LayerNorm(hw), nn.Linear(hw, s["outputs"])
        def forward(self, z, f, recall=None):
            b, n = z.shape
            e = self.embedding(z)
            x = self.input(torch.cat([e, self.magpie[z], f[..., None], f.sqrt()[..., None]], -1))
            logf = f.log()
            for norm, pairs in zip(self.norms, self.pairs): x = x + pairs(norm(x), logf)
            x = self.final(x)
            heads, size = self.pool_gate.shape
            g = (F.silu(self.pool(x)).view(b, n, heads, size) * self.pool_gate).sum(-1) + logf[..., None]
            y = torch.einsum("bnh,bnw->bhw", torch.softmax(g, 1), x).reshape(b, -1)
            if recall is not None:
                own, known, facts = recall
                table = torch.cat([self.embedding.weight, self.magpie], 1)
                k = torch.cat([(own @ table)[:, None] - known @ table, facts], -1)
                a = F.silu(self.query(y)[:, None] + self.key(k))
                heads, size = self.recall_gate.shape
                a = a.view(b, -1, heads, size)
                g = (a * self.recall_gate).sum(-1)
                alpha = torch.softmax(torch.cat([g, torch.zeros(b, 1, heads)], 1), 1)[:, :-1]
                m = (alpha[..., None] * a).sum(1).reshape(b, -1)
                y = torch.cat([y, m, torch.einsum("bkh,bkf->bhf", alpha, facts).reshape(b, -1)], -1)
            y = self.head(y)
            for norm, block in zip(self.block_norms, self.blocks): y = y + block(F.silu(norm(y)))
            return self.output(self.head_norm(y))

    cache = {}
    def load(path, shape):
        if path in cache: return cache[path]
        raw, at = np.fromfile(path, dtype=np.float32), 0
        def take(count):
            nonlocal at
            at += int(count)
            return raw[at - int(count):at]
        def rows_of(count, entries):
            sizes = take(count).astype(np.int64)
            z, f = take(entries).astype(np.int64) - 1, take(entries)
            return sizes, z, f
        n, k, entries, m = (int(v) for v in take(4))
        sizes = take(n).astype(np.int64)
        z, f = take(entries).astype(np.int64) - 1, take(entries).copy()
        places, magpie = torch.tensor(take(n).copy()), torch.tensor(take(118 * m).reshape(118, m).copy())
        # A normal distribution over the bins around the place of each target.
        targets = torch.softmax(-0.5 * (torch.arange(shape["outputs"]) - places[:, None]) ** 2, 1)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        def dense(sizes, z, f):
            d = np.zeros((len(sizes), 118), dtype=np.float32)
            np.add.at(d, (np.repeat(np.arange(len(sizes)), sizes), z), f)
            return torch.tensor(d)
        recall = None
        if k:
            indices, facts = take(n * k).astype(np.int64).reshape(n, k), take(n * k * 8).reshape(n, k, 8).copy()
            count, length = (int(v) for v in take(2))
            known_sizes = take(count).astype(np.int64)
            known = dense(known_sizes, take(length).astype(np.int64) - 1, take(length))
            recall = (dense(sizes, z, f), known, torch.tensor(np.maximum(indices, 0)), torch.tensor(facts))
        cache[path] = (sizes, starts, torch.tensor(z), torch.tensor(f), targets, magpie, recall)
        return cache[path]

    def forward(net, data, rows):
        sizes, starts, z, f, targets, magpie, recall = data
        outputs, order = [], []
        for n in np.unique(sizes[rows]):
            part = rows[sizes[rows] == n]
            places = torch.tensor(starts[part][:, None] + np.arange(n))
            r = None
            if recall is not None:
                own, known, indices, facts = recall
                p = torch.tensor(part)
                r = (own[p], known[indices[p]], facts[p])
            outputs.append(net(z[places], f[places], r))
            order.append(part)
        return torch.cat(outputs), torch.tensor(np.concatenate(order))

    nets = {}
    for line in sys.stdin:
        what, path, threads, batch, shape = line.rstrip("\\n").split(" ", 4)
        torch.set_num_threads(int(threads))
        shape, batch = json.loads(shape), int(batch)
        data = load(path, shape)
        if path not in nets:
            torch.manual_seed(0)
            nets[path] = Network(shape, data[5])
        net, n = nets[path], len(data[0])
        targets = data[4]
        if what == "train":
            try: optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.05, fused=True)
            except Exception: optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.05)
            average = [p.detach().clone() for p in net.parameters()]
            order, total = np.random.default_rng(0).permutation(n), 0.0
            start = time.perf_counter()
            for at in range(0, n - batch + 1, batch):
                y, rows = forward(net, data, order[at:at + batch])
                loss = -(targets[rows] * torch.log_softmax(y, 1)).sum(1).mean()
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                optimizer.step()
                with torch.no_grad(): torch._foreach_lerp_(average, list(net.parameters()), 0.002)
                total += loss.item()
            t, value = time.perf_counter() - start, total / max(1, n // batch)
        else:
            net.eval()
            with torch.inference_mode():
                start = time.perf_counter()
                value = sum(forward(net, data, np.arange(at, min(n, at + 4096)))[0][:, 0].sum().item() for at in range(0, n, 4096))
                t = time.perf_counter() - start
            net.train()
        print(json.dumps({"time": t, "value": value}), flush=True)
    """
}
