import BundledData
import Chemistry
import Foundation

/// An ideal gas with its standard enthalpy and entropy at any temperature.
///
/// NASA seven-coefficient polynomials of B. J. McBride, S. Gordon and M. A. Reno, NASA TM-4513 (1993),
/// relative to the elements in their reference states at 298.15 K and 1 bar.
public struct GasSpecies: Sendable, Hashable {
  public let formula: String
  public let composition: Composition
  /// Kelvin; outside, the polynomial is held at the nearest bound's coefficients.
  public let range: ClosedRange<Double>
  private let middle: Double
  private let low: [Double]
  private let high: [Double]

  /// J/(mol·K), exact since 2019.
  static let gasConstant = 8.31446261815324
  /// Joule per mole in an electronvolt per particle, exact since 2019.
  static let joulesPerElectronvolt = 96_485.33212331
  static let standardTemperature = 298.15

  /// The gases that come with the program.
  public static let bundled: [GasSpecies] = {
    let table = BundledData.gases.table
    let formulas = table.texts("formula")
    func numbers(_ name: String) -> [Double] { table.numbers(name).map { $0 ?? .nan } }
    let (lowest, middle, highest) = (numbers("lowest_K"), numbers("middle_K"), numbers("highest_K"))
    let low = (1...7).map { numbers("low_a\($0)") }
    let high = (1...7).map { numbers("high_a\($0)") }
    return formulas.indices.compactMap { i in
      guard let composition = try? Composition(formula: formulas[i]) else { return nil }
      return GasSpecies(
        formula: formulas[i], composition: composition, range: lowest[i]...highest[i], middle: middle[i],
        low: low.map { $0[i] }, high: high.map { $0[i] })
    }
  }()

  /// Enthalpy of formation at 298.15 K plus the heat taken up from there, J/mol.
  public func enthalpy(at temperature: Double) -> Double {
    let (a, t) = (coefficients(temperature), temperature)
    let polynomial = a[0] + t * (a[1] / 2 + t * (a[2] / 3 + t * (a[3] / 4 + t * a[4] / 5)))
    return Self.gasConstant * (t * polynomial + a[5])
  }

  /// Entropy at 1 bar, J/(mol·K).
  public func entropy(at temperature: Double) -> Double {
    let (a, t) = (coefficients(temperature), temperature)
    return Self.gasConstant
      * (a[0] * log(t) + t * (a[1] + t * (a[2] / 2 + t * (a[3] / 3 + t * a[4] / 4))) + a[6])
  }

  /// H(T) − T·S(T) + R·T·ln p, eV for each molecule, at a temperature in K and a pressure in bar.
  public func chemicalPotential(at temperature: Double, pressure: Double = 1) -> Double {
    (enthalpy(at: temperature) - temperature * entropy(at: temperature)
      + Self.gasConstant * temperature * log(pressure)) / Self.joulesPerElectronvolt
  }

  private func coefficients(_ temperature: Double) -> [Double] { temperature <= middle ? low : high }
}
