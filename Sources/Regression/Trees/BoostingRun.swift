import LinearAlgebra

/// One run of gradient boosting over some of the rows.
struct BoostingRun {
  struct Result: Sendable {
    /// The constant that boosting begins with.
    var start = 0.0
    /// Leaves hold their value times the learning rate: a prediction is `start` and their sum.
    var trees = TreeEnsemble()
  }

  let settings: GradientBoostingRegressor
  let data: TrainingSet
  let bins: FeatureBins
  let threads: Int

  func fit(rows all: [Int], generator root: SeededGenerator) -> Result {
    var generator = root
    var rows = all
    var heldBack: [Int] = []
    if let stopping = settings.earlyStopping {
      let parts = max(2, Int((1 / stopping.heldBackFraction).rounded()))
      let groups = all.map { data.groups[$0] }
      if let folds = try? GroupedFolds(groups: groups, count: parts, seed: generator.next()) {
        heldBack = folds.heldOut[0].map { all[$0] }
        rows = folds.trainingRows(0).map { all[$0] }
      }
    }
    let sample = rows.map { Int32($0) }
    let features = bins.splittable
    var result = Result(start: settings.loss.start(rows.map { data.targets[$0] }))
    guard !features.isEmpty else { return result }
    let perTree = max(1, Int((settings.featureFraction * Double(features.count)).rounded()))
    let bagSize = max(1, Int((settings.rowFraction * Double(rows.count)).rounded()))
    let grower = BoostedTreeGrower(
      bins: bins, featuresPerTree: perTree,
      settings: .init(
        leafCount: settings.leafCount, minimumLeaf: settings.minimumLeaf, l2: settings.l2,
        threads: threads))
    var predictions = [Double](repeating: result.start, count: data.count)
    var pulls = [Double](repeating: 0, count: data.count)
    var packed = [Int64](repeating: 0, count: data.count)
    var bestLoss = Double.infinity
    var bestCount = 0

    for tree in 0..<settings.treeCount {
      var largest = 0.0
      for row in rows {
        let pull = settings.loss.pull(
          target: data.targets[row], censoring: data.censoring[row], prediction: predictions[row])
        pulls[row] = pull
        largest = max(largest, abs(pull))
      }
      if largest == 0 { break }
      let sums = QuantizedSums(rowCount: rows.count, largest: largest)
      for row in rows { packed[row] = sums.pack(pulls[row]) }

      var bag = sample
      var outside = heldBack
      if bagSize < sample.count {
        let order = generator.permutation(sample.count)
        bag = order[..<bagSize].sorted().map { sample[$0] }
        outside += order[bagSize...].map { rows[$0] }
      }
      var candidates = features
      if perTree < features.count {
        for k in 0..<perTree {
          candidates.swapAt(k, k + generator.index(below: features.count - k))
        }
        candidates = candidates[..<perTree].sorted()
      }
      var grown = grower.grow(sample: bag, packed: packed, sums: sums, features: candidates)
      for leaf in grower.leaves {
        let value =
          settings.learningRate * leafValue(leaf, grower, sums: sums, predictions: predictions)
        grown.values[leaf.node] = value
        for i in leaf.start..<leaf.end { predictions[Int(grower.rows[i])] += value }
      }
      grown.variances = []
      data.features.elements.withUnsafeBufferPointer { x in
        for row in outside {
          predictions[row] += grown.value(at: x.baseAddress! + row * data.featureCount)
        }
      }
      result.trees.append(grown)

      if let stopping = settings.earlyStopping, !heldBack.isEmpty {
        var loss = 0.0
        for row in heldBack {
          loss += settings.loss.value(
            target: data.targets[row], censoring: data.censoring[row], prediction: predictions[row])
        }
        if loss < bestLoss {
          bestLoss = loss
          bestCount = tree + 1
        } else if tree + 1 - bestCount >= stopping.patience {
          break
        }
      }
    }
    if !heldBack.isEmpty { result.trees.truncate(to: bestCount) }
    return result
  }

  private func leafValue(
    _ leaf: BoostedTreeGrower.Leaf, _ grower: BoostedTreeGrower, sums: QuantizedSums,
    predictions: [Double]
  ) -> Double {
    guard let p = settings.loss.leafQuantile else { return grower.meanPull(leaf, sums: sums) }
    var errors: [Double] = []
    errors.reserveCapacity(leaf.end - leaf.start)
    for i in leaf.start..<leaf.end {
      let row = Int(grower.rows[i])
      let error = data.targets[row] - predictions[row]
      if !BoostingLoss.agrees(error, data.censoring[row]) { errors.append(error) }
    }
    guard !errors.isEmpty else { return 0 }
    errors.sort()
    return BoostingLoss.quantile(errors, p)
  }
}

extension GrownTree {
  /// The value of the leaf that a row reaches.
  func value(at row: UnsafePointer<Double>) -> Double {
    var index = 0
    while nodes[index].feature >= 0 {
      let node = nodes[index]
      index = Int(node.left) + (row[Int(node.feature)] <= node.threshold ? 0 : 1)
    }
    return values[index]
  }
}
