/// Reads formulas: symbols with amounts, groups in brackets, and parts joined by a dot.
///
///     formula  = part (separator part)*              separator = · • * and, where it can be one, .
///     part     = [number] item+                      2Li2O, 0.5H2O
///     item     = (symbol | "(" formula ")") [number] brackets ( ) [ ] { } match their own kind
///     number   = decimal ["/" decimal]               2, .5, 1/3, 1e-3
///
/// Blanks may stand between items; subscripts (Li₇, Li$_{7}$) are read as amounts.
/// The work is linear in the length of the text, which is limited, as is the depth of brackets.
public enum FormulaParser {
  /// Bytes of one formula.
  public static let maximumLength = 10_000
  /// Brackets inside each other.
  public static let maximumDepth = 64
}

extension Composition {
  /// Reads a formula; see `FormulaParser` for what may be written.
  ///
  /// Deuterium `D` and tritium `T` count as hydrogen.
  ///
  /// - Throws: `FormulaError` with the position of the first character that cannot be read.
  /// - Complexity: O(length).
  public init(formula: String) throws(FormulaError) {
    var text = formula
    let fast: Result<Composition, FormulaScanner.Failure>? = text.withUTF8 { bytes in
      guard FormulaNormalizer.isPlain(bytes) else { return nil }
      return FormulaScanner.composition(bytes)
    }
    switch fast {
    case .success(let composition): self = composition
    case .failure(let failure):
      throw failure.error(in: formula, positions: nil)
    case nil:
      let normalized = try FormulaNormalizer.normalize(formula)
      let result = normalized.bytes.withUnsafeBufferPointer { FormulaScanner.composition($0) }
      switch result {
      case .success(let composition): self = composition
      case .failure(let failure):
        throw failure.error(in: formula, positions: normalized.positions)
      }
    }
  }
}

/// One pass over the ASCII bytes of a formula, without allocation but for the result.
struct FormulaScanner {
  /// What went wrong, with byte offsets; made into a `FormulaError` outside the hot path.
  struct Failure: Error {
    enum Kind {
      case kind(FormulaError.Kind)
      /// The bytes from the offset to `end` are what is wrong.
      case unknownElement(end: Int)
      case badAmount(end: Int)
      case unexpected
      /// A dot at `dot` that may be a decimal point or separate two parts.
      case ambiguousDot(dot: Int)
      /// A number that may follow the element before it or begin a part.
      case ambiguousNumber(start: Int)
    }
    let kind: Kind
    let offset: Int
  }

  /// An element and its amount so far.
  struct Item {
    /// 1...118.
    var number: UInt8
    var amount: Double
  }

  private struct Level {
    /// The first item inside the bracket, and of the current part.
    var groupStart: Int
    var partStart: Int
    var coefficient: Double
    var hasCoefficient: Bool
    var bracket: UInt8
    var offset: Int
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let symbols: SymbolTable
  private var index = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    symbols = SymbolTable.shared
  }

