import Chemistry

/// One repeating unit of a cell: electrodes, electrolyte and collectors with their thicknesses.
///
/// Every thickness, share and density is an input; nothing is assumed in silence. Rows of one layer share
/// its volume: active material, electrolyte and carbon of a composite cathode.
public struct CellStack: Sendable, Hashable {
  public struct Component: Sendable, Hashable {
    /// The layer it is part of, such as `cathode`.
    public var layer: String
    public var composition: Composition
    /// Of the whole layer, micrometres.
    public var thickness: Double
    /// Share of the volume of the layer; what is missing to 1 is empty.
    public var share: Double
    /// g/cm³.
    public var density: Double
    /// USD/kg; nil when not known.
    public var price: Double?
    /// mAh/g that it delivers as the active material of its layer; nil for others.
    public var capacity: Double?

    public init(
      layer: String, composition: Composition, thickness: Double, share: Double = 1, density: Double,
      price: Double?, capacity: Double? = nil
    ) {
      self.layer = layer
      self.composition = composition
      self.thickness = thickness
      self.share = share
      self.density = density
      self.price = price
      self.capacity = capacity
    }

    /// g/cm².
    var mass: Double { thickness * 1e-4 * share * density }
  }

  public let components: [Component]
  /// V, mean of discharge.
  public let voltage: Double

  public init(components: [Component], voltage: Double) {
    self.components = components
    self.voltage = voltage
  }

  /// mAh/cm²: that of the layer with the least, over the layers with active material.
  public var arealCapacity: Double {
    var sums: [String: Double] = [:]
    for one in components {
      if let capacity = one.capacity { sums[one.layer, default: 0] += one.mass * capacity }
    }
    return sums.values.min() ?? 0
  }

  /// Micrometres.
  public var thickness: Double {
    var layers: [String: Double] = [:]
    for one in components { layers[one.layer] = max(layers[one.layer] ?? 0, one.thickness) }
    // In a fixed order, so that equal stacks give equal sums.
    return layers.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
  }

  /// g/cm².
  public var mass: Double { components.reduce(0) { $0 + $1.mass } }

  /// Wh/kg of the stack, without case and terminals.
  public var specificEnergy: Double { arealEnergy / mass * 1e3 }

  /// Wh/L of the stack.
  public var energyDensity: Double { arealEnergy / (thickness * 1e-4) * 1e3 }

  /// Raw materials in USD/kWh; nil when a component has no price.
  public var materialCost: Double? {
    var sum = 0.0
    for one in components {
      guard let price = one.price else { return nil }
      sum += one.mass * 1e-3 * price
    }
    return arealEnergy > 0 ? sum / (arealEnergy * 1e-3) : nil
  }

  /// Wh/cm².
  private var arealEnergy: Double { arealCapacity * voltage * 1e-3 }
}

/// What a cell should reach: 250 to 350 Wh/kg and 120 USD/kWh unless set otherwise.
public struct CellTargets: Sendable, Hashable {
  /// Wh/kg.
  public var specificEnergy: ClosedRange<Double>
  /// USD/kWh.
  public var cost: Double

  public init(specificEnergy: ClosedRange<Double> = 250...350, cost: Double = 120) {
    self.specificEnergy = specificEnergy
    self.cost = cost
  }

  /// Where a stack stands: 0 at nothing, 1 at the lower bound of the specific energy and beyond.
  public func energyScore(_ stack: CellStack) -> Double { min(1, stack.specificEnergy / specificEnergy.lowerBound) }

  /// 1 where raw materials cost no more than the target, less in proportion beyond; nil without prices.
  public func costScore(_ stack: CellStack) -> Double? { stack.materialCost.map { min(1, cost / max($0, 1e-12)) } }
}
