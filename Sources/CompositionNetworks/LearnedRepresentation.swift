import BundledData
import Chemistry
import Descriptors
import Foundation
import LinearAlgebra
import ModelFiles
import Synchronization

/// What a network that learned formation energies makes of a composition: the descriptor set `learned`.
///
/// The pooled vectors, lithium's own vector after it has listened to the other elements (zeros without lithium), the
/// mean vector of the elements by fraction, and the output: median and logarithm of scale of the formation energy, on
/// the scale of the network. For small tables of other properties this is chemistry learned elsewhere.
public struct LearnedRepresentation: Featurizer {
  public let name = Self.setName
  public static let setName = "learned"
  public let columns: [DescriptorColumn]
  public let count: Int
  public let citations = [
    "A. Jain et al., The Materials Project, APL Materials 1, 011002 (2013)",
    "C. J. Bartel et al., npj Comput. Mater. 6, 97 (2020)",
  ]

  let member: NetworkMember
  private var network: CompositionNetwork { member.network }
  private var weights: [Float] { member.weights }
  private let pool = MemoryPool()

  /// The network that comes with the program, `Models/formation-energy.safetensors`; nil should that be unreadable.
  public static let bundled: LearnedRepresentation? = {
    guard let archive = try? Safetensors.decode(BundledData.formationEnergyNetwork),
      let model = try? CompositionNetworkModel(archive: archive)
    else { return nil }
    return LearnedRepresentation(model)
  }()

  /// The representation of the first network of a model; nil where that asks for more than a formula.
  public init?(_ model: CompositionNetworkModel) {
    guard let member = model.members.first, member.design == .direct, member.network.shape.extras == 0 else { return nil }
    self.member = member
    let network = member.network
    let shape = network.shape
    func named(_ part: String, _ count: Int) -> [DescriptorColumn] {
      (1...count).map { DescriptorColumn("learned \(part) \($0)") }
    }
    columns =
      named("pooled", network.pooling.outputs) + named("lithium", shape.width) + named("mean", shape.width)
      + named("output", 2)
    count = columns.count
  }

  public func fill(_ out: UnsafeMutableBufferPointer<Double>, from input: FeatureInput) {
    let composition = Composition(
      (0..<input.count).compactMap { i in Element(atomicNumber: input.numbers[i]).map { ($0, input.fractions[i]) } })
    guard let composition else {
      out.update(repeating: 0)
      return
    }
    let n = composition.entries.count
    let row = NetworkInput([composition], standardized: Matrix(rows: 1, columns: 0))
    let memory = pool.take(network, elements: n)
    row.withView { view in
      weights.withUnsafeBufferPointer { weights in
        guard let p = weights.baseAddress else { return }
        network.forward(p, view, rows: [0], count: 1, elements: n, memory)
      }
    }
    let (pooled, width) = (network.pooling.outputs, network.shape.width)
    for i in 0..<pooled { out[i] = Double(memory.pooled[i]) }
    for j in 0..<2 * width { out[pooled + j] = 0 }
    for (k, entry) in composition.entries.enumerated() {
      let (vector, fraction) = (memory.final.x + k * width, composition.fraction(of: entry.element))
      for j in 0..<width { out[pooled + width + j] += fraction * Double(vector[j]) }
      if entry.element.atomicNumber == 3 { for j in 0..<width { out[pooled + j] = Double(vector[j]) } }
    }
    let result = Array(UnsafeBufferPointer(start: memory.result, count: network.shape.outputs))
    let (centers, scales) = member.likelihood.summaries(of: result)
    out[pooled + 2 * width] = centers[0]
    out[pooled + 2 * width + 1] = log(max(scales[0], 1e-12))
    pool.give(memory, elements: n)
  }
}

/// Workspaces that calls take and give back.
private final class MemoryPool: Sendable {
  /// Rows of more elements get a workspace of their own.
  private static let usual = 12
  private let free = Mutex<[NetworkMemory]>([])

  func take(_ network: CompositionNetwork, elements: Int) -> NetworkMemory {
    guard elements <= Self.usual else { return NetworkMemory(network, elements: elements) }
    return free.withLock { $0.popLast() } ?? NetworkMemory(network, elements: Self.usual)
  }

  func give(_ memory: NetworkMemory, elements: Int) {
    if elements <= Self.usual { free.withLock { $0.append(memory) } }
  }
}

extension DescriptorSet {
  /// As `init(named:)`, and `learned` for the representation that comes with the program.
  ///
  /// - Throws: `DescriptorError`.
  public init(naming names: String) throws(DescriptorError) {
    let parts = names.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let others = parts.filter { $0.lowercased() != LearnedRepresentation.setName }
    guard others.count < parts.count, let learned = LearnedRepresentation.bundled else {
      try self.init(named: names)
      return
    }
    guard !others.isEmpty else {
      self.init([learned])
      return
    }
    self.init(try DescriptorSet(named: others.joined(separator: ",")).featurizers + [learned])
  }
}