  static func composition(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<Composition, Failure> {
    guard bytes.count <= FormulaParser.maximumLength else {
      return .failure(Failure(kind: .kind(.tooLong), offset: 0))
    }
    return withUnsafeTemporaryAllocation(of: Item.self, capacity: max(1, bytes.count)) { items in
      withUnsafeTemporaryAllocation(of: Level.self, capacity: FormulaParser.maximumDepth + 1) { levels in
        var scanner = FormulaScanner(bytes)
        do throws(Failure) {
          let count = try scanner.scan(items, levels)
          return .success(try scanner.collect(items, count))
        } catch {
          return .failure(error)
        }
      }
    }
  }

  // MARK: Items

  /// Fills `items`; returns how many there are.
  private mutating func scan(
    _ items: UnsafeMutableBufferPointer<Item>, _ levels: UnsafeMutableBufferPointer<Level>
  ) throws(Failure) -> Int {
    var count = 0
    var depth = 0
    var level = Level(
      groupStart: 0, partStart: 0, coefficient: 1, hasCoefficient: false, bracket: 0, offset: 0)

    func finishPart() {
      guard level.hasCoefficient else { return }
      for i in level.partStart..<count { items[i].amount *= level.coefficient }
    }

    while index < bytes.count {
      let byte = bytes[index]
      if byte &- 65 < 26 {
        // A symbol and its amount.
        let start = index
        index += 1
        var second: UInt8 = 0
        if index < bytes.count, bytes[index] &- 97 < 26 {
          second = bytes[index]
          index += 1
          if index < bytes.count, bytes[index] &- 97 < 26 { throw unknown(start) }
        }
        var number = symbols.number(byte, second)
        if number == 0 {
          guard second == 0, byte == UInt8(ascii: "D") || byte == UInt8(ascii: "T") else {
            throw unknown(start)
          }
          number = 1
        }
        let amount = try scanAmount(element: number, closesGroup: false)
        items[count] = Item(number: number, amount: amount)
        count += 1
        continue
      }
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        guard depth < FormulaParser.maximumDepth else { throw Failure(kind: .kind(.tooDeep), offset: index) }
        levels.initializeElement(at: depth, to: level)
        depth += 1
        level = Level(
          groupStart: count, partStart: count, coefficient: 1, hasCoefficient: false, bracket: byte,
          offset: index)
        index += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        // ( is followed by ) in ASCII, [ and { by their partners after one more.
        guard depth > 0, byte &- level.bracket == (byte == UInt8(ascii: ")") ? 1 : 2) else {
          throw Failure(kind: .kind(.unbalancedBracket), offset: index)
        }
        guard count > level.groupStart else {
          throw Failure(kind: .kind(.emptyBrackets), offset: level.offset)
        }
        guard count > level.partStart else { throw Failure(kind: .unexpected, offset: index) }
        finishPart()
        let start = level.groupStart
        depth -= 1
        level = levels[depth]
        index += 1
        let amount = try scanAmount(element: 0, closesGroup: true)
        if amount != 1 { for i in start..<count { items[i].amount *= amount } }
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "*"):
        // Amounts are read with their items: a dot that is left over after an item separates.
        let isNumber = byte != UInt8(ascii: "*") && (byte != UInt8(ascii: ".") || isDigit(index + 1))
        if isNumber, count == level.partStart, !level.hasCoefficient {
          level.coefficient = try scanNumber()
          level.hasCoefficient = true
        } else if byte &- 48 >= 10, count > level.partStart {
          finishPart()
          level.partStart = count
          level.coefficient = 1
          level.hasCoefficient = false
          index += 1
          guard hasMore(depth) else { throw Failure(kind: .kind(.unexpectedEnd), offset: index) }
        } else {
          throw Failure(kind: .unexpected, offset: index)
        }
      case UInt8(ascii: " "): index += 1
      case UInt8(ascii: "-") where isDigit(index + 1) || (isDot(index + 1) && isDigit(index + 2)):
        throw Failure(kind: .kind(.negativeAmount), offset: index)
      default: throw Failure(kind: .unexpected, offset: index)
      }
    }
    guard depth == 0 else { throw Failure(kind: .kind(.unbalancedBracket), offset: level.offset) }
    if level.hasCoefficient, count == level.partStart {
      throw Failure(kind: .kind(.unexpectedEnd), offset: bytes.count)
    }
    finishPart()
    return count
  }

  /// Adds up the items of each element, by atomic number.
  private func collect(
    _ items: UnsafeMutableBufferPointer<Item>, _ count: Int
  ) throws(Failure) -> Composition {
    var distinct = 0
    // A formula has few elements: insertion keeps them in order; the position of each is looked up
    // only when there are many items.
    if count <= 24 {
      for i in 0..<count {
        let item = items[i]
        guard item.amount.isFinite else { throw Failure(kind: .badAmount(end: bytes.count), offset: 0) }
        if item.amount == 0 { continue }
        var j = distinct
        while j > 0, items[j - 1].number > item.number { j -= 1 }
        if j > 0, items[j - 1].number == item.number {
          items[j - 1].amount += item.amount
        } else {
          var k = distinct
          while k > j {
            items[k] = items[k - 1]
            k -= 1
          }
          items[j] = item
          distinct += 1
        }
      }
    } else {
      distinct = withUnsafeTemporaryAllocation(of: Double.self, capacity: Element.count + 1) { sums in
        sums.initialize(repeating: 0)
        for i in 0..<count { sums[Int(items[i].number)] += items[i].amount }
        var distinct = 0
        for number in 1...Element.count where sums[number] != 0 {
          items[distinct] = Item(number: UInt8(number), amount: sums[number])
          distinct += 1
        }
        return distinct
      }
    }
    guard distinct > 0 else { throw Failure(kind: .kind(.empty), offset: 0) }
    for i in 0..<distinct where !items[i].amount.isFinite {
      throw Failure(kind: .badAmount(end: bytes.count), offset: 0)
    }
    return Composition(
      ordered: [Composition.Entry](unsafeUninitializedCapacity: distinct) { buffer, initialized in
        for i in 0..<distinct {
          buffer.initializeElement(
            at: i,
            to: Composition.Entry(
              element: Element(unchecked: Int(items[i].number)), amount: items[i].amount))
        }
        initialized = distinct
      })
  }

  private func unknown(_ start: Int) -> Failure {
    var end = start + 1
    while end < bytes.count, bytes[end] &- 97 < 26 { end += 1 }
    return Failure(kind: .unknownElement(end: end), offset: start)
  }

  // MARK: Amounts

  /// The amount after an element or a closing bracket, 1 where none is written.
  private mutating func scanAmount(element: UInt8, closesGroup: Bool) throws(Failure) -> Double {
    guard index < bytes.count else { return 1 }
    var byte = bytes[index]
    if byte &- 48 >= 10, byte != UInt8(ascii: "."), byte != UInt8(ascii: " "),
      byte != UInt8(ascii: "-")
    { return 1 }
    let before = index
    while byte == UInt8(ascii: " ") {
      index += 1
      guard index < bytes.count else { return 1 }
      byte = bytes[index]
    }
    if byte == UInt8(ascii: "-"), isDigit(index + 1) || (isDot(index + 1) && isDigit(index + 2)) {
      throw Failure(kind: .kind(.negativeAmount), offset: index)
    }
    guard byte &- 48 < 10 || (byte == UInt8(ascii: ".") && isDigit(index + 1)) else { return 1 }
    let start = index
    // A plain amount of a few digits is nearly every amount there is.
    if byte &- 49 < 9, before == start {
      var value = Int(byte - 48)
      var next = index + 1
      while next < bytes.count, bytes[next] &- 48 < 10, next - start < 15 {
        value = value * 10 + Int(bytes[next] - 48)
        next += 1
      }
      let follower = next < bytes.count ? bytes[next] : 0
      if (follower &- 65 < 26 && follower != UInt8(ascii: "E")) || follower == 0 || follower == UInt8(ascii: "(")
        || follower == UInt8(ascii: ")")
      {
        index = next
        return Double(value)
      }
    }
    let value = try scanNumber()
    if before != start, index < bytes.count, startsItem(bytes[index]) {
      // "Li2S 3P2S5": the number stands with what follows.
      throw Failure(kind: .ambiguousNumber(start: start), offset: start)
    }
    if let dot = dotBefore(index, from: start),
      let first = try partEnd(start: start, dot: dot, element: element, closesGroup: closesGroup)
    {
      index = dot
      return first
    }
    return value
  }

  /// A number, perhaps divided by another. `index` is on its first digit or dot.
  private mutating func scanNumber() throws(Failure) -> Double {
    let start = index
    var value = try scanDecimal()
    if index < bytes.count, bytes[index] == UInt8(ascii: "/") {
      index += 1
      guard isDigit(index) else { throw Failure(kind: .badAmount(end: index), offset: start) }
      value /= try scanDecimal()
    }
    guard value.isFinite else { throw Failure(kind: .badAmount(end: index), offset: start) }
    return value
  }

  /// Digits with at most one decimal point, and an exponent.
  private mutating func scanDecimal() throws(Failure) -> Double {
    let start = index
    var mantissa: UInt64 = 0
    var digits = 0
    var decimals = 0
    while isDigit(index) {
      mantissa = mantissa &* 10 &+ UInt64(bytes[index] - 48)
      digits += 1
      index += 1
    }
    let whole = digits
    if whole > 1, bytes[start] == UInt8(ascii: "0") {
      throw Failure(kind: .badAmount(end: index), offset: start)
    }
    if isDot(index), isDigit(index + 1) {
      var end = index + 1
      while isDigit(end) { end += 1 }
      // A number has one point: in 3.0.5H2O the first dot separates.
      if !(isDot(end) && isDigit(end + 1)) || whole == 0 {
        for i in index + 1..<end { mantissa = mantissa &* 10 &+ UInt64(bytes[i] - 48) }
        decimals = end - index - 1
        digits += decimals
        index = end
      }
    }
    var hasExponent = false
    if isExponent(index) {
      hasExponent = true
      index += bytes[index + 1] &- 48 < 10 ? 1 : 2
      while isDigit(index) { index += 1 }
    }
    // Both are exact, so the quotient is the nearest number (Clinger, PLDI 1990).
    if !hasExponent, digits <= 15 { return Double(mantissa) / FormulaScanner.powersOfTen[decimals] }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    return Double(text) ?? .infinity
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// Whether an exponent such as e-07, E5 or e+16 begins here.
  private func isExponent(_ i: Int) -> Bool {
    guard i > 0, i < bytes.count, bytes[i] | 32 == UInt8(ascii: "e"), isDigit(i - 1) || isDot(i - 1) else {
      return false
    }
    if isDigit(i + 1) { return true }
    return i + 1 < bytes.count && (bytes[i + 1] == UInt8(ascii: "-") || bytes[i + 1] == UInt8(ascii: "+"))
      && isDigit(i + 2)
  }

  // MARK: Dots

  /// The decimal point of the number that ends at `end`, if it has one and is followed by an item.
  private func dotBefore(_ end: Int, from start: Int) -> Int? {
    guard end < bytes.count, startsItem(bytes[end]) else { return nil }
    var dot: Int?
    for i in start..<end {
      if isDot(i) { dot = i } else if bytes[i] &- 48 >= 10 { return nil }
    }
    return dot
  }

  /// Decides whether the dot in `…O4.5H2O` separates two parts.
  ///
  /// It can only separate when water follows and either the element before it is oxygen (nobody
  /// splits the oxygen in two), or charges balance that way and not the other.
  ///
  /// - Returns: the amount before the dot if it separates, nil if it is a decimal point.
  /// - Throws: an ambiguity when both readings make sense.
  private func partEnd(
    start: Int, dot: Int, element: UInt8, closesGroup: Bool
  ) throws(Failure) -> Double? {
    let fraction = dot + 1..<index
    // Coefficients of a part are whole here and have no leading zero.
    guard bytes[fraction.lowerBound] != UInt8(ascii: "0") else { return nil }
    let tail = FormulaTail(bytes, from: index)
    guard tail.isWater || (element == 8 && dot > start && tail.isOxide) else { return nil }
    let whole = dot > start ? Double(String(decoding: bytes[start..<dot], as: UTF8.self)) ?? 1 : 1
    if tail.isWater, whole != 0 {
      if element == 8 || closesGroup { return whole }
      switch tail.neutralReading(bytes, dot: dot) {
      case .separator: return whole
      case .decimalPoint: return nil
      case .undecided: break
      }
    }
    throw Failure(kind: .ambiguousDot(dot: dot), offset: dot)
  }

  // MARK: Bytes

  @inline(__always)
  private func isDigit(_ i: Int) -> Bool { i < bytes.count && bytes[i] &- 48 < 10 }

  @inline(__always)
  private func isDot(_ i: Int) -> Bool { i < bytes.count && bytes[i] == UInt8(ascii: ".") }

  @inline(__always)
  private func startsItem(_ byte: UInt8) -> Bool {
    byte &- 65 < 26 || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
  }

  /// Whether anything but blanks is left before the end or the closing bracket.
  private func hasMore(_ depth: Int) -> Bool {
    var i = index
    while i < bytes.count, bytes[i] == UInt8(ascii: " ") { i += 1 }
    return i < bytes.count
  }
}
