/// For a number of atoms of one element: the best that any choice of their states can score, for
/// every total charge.
///
/// best[s] = max Σ counts of the atoms' states over all choices with charges adding up to
/// `lowest + s`; `unreachable` or less where there is none. By dynamic programming over the atoms,
/// f(n, s) = max over states q of f(n − 1, s − q) + count(q): exact, and tables for fewer atoms are
/// kept, so that in steady state nothing is computed.
final class ChargeSums {
  struct Table {
    let best: UnsafePointer<Int32>
    let lowest: Int
    let size: Int
    var highest: Int { lowest + size - 1 }
  }

  /// Most atoms of one element with several states.
  static let largestAmount = 64
  /// Below every score, and far from overflow when scores are added to it.
  static let unreachable: Int32 = -(1 << 29)
  /// Scores above are those of something.
  static let reachable: Int32 = -(1 << 28)

  private let states: OxidationStateTable
  private var tables: [Table?]

  init(_ states: OxidationStateTable) {
    self.states = states
    tables = [Table?](repeating: nil, count: Element.count * (Self.largestAmount + 1))
  }

  deinit { for case let table? in tables { table.best.deallocate() } }

  /// - Parameter amount: 1...`largestAmount`.
  func table(_ number: Int, _ amount: Int) -> Table {
    let slot = (number - 1) * (Self.largestAmount + 1) + amount
    if let table = tables[slot] { return table }
    let own = states.states[number - 1]
    let low = own[0].charge
    let range = own[own.count - 1].charge - low
    let size = amount * range + 1
    let best = UnsafeMutablePointer<Int32>.allocate(capacity: size)
    best.initialize(repeating: Self.unreachable, count: size)
    if amount == 1 {
      for state in own { best[state.charge - low] = state.count }
    } else {
      let fewer = table(number, amount - 1)
      for state in own {
        let shift = state.charge - low
        for s in 0..<fewer.size where fewer.best[s] > Self.reachable {
          best[s + shift] = max(best[s + shift], fewer.best[s] + state.count)
        }
      }
    }
    let table = Table(best: UnsafePointer(best), lowest: amount * low, size: size)
    tables[slot] = table
    return table
  }
}
