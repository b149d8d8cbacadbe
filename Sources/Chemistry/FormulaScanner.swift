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
      /// A leading number that may count formula units or label the nuclide whose symbol ends at `end`.
      case ambiguousNuclide(end: Int)
    }
    let kind: Kind
    let offset: Int
  }

  typealias Item = FormulaItem

  private struct Level {
    /// The first item inside the bracket, and of the current part.
    var groupStart: Int
    var partStart: Int
    var coefficient: Double
    var hasCoefficient: Bool
    var bracket: UInt8
    var offset: Int
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private let symbols: SymbolTable
  var index = 0
  /// Whether the part that is being read has a coefficient of its own: then a hyphen may end it.
  var partHasCoefficient = false

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

    /// Where a leading 6Li ends if nothing says that the 6 is a coefficient.
    var nuclideEnd: Int?
    var hasParts = false

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
        partHasCoefficient = level.hasCoefficient && count > level.partStart
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
        partHasCoefficient = level.hasCoefficient
        let amount = try scanAmount(element: 0, closesGroup: true)
        if amount != 1 { for i in start..<count { items[i].amount *= amount } }
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "*"):
        // Amounts are read with their items: a dot that is left over after an item separates.
        let isNumber = byte != UInt8(ascii: "*") && (byte != UInt8(ascii: ".") || isDigit(index + 1))
        if isNumber, count == level.partStart, !level.hasCoefficient {
          let start = index
          level.coefficient = try scanNumber()
          level.hasCoefficient = true
          if depth == 0, count == 0 { nuclideEnd = endOfNuclide(from: start) }
        } else if byte &- 48 >= 10, count > level.partStart {
          if depth == 0 { hasParts = true }
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
      case UInt8(ascii: "-") where level.hasCoefficient && count >= level.partStart + 2 && isPart(index + 1):
        // 75Li2S-25P2S5
        if depth == 0 { hasParts = true }
        finishPart()
        level.partStart = count
        level.coefficient = 1
        level.hasCoefficient = false
        index += 1
      case UInt8(ascii: "-") where isDigit(index + 1) || (isDot(index + 1) && isDigit(index + 2)):
        throw Failure(kind: .kind(.negativeAmount), offset: index)
      default: throw Failure(kind: .unexpected, offset: index)
      }
    }
    guard depth == 0 else { throw Failure(kind: .kind(.unbalancedBracket), offset: level.offset) }
    if level.hasCoefficient, count == level.partStart {
      throw Failure(kind: .kind(.unexpectedEnd), offset: bytes.count)
    }
    if let nuclideEnd, !hasParts { throw Failure(kind: .ambiguousNuclide(end: nuclideEnd), offset: 0) }
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
      var kept = 0
      for i in 0..<count where items[i].amount != 0 {
        guard items[i].amount.isFinite else { throw Failure(kind: .badAmount(end: bytes.count), offset: 0) }
        items[kept] = items[i]
        kept += 1
      }
      distinct = PlainFormula.merge(items, kept)
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
}
