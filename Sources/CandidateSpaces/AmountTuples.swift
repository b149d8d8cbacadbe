/// All tuples of whole amounts from 1 to a limit that share no divisor, in lexicographic order.
///
/// A tuple with a common divisor is the formula of a smaller one, which is listed too; leaving it
/// out is what makes every reduced formula appear once.
struct AmountTuples: Sendable {
  let width: Int
  let limit: Int
  /// `width` amounts for each tuple.
  let amounts: [UInt8]
  /// By the digits of a tuple in base `limit`: its rank, or −1.
  let ranks: [Int32]

  var count: Int { amounts.count / width }

  /// More tuples than this are not listed.
  static let largest = 1 << 20

  /// - Returns: nil for more than `largest` tuples.
  init?(width: Int, limit: Int) {
    var total = 1
    for _ in 0..<width {
      total *= limit
      if total > Self.largest { return nil }
    }
    var amounts: [UInt8] = []
    var ranks = [Int32](repeating: -1, count: total)
    var digits = [Int](repeating: 0, count: width)
    for code in 0..<total {
      var rest = code
      for position in stride(from: width - 1, through: 0, by: -1) {
        digits[position] = rest % limit + 1
        rest /= limit
      }
      guard digits.reduce(0, Self.divisor) == 1 else { continue }
      ranks[code] = Int32(amounts.count / width)
      amounts += digits.map { UInt8($0) }
    }
    self.width = width
    self.limit = limit
    self.amounts = amounts
    self.ranks = ranks
  }

  private static func divisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
