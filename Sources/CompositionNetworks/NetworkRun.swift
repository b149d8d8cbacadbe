import Foundation
import LinearAlgebra

/// One training run: batches through the network, and the weights that did best on rows held back.
package struct NetworkRun: Sendable {
  package let network: CompositionNetwork
  package let epochs: Int
  package let batch: Int
  package let peakRate: Float
  package let decay: Float
  package let likelihood: NetworkLikelihood
  /// Share of the neighbours that a step passes over.
  package let dropShare: Double

  package init(
    network: CompositionNetwork, epochs: Int, batch: Int, peakRate: Float, decay: Float,
    likelihood: NetworkLikelihood = .laplace, dropShare: Double = 0.15
  ) {
    (self.network, self.epochs, self.batch) = (network, epochs, batch)
    (self.peakRate, self.decay, self.likelihood, self.dropShare) = (peakRate, decay, likelihood, dropShare)
  }

  package struct Targets: Sendable {
    /// On the scale of the network.
    package var values: [Float]
    /// −1 and 1 for bounds, 0 for numbers.
    package var sides: [Int8]

    package init(values: [Float], sides: [Int8]) { (self.values, self.sides) = (values, sides) }
  }

  /// What is known at the end of an epoch.
  package struct Progress: Sendable {
    package let epoch: Int
    package let epochs: Int
    /// Mean −ln p of the training rows, on the scale of the network.
    package let loss: Double
    /// Mean absolute error of the rows held back, on the scale of the network.
    package let heldBackError: Double
  }

  /// Shares of a batch that are summed apart. A constant, so that sums do not depend on threads.
  package static let lanes = 4

  /// Trains on `rows` and returns the averaged weights with the least error on `heldBack`.
  ///
  /// - Complexity: O(epochs · rows · parameters); in a step nothing is allocated.
  package func fit(
    _ input: NetworkInput, _ targets: Targets, rows: [Int], heldBack: [Int], generator: SeededGenerator,
    progress: (Progress) -> Void = { _ in }
  ) -> [Float] {
    var generator = generator
    var weights = network.layout.initialValues(&generator)
    var optimizer = AdamW(start: weights)
    let parameters = network.layout.count
    let memories = (0..<Self.lanes).map { _ in NetworkMemory(network, elements: input.largestElementCount) }
    var arena = FloatArena()
    defer { arena.free() }
    let gradients = (0..<Self.lanes).map { _ in arena.take(parameters) }
    let losses = arena.take(Self.lanes)
    nonisolated(unsafe) let (gradientLanes, lossLanes) = (gradients, losses)
    let batch = min(self.batch, rows.count)
    let stepsPerEpoch = max(1, rows.count / batch)
    let total = epochs * stepsPerEpoch
    var best = weights
    var bestError = Double.infinity
    var order = [Int](repeating: 0, count: batch)
    var schedule = BatchSchedule(capacity: batch)

    for epoch in 0..<epochs {
      let permutation = generator.permutation(rows.count)
      var loss = 0.0
      for step in 0..<stepsPerEpoch {
        for i in 0..<batch { order[i] = rows[permutation[step * batch + i]] }
        schedule.plan(order, input)
        let plan = schedule
        let drop = network.recall == nil ? nil : RecallDrop(seed: generator.next(), share: dropShare)
        input.withView { view in
          weights.withUnsafeBufferPointer { weights in
            nonisolated(unsafe) let weights = weights
            targets.values.withUnsafeBufferPointer { y in
              targets.sides.withUnsafeBufferPointer { sides in
                nonisolated(unsafe) let (y, sides) = (y, sides)
                Threads.forEachChunk(of: Self.lanes, chunkSize: 1) { lane in
                  guard let p = weights.baseAddress else { return }
                  for l in lane {
                    gradientLanes[l].update(repeating: 0, count: parameters)
                    lossLanes[l] = 0
                    for chunk in Swift.stride(from: l, to: plan.chunks.count, by: Self.lanes) {
                      lossLanes[l] += passChunk(
                        p, gradientLanes[l], view, plan, plan.chunks[chunk], y, sides, scale: 1 / Float(batch),
                        drop, memories[l])
                    }
                  }
                }
              }
            }
          }
        }
        for lane in 1..<Self.lanes {
          let (sum, part) = (gradients[0], gradients[lane])
          for i in 0..<parameters { sum[i] += part[i] }
        }
        for lane in 0..<Self.lanes { loss += Double(losses[lane]) }
        optimizer.update(
          &weights, gradient: UnsafeBufferPointer(start: gradients[0], count: parameters), layout: network.layout,
          rate: AdamW.rate(step: epoch * stepsPerEpoch + step, of: total, peak: peakRate), decay: decay)
      }
      let error = heldBack.isEmpty ? -Double(epoch) : self.error(input, targets, rows: heldBack, optimizer.average)
      if error <= bestError { (best, bestError) = (optimizer.average, error) }
      progress(Progress(epoch: epoch + 1, epochs: epochs, loss: loss / Double(stepsPerEpoch), heldBackError: max(0, error)))
    }
    return best
  }

  /// Forward, likelihood and backward for one chunk; returns its part of the loss.
  @inline(__always)
  private func passChunk(
    _ p: UnsafePointer<Float>, _ g: Floats, _ view: NetworkInput.View, _ plan: BatchSchedule,
    _ chunk: BatchSchedule.Chunk, _ y: UnsafeBufferPointer<Float>, _ sides: UnsafeBufferPointer<Int8>, scale: Float,
    _ drop: RecallDrop?, _ m: NetworkMemory
  ) -> Float {
    plan.order.withUnsafeBufferPointer { order in
      guard let start = order.baseAddress else { return 0 }
      let rows = start + chunk.first
      network.forward(p, view, rows: rows, count: chunk.count, elements: chunk.elements, drop: drop, m)
      var loss: Float = 0
      for c in 0..<chunk.count {
        let part = likelihood.loss(
          y: y[rows[c]], side: sides[rows[c]], mean: m.result[2 * c], logScale: m.result[2 * c + 1])
        loss += part.loss * scale
        m.resultGradient[2 * c] = part.dMean * scale
        m.resultGradient[2 * c + 1] = part.dLogScale * scale
      }
      network.backward(p, g, view, rows: rows, count: chunk.count, elements: chunk.elements, m)
      return loss
    }
  }

  /// Mean absolute error, over rows that are numbers; a bound counts where it is missed.
  private func error(_ input: NetworkInput, _ targets: Targets, rows: [Int], _ weights: [Float]) -> Double {
    let predicted = network.predict(input, rows: rows, weights: weights)
    var sum = 0.0
    for (k, row) in rows.enumerated() {
      let gap = Double(predicted.means[k] - targets.values[row])
      switch targets.sides[row] {
      case 0: sum += abs(gap)
      case ..<0: sum += max(0, gap)
      default: sum += max(0, -gap)
      }
    }
    return sum / Double(max(1, rows.count))
  }
}

