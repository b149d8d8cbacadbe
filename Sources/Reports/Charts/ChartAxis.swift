import Foundation

/// A scale with a name: `Energy above hull (meV/atom)`.
///
/// Bounds that are not given are those of the data, rounded outwards to a mark.
public struct ChartAxis: Sendable, Equatable {
  public enum Scale: Sendable, Equatable {
    case linear
    /// Decades; values at or below 0 cannot be drawn and are left out.
    case logarithmic
  }

  public var name: String
  public var unit: String
  public var scale: Scale
  public var lower: Double?
  public var upper: Double?

  public init(_ name: String, unit: String = "", scale: Scale = .linear, lower: Double? = nil, upper: Double? = nil) {
    self.name = name
    self.unit = unit
    self.scale = scale
    self.lower = lower
    self.upper = upper
  }

  var title: String { unit.isEmpty ? name : "\(name) (\(unit))" }

  /// Whether a value has a place on this axis.
  func accepts(_ value: Double) -> Bool { value.isFinite && (scale == .linear || value > 0) }

  /// The axis over some values.
  func fitted(to values: [Double]) -> FittedAxis {
    let usable = values.filter(accepts)
    var low = (lower.flatMap { accepts($0) ? $0 : nil }) ?? usable.min() ?? (scale == .linear ? 0 : 1)
    var high = (upper.flatMap { accepts($0) ? $0 : nil }) ?? usable.max() ?? (scale == .linear ? 1 : 10)
    if low > high { swap(&low, &high) }
    switch scale {
    case .linear:
      if high - low <= 1e-12 * max(abs(low), abs(high)) {
        let room = max(abs(low) * 0.1, 0.5)
        (low, high) = (low - room, high + room)
      }
      let step = FittedAxis.step(over: high - low)
      if lower == nil { low = (low / step + 1e-9).rounded(.down) * step }
      if upper == nil { high = (high / step - 1e-9).rounded(.up) * step }
    case .logarithmic:
      if lower == nil { low = pow(10, (log10(low) + 1e-9).rounded(.down)) }
      if upper == nil { high = pow(10, (log10(high) - 1e-9).rounded(.up)) }
      if high <= low { high = low * 10 }
    }
    return FittedAxis(axis: self, low: low, high: high)
  }
}

/// An axis with bounds and marks.
struct FittedAxis {
  let axis: ChartAxis
  let low: Double
  let high: Double
  /// An axis of names has no numbers.
  var hidesTicks = false

  /// 0 at the lower bound, 1 at the upper.
  func position(_ value: Double) -> Double {
    switch axis.scale {
    case .linear: (value - low) / (high - low)
    case .logarithmic: (log10(value) - log10(low)) / (log10(high) - log10(low))
    }
  }

  func contains(_ value: Double) -> Bool {
    guard axis.accepts(value) else { return false }
    let p = position(value)
    return p > -1e-9 && p < 1 + 1e-9
  }

  /// Where lines and numbers stand.
  var ticks: [Double] {
    if hidesTicks { return [] }
    switch axis.scale {
    case .linear:
      let step = Self.step(over: high - low)
      let first = Int((low / step - 1e-9).rounded(.up))
      let last = Int((high / step + 1e-9).rounded(.down))
      return last >= first ? (first...last).map { Double($0) * step } : []
    case .logarithmic:
      let first = Int((log10(low) - 1e-9).rounded(.up))
      let last = Int((log10(high) + 1e-9).rounded(.down))
      guard last >= first else { return [low, high] }
      let stride = max(1, Int((Double(last - first) / 8).rounded(.up)))
      return Swift.stride(from: first, through: last, by: stride).map { pow(10, Double($0)) }
    }
  }

  func label(_ tick: Double) -> String {
    if axis.scale == .logarithmic {
      let exponent = log10(tick)
      if abs(exponent - exponent.rounded()) < 1e-9 {
        // One notation for all marks of an axis.
        if ticks.allSatisfy({ abs(log10($0)) < 3.5 }) { return tick >= 1 ? tick.fixed(0) : tick.fixed(Int(-exponent.rounded())) }
        return exponent.rounded() == 0 ? "1" : "10" + Self.superscript(Int(exponent.rounded()))
      }
      return "\(tick)"
    }
    let step = Self.step(over: high - low)
    if max(abs(low), abs(high)) >= 1e6 || step < 1e-5 {
      return String(format: "%.3g", tick)
    }
    return tick.fixed(max(0, Int((-log10(step) - 1e-9).rounded(.up)))).replacingOccurrences(of: "-", with: "−")
  }

  /// A value in the digits that matter on this axis, for notes and descriptions.
  func number(_ value: Double) -> String {
    if axis.scale == .logarithmic || (value != 0 && !(1e-3..<1e6).contains(abs(value))) {
      return String(format: "%.2g", value).replacingOccurrences(of: "-", with: "−")
    }
    return value.fixed(max(0, Int((2 - log10(max(high - low, 1e-12))).rounded(.up)))).replacingOccurrences(of: "-", with: "−")
  }

  /// 1, 2 or 5 times a power of ten, for some five to nine marks.
  static func step(over range: Double) -> Double {
    guard range > 0, range.isFinite else { return 1 }
    let rough = range / 6
    let power = pow(10, log10(rough).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= rough * 0.999 { return factor * power }
    return 10 * power
  }

  static func superscript(_ number: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let text = String(abs(number)).compactMap(\.wholeNumberValue).map { digits[$0] }
    return (number < 0 ? "⁻" : "") + String(text)
  }
}
