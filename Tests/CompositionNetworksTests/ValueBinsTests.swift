import Foundation
import LinearAlgebra
import Regression
import Testing

import CompositionNetworks

@Suite struct ValueBinsTests {
  private static func values(_ count: Int, heldAtZero: Bool) -> [Float] {
    var generator = SeededGenerator(seed: 11)
    return (0..<count).map { _ in
      let x = Float(generator.normal())
      return heldAtZero ? max(0, x) : x * x * x
    }
  }

  @Test(arguments: [false, true]) func placesFollowTheValuesAndTheirBinsHoldThem(heldAtZero: Bool) {
    let values = Self.values(500, heldAtZero: heldAtZero)
    let bins = ValueBins(of: values, atom: heldAtZero ? 0 : nil)
    #expect(bins.edges.count == ValueBins.count + 1)
    #expect(zip(bins.edges, bins.edges.dropFirst()).allSatisfy { $0 <= $1 })
    var last: Float = -1
    for value in values.sorted() {
      let place = bins.place(of: value)
      #expect(place >= last && place >= 0 && place <= Float(ValueBins.count - 1))
      last = place
      let bin = Int(place.rounded())
      let slack = 1e-4 * (1 + abs(value))
      #expect(bins.edges[bin] - slack <= value && value <= bins.edges[bin + 1] + slack)
    }
    #expect(bins.place(of: values.max() ?? 0) == Float(ValueBins.count - 1))
    // Zero is a bin of its own, and no positive value is in it.
    if heldAtZero {
      #expect(bins.edges[0] == 0 && bins.edges[1] == 0)
      #expect(bins.place(of: 0) == 0 && bins.place(of: 1e-6) >= 1)
    }
  }

  @Test func binsAreFineWhereValuesAreMany() {
    let bins = ValueBins(of: Self.values(2000, heldAtZero: false))
    let widths = zip(bins.edges, bins.edges.dropFirst()).map { $1 - $0 }
    let middle = Int(bins.place(of: 0).rounded())
    #expect(widths[middle] == widths.min() ?? 0 || widths[middle] < 1.05 * (widths.min() ?? 0))
    #expect((widths.last ?? 0) > 3 * widths[middle])
  }

  @Test func valuesThatAreAllOneHaveBinsToo() {
    for bins in [ValueBins(of: [2, 2, 2]), ValueBins(of: [0, 0, 0], atom: 0)] {
      #expect(bins.edges.allSatisfy { $0.isFinite })
      #expect(bins.place(of: 2).isFinite)
    }
  }

  /// By finite differences, of values at the ends, inside, in the single value, and of bounds.
  @Test(arguments: [-1, 0, 1] as [Int8], [false, true]) func gradientsOfTheLikelihood(side: Int8, heldAtZero: Bool) {
    let bins = ValueBins(of: Self.values(300, heldAtZero: heldAtZero), atom: heldAtZero ? 0 : nil)
    var generator = SeededGenerator(seed: 5)
    for y in [-9, 0, 0.02, 0.7, 40] as [Float] {
      let logits = (0..<ValueBins.count).map { _ in Float(generator.normal()) }
      func loss(_ x: [Float], _ g: inout [Float]) -> Float {
        var x = x
        return x.withUnsafeMutableBufferPointer { x in
          g.withUnsafeMutableBufferPointer { g in
            guard let x = x.baseAddress, let g = g.baseAddress else { return .nan }
            return bins.loss(x, y: y, side: side, weight: 1, into: g)
          }
        }
      }
      var gradient = [Float](repeating: 0, count: ValueBins.count)
      var unused = gradient
      let whole = loss(logits, &gradient)
      #expect(whole.isFinite && whole >= 0)
      #expect(abs(gradient.reduce(0, +)) < 1e-5)
      for k in stride(from: 0, to: ValueBins.count, by: 3) {
        var (up, down) = (logits, logits)
        up[k] += 0.02
        down[k] -= 0.02
        let slope = (loss(up, &unused) - loss(down, &unused)) / 0.04
        #expect(abs(slope - gradient[k]) < 2e-4 + 2e-3 * abs(gradient[k]), "bin \(k) of \(y)")
      }
    }
  }

  /// A bound at a value says: below it, or above it; the two probabilities make one.
  @Test func theTwoSidesOfABoundMakeOne() {
    let bins = ValueBins(of: Self.values(300, heldAtZero: false))
    var generator = SeededGenerator(seed: 6)
    let logits = (0..<ValueBins.count).map { _ in Float(generator.normal()) }
    var gradient = logits
    let sum = ([-1, 1] as [Int8]).reduce(Float(0)) { sum, side in
      var x = logits
      return sum + exp(-x.withUnsafeMutableBufferPointer { x in
        gradient.withUnsafeMutableBufferPointer { g in
          guard let x = x.baseAddress, let g = g.baseAddress else { return .nan }
          return bins.loss(x, y: 0.3, side: side, weight: 1, into: g)
        }
      })
    }
    #expect(abs(sum - 1) < 1e-5)
  }
}
