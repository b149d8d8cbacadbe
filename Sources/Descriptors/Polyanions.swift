import Chemistry

/// Which anions a composition probably binds in polyanions.
///
/// A rule on composition and charges: cations of high charge bind anions in the order of this list,
/// each as many as its usual polyhedron has, oxygen first, then sulfur, then selenium, as long as there
/// are any. Boron without those binds four hydrogens, whatever their charges. Shared corners (P2O7, chains, networks) are
/// therefore counted as units that run out of anions. Lithium and larger cations bind none.
struct Polyanions {
  /// Shares of all anions that are bound.
  var phosphate = 0.0
  var silicate = 0.0
  var borate = 0.0
  var sulfate = 0.0
  var otherOxoanions = 0.0
  var thiophosphate = 0.0
  var otherThioanions = 0.0
  var borohydride = 0.0

  private enum Kind: Sendable { case phosphorus, silicon, boron, sulfur, other }

  private struct Centre: Sendable {
    let number: Int
    let charge: Double
    let ligands: Double
    let kind: Kind
    let isThioOnly: Bool
  }

  /// Nitrate, carbonate, sulfate, phosphate, borate, silicate and their heavier kin.
  private static let centres: [Centre] = {
    let list: [(String, Double, Double, Kind)] = [
      ("N", 5, 3, .other), ("C", 4, 3, .other), ("S", 6, 4, .sulfur), ("Se", 6, 4, .sulfur), ("Cl", 7, 4, .other),
      ("P", 5, 4, .phosphorus), ("As", 5, 4, .other), ("V", 5, 4, .other), ("Cr", 6, 4, .other), ("Mo", 6, 4, .other),
      ("W", 6, 4, .other), ("B", 3, 3, .boron), ("Si", 4, 4, .silicon), ("Ge", 4, 4, .silicon), ("Sb", 5, 4, .other),
      ("Sn", 4, 4, .other),
    ]
    return list.compactMap { symbol, charge, ligands, kind in
      Element(symbol).map { 
        Centre(
          number: $0.atomicNumber, charge: charge, ligands: ligands, kind: kind,
          isThioOnly: ["Sn", "Sb"].contains(symbol))
      }
    }
  }()

  private static let (hydrogen, boron, oxygen, sulfur, selenium) = (1, 5, 8, 16, 34)

  init(_ input: FeatureInput) {
    var (oxide, sulfide, selenide, anions) = (0.0, 0.0, 0.0, 0.0)
    for ion in input.ions where ion.charge < 0 {
      anions += ion.fraction
      switch input.numbers[ion.element] {
      case Self.oxygen: oxide += ion.fraction
      case Self.sulfur: sulfide += ion.fraction
      case Self.selenium: selenide += ion.fraction
      default: break
      }
    }
    if oxide + sulfide + selenide == 0, input.contains(Self.boron), input.contains(Self.hydrogen) {
      var (boron, hydrogen, others) = (0.0, 0.0, 0.0)
      for ion in input.ions {
        switch input.numbers[ion.element] {
        case Self.hydrogen: hydrogen += ion.fraction
        case Self.boron: boron += ion.fraction
        default: if ion.charge < 0 { others += ion.fraction }
        }
      }
      borohydride = min(4 * boron, hydrogen) / (hydrogen + others)
      return
    }
    guard anions > 0 else { return }
    let isOxide = oxide > 0
    Self.centres.withUnsafeBufferPointer { centres in
      for centre in centres {
        for ion in input.ions where input.numbers[ion.element] == centre.number && ion.charge == centre.charge {
          // Oxides of tin and antimony are networks of octahedra.
          if isOxide, centre.isThioOnly { continue }
          var wanted = centre.ligands * ion.fraction
          func take(_ store: inout Double) -> Double {
            let taken = min(wanted, store)
            store -= taken
            wanted -= taken
            return taken
          }
          let oxo = take(&oxide) / anions
          let thio = (take(&sulfide) + take(&selenide)) / anions
          switch centre.kind {
          case .phosphorus: (phosphate, thiophosphate) = (phosphate + oxo, thiophosphate + thio)
          case .silicon: (silicate, otherThioanions) = (silicate + oxo, otherThioanions + thio)
          case .boron: (borate, otherThioanions) = (borate + oxo, otherThioanions + thio)
          case .sulfur: (sulfate, otherThioanions) = (sulfate + oxo, otherThioanions + thio)
          case .other: (otherOxoanions, otherThioanions) = (otherOxoanions + oxo, otherThioanions + thio)
          }
        }
      }
    }
  }

  /// The share of all anions that are bound in units.
  var total: Double {
    phosphate + silicate + borate + sulfate + otherOxoanions + thiophosphate + otherThioanions + borohydride
  }
}
