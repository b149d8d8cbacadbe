import Chemistry
import LinearAlgebra
import Stability

func composition(_ formula: String) -> Composition {
  do { return try Composition(formula: formula) } catch { preconditionFailure("\(error)") }
}

func element(_ symbol: String) -> Element {
  guard let element = Element(symbol) else { preconditionFailure(symbol) }
  return element
}

func phase(_ formula: String, _ energy: Double) -> Phase {
  Phase(formula, composition: composition(formula), formationEnergy: energy)
}

/// Random compounds of these elements, amounts up to `largest`, energies mostly below zero.
func randomPhases(
  _ symbols: [String], count: Int, largest: Int, generator: inout SeededGenerator
) -> [Phase] {
  (0..<count).compactMap { _ in
    let amounts = symbols.map { symbol in
      (element(symbol), Double(Int.random(in: 0...largest, using: &generator)))
    }
    guard let composition = Composition(amounts), composition.entries.count > 1 else { return nil }
    return Phase(composition, formationEnergy: Double.random(in: -3...0.3, using: &generator))
  }
}

/// The hull by trying every set of as many phases as there are elements.
func exhaustiveHull(_ phases: [Phase], elements: [Element], at target: Composition) -> Double {
  let m = elements.count
  let columns = phases.map { phase in elements.map { phase.composition.fraction(of: $0) } }
  let right = elements.map { target.fraction(of: $0) }
  var best = Double.infinity
  func choose(_ start: Int, _ chosen: [Int]) {
    if chosen.count == m {
      guard let weights = solve(chosen.map { columns[$0] }, right), weights.allSatisfy({ $0 > -1e-12 })
      else { return }
      best = min(best, zip(weights, chosen).reduce(0) { $0 + $1.0 * phases[$1.1].formationEnergy })
      return
    }
    for next in start..<phases.count { choose(next + 1, chosen + [next]) }
  }
  choose(0, [])
  return best
}

/// Weights w with Σ wⱼ·columnⱼ = right, by Cramer-free Gaussian elimination; nil if singular.
private func solve(_ columns: [[Double]], _ right: [Double]) -> [Double]? {
  let m = right.count
  var a = (0..<m).map { i in (0..<m).map { columns[$0][i] } + [right[i]] }
  for c in 0..<m {
    guard let p = (c..<m).max(by: { abs(a[$0][c]) < abs(a[$1][c]) }), abs(a[p][c]) > 1e-10 else {
      return nil
    }
    a.swapAt(c, p)
    for r in 0..<m where r != c {
      let factor = a[r][c] / a[c][c]
      for k in c...m { a[r][k] -= factor * a[c][k] }
    }
  }
  return (0..<m).map { a[$0][m] / a[$0][$0] }
}
