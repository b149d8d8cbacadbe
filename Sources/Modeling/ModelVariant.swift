import GaussianProcesses

/// A kind of model with settings of its own, written `KIND` or `KIND:key=value:key=value`, for comparisons.
///
/// Keys: `descriptors` (sets joined by `+`), `likelihood`, `bounds`, `intervals`, `method`, `noise` as the options of those
/// names, and `learn`, which says what rows are learned from: `all`, `measured` (no bounds) or `room` (within 10 °C of
/// 25 °C, or of no temperature). All rows are predicted.
public struct ModelVariant: Sendable, Equatable {
  public enum LearnedRows: String, Sendable, CaseIterable {
    case all, measured, room

    func includes(_ row: Measurements.Row) -> Bool {
      switch self {
      case .all: true
      case .measured: row.censoring == .none
      case .room: ModelComparison.isAtRoom(row)
      }
    }
  }

  /// The text it was parsed from.
  public private(set) var name: String
  public let kind: ModelKind
  var descriptors: String?
  var likelihood: GaussianProcessLikelihood?
  var bounds: GaussianProcessRegressor.CensoredRows?
  var intervals: IntervalMethod?
  var method: GaussianProcessMethod?
  var noise: NoiseSource?
  var learned = LearnedRows.all

  /// Why a text names no variant.
  public struct ParseError: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  public init(_ kind: ModelKind) {
    name = kind.rawValue
    self.kind = kind
  }

  public init(parsing text: String) throws(ParseError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let kind = ModelKind(rawValue: String(parts[0])) else {
      let names = ModelKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ParseError(description: "\"\(parts[0])\" is no model; models are \(names)")
    }
    self.init(kind)
    name = text
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { throw ParseError(description: "\"\(part)\" in \"\(text)\" is not of the form key=value") }
      switch pair[0] {
      case "descriptors": descriptors = pair[1].split(separator: "+").joined(separator: ",")
      case "likelihood": likelihood = try Self.value(pair[1], of: pair[0])
      case "bounds": bounds = try Self.value(pair[1], of: pair[0])
      case "intervals": intervals = try Self.value(pair[1], of: pair[0])
      case "method": method = try Self.value(pair[1], of: pair[0])
      case "noise": noise = try Self.value(pair[1], of: pair[0])
      case "learn": learned = try Self.value(pair[1], of: pair[0])
      default:
        throw ParseError(
          description: "\"\(pair[0])\" in \"\(text)\" is not one of descriptors, likelihood, bounds, intervals, method, noise, learn")
      }
    }
  }

  private static func value<T: RawRepresentable & CaseIterable>(
    _ text: String, of key: String
  ) throws(ParseError) -> T where T.RawValue == String {
    guard let value = T(rawValue: text) else {
      throw ParseError(description: "\(key) takes \(T.allCases.map(\.rawValue).joined(separator: ", ")), not \"\(text)\"")
    }
    return value
  }

  /// Options with what the variant sets.
  func options(_ base: ModelingOptions) -> ModelingOptions {
    var result = base
    result.model = kind
    result.descriptors = descriptors ?? base.descriptors
    result.likelihood = likelihood ?? base.likelihood
    result.bounds = bounds ?? base.bounds
    result.intervals = intervals ?? base.intervals
    result.method = method ?? base.method
    result.noise = noise ?? base.noise
    return result
  }
}
