import Chemistry

/// Which buffer layer keeps an electrolyte and an electrode apart.
///
///     let ranked = diagram.coatings(candidates, electrolyte: lps, electrode: lco, voltage: nil)
///
/// A candidate is judged by its worse side: the larger mutual reaction energy of its two contacts; of
/// equal ones, such as those that react with neither, the wider electrochemical window is better.
/// The bare contact is the measure it has to beat.
public struct CoatingSearch: Sendable {
  public struct Candidate: Sendable, Hashable {
    public let composition: Composition
    /// The worst mixture with the electrolyte, eV/atom at or below 0.
    public let towardsElectrolyte: Interface.Kink
    /// The worst mixture with the electrode.
    public let towardsElectrode: Interface.Kink
    /// V against the metal of the ion; nil ends are open.
    public let window: (reduction: Double?, oxidation: Double?)

    /// The mutual reaction energy of the worse side, eV/atom at or below 0.
    public var worst: Double { min(towardsElectrolyte.mutualEnergy, towardsElectrode.mutualEnergy) }

    /// Volts between the limits; an open end counts as 10 V.
    var width: Double { (window.oxidation ?? 10) - (window.reduction ?? 0) }

    public static func == (a: Candidate, b: Candidate) -> Bool {
      a.composition == b.composition && a.towardsElectrolyte == b.towardsElectrolyte
        && a.towardsElectrode == b.towardsElectrode
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(composition) }
  }

  /// The contact without a layer.
  public let bare: Interface.Kink
  /// Least reactive first.
  public let candidates: [Candidate]
  /// Candidates without an answer, and why.
  public let failures: [(composition: Composition, error: StabilityError)]
}

extension PhaseDiagram {
  /// Ranks buffer layers between an electrolyte and an electrode.
  ///
  /// - Parameters:
  ///   - candidates: compositions of the layers.
  ///   - electrolyte: the one side of the layer.
  ///   - electrode: the other.
  ///   - reservoir: opens both contacts to an ion at a voltage; nil for closed contacts.
  ///   - ion: what the electrochemical windows of the layers are against.
  /// - Throws: what makes the bare contact unanswerable; a candidate's failure is kept in the result.
  public func coatings(
    _ candidates: [Composition], electrolyte: Composition, electrode: Composition,
    openTo reservoir: Interface.Reservoir? = nil, ion: MobileIon = .lithium
  ) throws(StabilityError) -> CoatingSearch {
    let bare = try interface(between: electrolyte, and: electrode, openTo: reservoir).worstMutual
    var ranked: [CoatingSearch.Candidate] = []
    var failures: [(Composition, StabilityError)] = []
    for candidate in candidates {
      do throws(StabilityError) {
        let inner = try interface(between: candidate, and: electrolyte, openTo: reservoir).worstMutual
        let outer = try interface(between: candidate, and: electrode, openTo: reservoir).worstMutual
        let window = try? electrochemicalWindow(of: candidate, ion: ion)
        ranked.append(
          .init(
            composition: candidate, towardsElectrolyte: inner, towardsElectrode: outer,
            window: (window?.reduction?.voltage, window?.oxidation?.voltage)))
      } catch {
        failures.append((candidate, error))
      }
    }
    let order = ranked.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      if abs(x.worst - y.worst) > 1e-9 { return x.worst > y.worst }
      return x.width != y.width ? x.width > y.width : a.offset < b.offset
    }
    return CoatingSearch(bare: bare, candidates: order.map(\.element), failures: failures)
  }
}
