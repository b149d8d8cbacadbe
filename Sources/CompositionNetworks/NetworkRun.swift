import Foundation
import LinearAlgebra

/// One training run: batches through the network, and the averaged weights of the epoch to keep.
package struct NetworkRun: Sendable {
  package let network: CompositionNetwork
  package let epochs: Int
  package let batch: Int
  package let peakRate: Float
  package let decay: Float
  package let likelihood: NetworkLikelihood
  package let dropout: StepDropout.Shares
  /// Whether a run that comes to its end keeps its last epoch, else the one that did best on the rows held back.
  package let keepsLast: Bool

  package init(
    network: CompositionNetwork, epochs: Int, batch: Int, peakRate: Float, decay: Float,
    likelihood: NetworkLikelihood = .laplace, dropout: StepDropout.Shares = .init(), keepsLast: Bool = false
  ) {
    (self.network, self.epochs, self.batch) = (network, epochs, batch)
    (self.peakRate, self.decay, self.likelihood) = (peakRate, decay, likelihood)
    (self.dropout, self.keepsLast) = (dropout, keepsLast)
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

  /// All that a run needs to go on after an epoch as if it had never stopped.
  package struct State: Sendable, Equatable {
    /// Epochs that are done.
    package var epoch = 0
    package var generator: SeededGenerator
    package var weights: [Float]
    package var optimizer: AdamW
    package var best: [Float]
    package var bestError = Double.infinity

    init(
      epoch: Int, generator: SeededGenerator, weights: [Float], optimizer: AdamW, best: [Float],
      bestError: Double
    ) {
      (self.epoch, self.generator, self.weights) = (epoch, generator, weights)
      (self.optimizer, self.best, self.bestError) = (optimizer, best, bestError)
    }

    /// Before the first step.
    init(_ network: CompositionNetwork, generator: SeededGenerator, pretrained: NetworkMember? = nil) {
      self.generator = generator
      weights = network.layout.initialValues(&self.generator)
      if let pretrained { network.take(pretrained, into: &weights) }
      optimizer = AdamW(start: weights)
      best = weights
    }
  }

  /// Trains on `rows` and returns averaged weights: those with the least error on `heldBack`, or the last.
  ///
  /// - Parameters:
  ///   - pretrained: a network whose weights to begin with, but for the last layer.
  ///   - earlier: where a run with the same arguments stood; it goes on from there.
  ///   - progress: called after each epoch with where the run stands; the run ends where it returns false.
  /// - Complexity: O(epochs · rows · parameters); in a step nothing is allocated.
  package func fit<Failure: Error>(
    _ input: NetworkInput, _ targets: Targets, rows: [Int], heldBack: [Int], generator: SeededGenerator,
    pretrained: NetworkMember? = nil, resuming earlier: State? = nil,
    progress: (Progress, State) throws(Failure) -> Bool
  ) throws(Failure) -> [Float] {
    var state = earlier ?? State(network, generator: generator, pretrained: pretrained)
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
    var order = [Int](repeating: 0, count: batch)
    var schedule = BatchSchedule(capacity: batch)

    while state.epoch < epochs {
      let permutation = state.generator.permutation(rows.count)
      var loss = 0.0
      for step in 0..<stepsPerEpoch {
        for i in 0..<batch { order[i] = rows[permutation[step * batch + i]] }
        schedule.plan(order, input)
        let plan = schedule
        let drop =
          network.recall == nil && dropout.pooled == 0 ? nil : StepDropout(seed: state.generator.next(), dropout)
        input.withView { view in
          state.weights.withUnsafeBufferPointer { weights in
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
                        p, gradientLanes[l], view, plan, plan.chunks[chunk], y, sides,
                        scale: 1 / Float(batch),
                        drop, memories[l])
                    }
                  }
                }
              }
            }
          }
        }
        for lane in 0..<Self.lanes { loss += Double(losses[lane]) }
        state.optimizer.update(
          &state.weights, gradients: gradients, layout: network.layout,
          rate: AdamW.rate(step: state.epoch * stepsPerEpoch + step, of: total, peak: peakRate), decay: decay)
      }
      let error =
        heldBack.isEmpty
        ? -Double(state.epoch) : self.error(input, targets, rows: heldBack, state.optimizer.average)
      if error <= state.bestError || keepsLast && state.epoch == epochs - 1 {
        (state.best, state.bestError) = (state.optimizer.average, error)
      }
      state.epoch += 1
      let isWanted = try progress(
        Progress(
          epoch: state.epoch, epochs: epochs, loss: loss / Double(stepsPerEpoch), heldBackError: max(0, error)
        ),
        state)
      if !isWanted { break }
    }
    return state.best
  }

  /// Forward, likelihood and backward for one chunk; returns its part of the loss.
  @inline(__always)
  private func passChunk(
    _ p: UnsafePointer<Float>, _ g: Floats, _ view: NetworkInput.View, _ plan: BatchSchedule,
    _ chunk: BatchSchedule.Chunk, _ y: UnsafeBufferPointer<Float>, _ sides: UnsafeBufferPointer<Int8>,
    scale: Float,
    _ drop: StepDropout?, _ m: NetworkMemory
  ) -> Float {
    plan.order.withUnsafeBufferPointer { order in
      guard let start = order.baseAddress else { return 0 }
      let rows = start + chunk.first
      network.forward(p, view, rows: rows, count: chunk.count, elements: chunk.elements, drop: drop, m)
      let loss = likelihood.loss(
        m.result, into: m.resultGradient, rows: rows, count: chunk.count, y: y, sides: sides, weight: scale)
      network.backward(p, g, view, rows: rows, count: chunk.count, elements: chunk.elements, drop: drop, m)
      return loss
    }
  }

  /// Mean absolute error, over rows that are numbers; a bound counts where it is missed.
  private func error(_ input: NetworkInput, _ targets: Targets, rows: [Int], _ weights: [Float]) -> Double {
    let centers = likelihood.summaries(of: network.predict(input, rows: rows, weights: weights)).medians
    var sum = 0.0
    for (k, row) in rows.enumerated() {
      let gap = centers[k] - Double(targets.values[row])
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
  /// The numbers that rows end in, rows × `shape.outputs`, in their order. On all cores.
  ///
  /// - Parameters:
  ///   - input: described rows.
  ///   - rows: which of them.
  ///   - weights: `layout.count` numbers.
  ///   - keys: what `recallKeys` made of the known compositions of the input; none where these are passed over once.
  package func predict(_ input: NetworkInput, rows: [Int], weights: [Float], keys: [Float] = []) -> [Float] {
    let width = shape.outputs
    var results = [Float](repeating: 0, count: input.count * width)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      forEachChunk(of: input, rows: rows, weights: weights, keys: keys) { rows, count, m in
        for c in 0..<count { for j in 0..<width { results[rows[c] * width + j] = m.result[c * width + j] } }
      }
    }
    return rows.count == input.count && rows.elementsEqual(0..<rows.count)
      ? results : rows.flatMap { results[$0 * width..<($0 + 1) * width] }
  }

  /// How much each row listens to each of its neighbours, rows × neighbours: the mean of the heads. What is missing
  /// to 1 is listening to none.
  func attention(_ input: NetworkInput, rows: [Int], weights: [Float]) -> [Float] {
    guard let recall else { return [] }
    let (k, heads) = (shape.neighbours, recall.heads)
    var result = [Float](repeating: 0, count: input.count * k)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      forEachChunk(of: input, rows: rows, weights: weights) { rows, count, m in
        guard let memory = m.recall else { return }
        for i in 0..<count * k {
          var sum: Float = 0
          for h in 0..<heads { sum += memory.attention[i * heads + h] }
          result[rows[i / k] * k + i % k] = sum / Float(heads)
        }
      }
    }
    return rows.flatMap { result[$0 * k..<($0 + 1) * k] }
  }

  /// The vectors that the last layer makes mean and scale of, rows × `shape.headWidth`.
  package func lastVectors(_ input: NetworkInput, rows: [Int], weights: [Float]) -> [Float] {
    let width = shape.headWidth
    var result = [Float](repeating: 0, count: input.count * width)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      forEachChunk(of: input, rows: rows, weights: weights) { rows, count, m in
        for c in 0..<count {
          for j in 0..<width { result[rows[c] * width + j] = m.headOut.x[c * width + j] }
        }
      }
    }
    return rows.flatMap { result[$0 * width..<($0 + 1) * width] }
  }

  /// A forward pass over rows, chunk by chunk; `body` gets the rows of a chunk, their number, and what came out.
  private func forEachChunk(
    of input: NetworkInput, rows: [Int], weights: [Float], keys: [Float] = [],
    _ body: @Sendable (UnsafePointer<Int>, Int, NetworkMemory) -> Void
  ) {
    var schedule = BatchSchedule(capacity: rows.count)
    schedule.plan(rows, input)
    let plan = schedule
    let share = 32
    let elements = input.largestElementCount
    input.withView { view in
      weights.withUnsafeBufferPointer { weights in
        plan.order.withUnsafeBufferPointer { order in
          keys.withUnsafeBufferPointer { keys in
            nonisolated(unsafe) let (weights, order, keys) = (weights, order, keys)
            Threads.forEachChunk(of: plan.chunks.count, chunkSize: share) { range in
              guard let p = weights.baseAddress, let start = order.baseAddress else { return }
              let m = NetworkMemory(self, elements: elements)
              for chunk in plan.chunks[range] {
                let rows = start + chunk.first
                forward(
                  p, view, rows: rows, count: chunk.count, elements: chunk.elements,
                  keys: keys.isEmpty ? nil : keys.baseAddress, m)
                body(rows, chunk.count, m)
              }
            }
          }
        }
      }
    }
  }
}
