import Chemistry
import LinearAlgebra

extension PhaseDiagram {
  /// `decomposition(of:excludingSelf:)` for many compositions, in parallel.
  ///
  /// - Returns: one result for each composition, in order; the same for any number of threads.
  public func decompositions(
    of compositions: [Composition], excludingSelf: Bool = false, threads: Int = Threads.limit
  ) -> [Result<Decomposition, StabilityError>] {
    map(compositions, threads: threads) { (evaluator, composition) throws(StabilityError) in
      try evaluator.decomposition(of: composition, excludingSelf: excludingSelf)
    }
  }

  /// `hullEnergy(at:)` for many compositions, in parallel; eV/atom.
  public func hullEnergies(
    at compositions: [Composition], threads: Int = Threads.limit
  ) -> [Result<Double, StabilityError>] {
    map(compositions, threads: threads) { (evaluator, composition) throws(StabilityError) in
      try evaluator.hullEnergy(at: composition, excludingSelf: false)
    }
  }

  /// `hullEnergyExcludingSelf(at:)` for many compositions, in parallel; eV/atom.
  ///
  /// For the rows of the table that this diagram was made of, these are leave-one-out values: no
  /// row sees its own energy, so they can be features of a model of formation energies.
  public func hullEnergiesExcludingSelf(
    at compositions: [Composition], threads: Int = Threads.limit
  ) -> [Result<Double, StabilityError>] {
    map(compositions, threads: threads) { (evaluator, composition) throws(StabilityError) in
      try evaluator.hullEnergy(at: composition, excludingSelf: true)
    }
  }

  /// The hull at each composition from all phases but its own and one more, in parallel; eV/atom.
  ///
  /// - Parameters:
  ///   - compositions: where the hull is asked for.
  ///   - others: for each composition, that of the phase that is left out besides.
  ///   - threads: at most so many.
  public func hullEnergiesExcludingSelf(
    at compositions: [Composition], and others: [Composition], threads: Int = Threads.limit
  ) -> [Result<Double, StabilityError>] {
    let hidden = others.map { positions[CompositionKey($0)] ?? -1 }
    return map(compositions, threads: threads) { (evaluator, composition, i) throws(StabilityError) in
      try evaluator.hullEnergy(at: composition, excludingSelfAnd: hidden[i])
    }
  }

  func map<Answer: Sendable>(
    _ compositions: [Composition], threads: Int,
    _ body: @Sendable (inout HullEvaluator, Composition) throws(StabilityError) -> Answer
  ) -> [Result<Answer, StabilityError>] {
    map(compositions, threads: threads) { (evaluator, composition, _) throws(StabilityError) in
      try body(&evaluator, composition)
    }
  }

  /// Applies `body` to all compositions and their positions, those of one chemical system after each other.
  private func map<Answer: Sendable>(
    _ compositions: [Composition], threads: Int,
    _ body: @Sendable (inout HullEvaluator, Composition, Int) throws(StabilityError) -> Answer
  ) -> [Result<Answer, StabilityError>] {
    let systems = compositions.map(ElementSet.init)
    let order = compositions.indices.sorted { a, b in
      systems[a] == systems[b] ? a < b : systems[a].precedes(systems[b])
    }
    let results = [Result<Answer, StabilityError>?](unsafeUninitializedCapacity: compositions.count) {
      buffer, count in
      buffer.initialize(repeating: nil)
      count = compositions.count
      let slots = Slots(buffer)
      Threads.forEachChunk(of: order.count, chunkSize: 256, limit: threads) { chunk in
        var evaluator = HullEvaluator(self)
        for k in chunk {
          let i = order[k]
          do throws(StabilityError) {
            slots.buffer[i] = .success(try body(&evaluator, compositions[i], i))
          } catch {
            slots.buffer[i] = .failure(error)
          }
        }
      }
    }
    return results.compactMap(\.self)
  }
}

/// Memory that threads write at positions of their own.
struct Slots<Element>: @unchecked Sendable {
  let buffer: UnsafeMutableBufferPointer<Element>

  init(_ buffer: UnsafeMutableBufferPointer<Element>) { self.buffer = buffer }
}