/// A batch, sorted into chunks of compositions with equal numbers of elements: no padding.
package struct BatchSchedule: Sendable {
  package struct Chunk: Sendable {
    let first: Int
    let count: Int
    let elements: Int
  }

  package private(set) var order: [Int] = []
  package private(set) var chunks: [Chunk] = []

  package init(capacity: Int) {
    order.reserveCapacity(capacity)
    chunks.reserveCapacity(capacity)
  }

  /// Sorts by number of elements, keeping the order among equals, and cuts.
  package mutating func plan(_ rows: [Int], _ input: NetworkInput) {
    order.removeAll(keepingCapacity: true)
    chunks.removeAll(keepingCapacity: true)
    var largest = 1
    for row in rows { largest = max(largest, input.elementCount(row)) }
    for n in 1...largest {
      let first = order.count
      for row in rows where input.elementCount(row) == n { order.append(row) }
      let size = NetworkMemory.chunkCount(elements: n)
      for start in stride(from: first, to: order.count, by: size) {
        chunks.append(Chunk(first: start, count: min(size, order.count - start), elements: n))
      }
    }
  }
}

extension CompositionNetwork {
  /// Mean and log scale of rows, in their order, on the scale of the network. On all cores.
  ///
  /// - Parameter weights: `layout.count` numbers.
  package func predict(_ input: NetworkInput, rows: [Int], weights: [Float]) -> (means: [Float], logScales: [Float]) {
    var means = [Float](repeating: 0, count: input.count)
    var logScales = means
    var schedule = BatchSchedule(capacity: rows.count)
    schedule.plan(rows, input)
    let plan = schedule
    let share = 64
    let elements = input.largestElementCount
    input.withView { view in
      weights.withUnsafeBufferPointer { weights in
        plan.order.withUnsafeBufferPointer { order in
          means.withUnsafeMutableBufferPointer { means in
            logScales.withUnsafeMutableBufferPointer { scales in
              nonisolated(unsafe) let (weights, order, means, scales) = (weights, order, means, scales)
              Threads.forEachChunk(of: plan.chunks.count, chunkSize: share) { range in
                guard let p = weights.baseAddress, let start = order.baseAddress else { return }
                let m = NetworkMemory(self, elements: elements)
                for chunk in plan.chunks[range] {
                  let rows = start + chunk.first
                  forward(p, view, rows: rows, count: chunk.count, elements: chunk.elements, m)
                  for c in 0..<chunk.count {
                    means[rows[c]] = m.result[2 * c]
                    scales[rows[c]] = m.result[2 * c + 1]
                  }
                }
              }
            }
          }
        }
      }
    }
    return (rows.map { means[$0] }, rows.map { logScales[$0] })
  }
}
