import Reports
import Testing

struct QuantityTests {
  @Test(arguments: [
    ("conductivity_S_cm", "Conductivity", "S/cm"), ("eV_per_atom", "Energy", "eV/atom"),
    ("decomposition_energy_eV_per_atom", "Decomposition energy", "eV/atom"), ("temperature_C", "Temperature", "°C"),
    ("oxidation_V", "Oxidation", "V"), ("density", "Density", ""), ("NaV", "NaV", ""), ("V", "Value", "V"), ("", "", ""),
    ("_eV", "Energy", "eV"),
  ])
  func endingsAreUnits(column: String, name: String, unit: String) {
    let quantity = Quantity(column: column)
    #expect(quantity.name == name)
    #expect(quantity.unit == unit)
  }
}
