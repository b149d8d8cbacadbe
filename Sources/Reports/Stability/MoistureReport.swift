import Stability

/// Estimates of hydrolysis and thermal decomposition: text and JSON.
public struct MoistureReport: Sendable {
  public struct Entry: Sendable {
    public let formula: String
    public let hydrolysis: Hydrolysis
    public let thermal: ThermalDecomposition

    public init(formula: String, hydrolysis: Hydrolysis, thermal: ThermalDecomposition) {
      self.formula = formula
      self.hydrolysis = hydrolysis
      self.thermal = thermal
    }
  }

  private let entries: [Entry]

  public init(entries: [Entry]) { self.entries = entries }

  public var lines: [String] {
    var lines: [String] = []
    for entry in entries {
      if !lines.isEmpty { lines.append("") }
      lines.append("\(entry.formula) (estimate)")
      let water = entry.hydrolysis
      if let reaction = water.reaction {
        lines.append("  moist air: \(reaction)")
        let perWater = water.energyPerWater.map { ", \($0.fixed(0)) kJ for each mole of water" } ?? ""
        lines.append("    \(water.energyPerFormula.fixed(2)) eV for each formula unit\(perWater)")
        for gas in water.gases {
          lines.append("    \(gas.formula): \(gas.milligramsPerGram.fixed(0)) mg/g (\(gas.millimolesPerGram.fixed(2)) mmol/g)")
        }
      } else {
        lines.append("  moist air: no reaction with water sets energy free")
      }
      if let onset = entry.thermal.onset, let reaction = entry.thermal.reaction {
        let when = onset <= 298.65 ? "unstable at 25 °C already" : "from \((onset - 273.15).fixed(0)) °C"
        let gas = entry.thermal.gasMilligramsPerGram
        lines.append("  heat: \(when): \(reaction)\(gas > 0.5 ? " (\(gas.fixed(0)) mg/g of gas)" : "")")
      } else {
        lines.append("  heat: no decomposition up to the highest temperature")
      }
    }
    lines += ["", "Assumptions:"]
    var seen: [String] = []
    for text in entries.flatMap({ $0.hydrolysis.assumptions + $0.thermal.assumptions }) where !seen.contains(text) {
      seen.append(text)
      lines.append("- " + text)
    }
    return lines
  }

  public struct Document: Encodable {
    struct Gas: Encodable {
      let formula: String
      let milligramsPerGram: Double
      let millimolesPerGram: Double
    }
    struct Hydrolysis: Encodable {
      let energyPerFormula: Double
      let kilojoulesPerMoleOfWater: Double?
      let reaction: String?
      let gases: [Gas]
    }
    struct Thermal: Encodable {
      let onsetCelsius: Double?
      let reaction: String?
      let gasMilligramsPerGram: Double
    }
    struct Material: Encodable {
      let formula: String
      let isEstimate: Bool
      let hydrolysis: Hydrolysis
      let thermal: Thermal
      let assumptions: [String]
    }
    let materials: [Material]
    let phases: String
    let version: String
  }

  public func document(phases: String, version: String) -> Document {
    Document(
      materials: entries.map { entry in
        var assumptions = entry.hydrolysis.assumptions
        assumptions += entry.thermal.assumptions.filter { !assumptions.contains($0) }
        return .init(
          formula: entry.formula, isEstimate: true,
          hydrolysis: .init(
            energyPerFormula: entry.hydrolysis.energyPerFormula,
            kilojoulesPerMoleOfWater: entry.hydrolysis.energyPerWater,
            reaction: entry.hydrolysis.reaction?.description,
            gases: entry.hydrolysis.gases.map {
              .init(formula: $0.formula, milligramsPerGram: $0.milligramsPerGram, millimolesPerGram: $0.millimolesPerGram)
            }),
          thermal: .init(
            onsetCelsius: entry.thermal.onset.map { $0 - 273.15 }, reaction: entry.thermal.reaction?.description,
            gasMilligramsPerGram: entry.thermal.gasMilligramsPerGram), assumptions: assumptions)
      }, phases: phases, version: version)
  }
}
