import ArgumentParser
import Chemistry
import Reports

struct OxidationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oxidation", abstract: "Oxidation states that make formulas neutral, fractional ones too.",
    discussion: """
      Whole formulas are ranked as by pymatgen; fractional amounts and mixed valence are shared among states.
      probability: how usual the states are, as the geometric mean over the atoms of the share of their state
      in the ICSD.

      Example:
        superionic oxidation Fe3O4 Li0.33La0.56TiO3 --alternatives 2
      """)

  @Argument(help: "Formulas.")
  var formulas: [String]

  @Option(help: "How many further assignments to show for each formula.")
  var alternatives = 0

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...100).contains(alternatives) else {
      throw ValidationError("--alternatives takes a number from 0 to 100, not \(alternatives)")
    }
  }

  func run() throws {
    common.apply()
    let materials = try PhaseOptions.materials(formulas)
    let answers = materials.map {
      Answer(formula: $0.name, OxidationStates.assignments($0.composition, limit: 1 + alternatives))
    }
    if common.json { return try printJSON(answers) }
    var table = TextTable([
      ("formula", .left), ("states", .left), ("method", .left), ("probability", .right), ("residual", .right),
    ])
    for (answer, material) in zip(answers, materials) {
      if answer.assignments.isEmpty { table.append([material.name, "no neutral assignment", "", "", ""]) }
      for (rank, assignment) in answer.assignments.enumerated() {
        table.append([
          rank == 0 ? material.name : "", assignment.text, assignment.method, assignment.probability.fixed(3),
          assignment.residual.fixed(3),
        ])
      }
    }
    for line in table.lines(width: common.width) { print(line) }
  }

  private struct Answer: Encodable {
    struct Assignment: Encodable {
      struct State: Encodable {
        let charge: Int
        let share: Double
      }
      /// By symbol.
      let charges: [String: Double]
      let states: [String: [State]]
      let method: String
      let probability: Double
      let score: Double
      let residual: Double
      let text: String

      /// `text` is for people and left out of the document.
      enum CodingKeys: CodingKey { case charges, states, method, probability, score, residual }
    }

    let formula: String
    /// Best first; none where nothing is neutral.
    let assignments: [Assignment]

    init(formula: String, _ found: [ChargeAssignment]) {
      self.formula = formula
      assignments = found.map { found in
        Assignment(
          charges: Dictionary(uniqueKeysWithValues: found.elements.map { ($0.element.symbol, $0.meanCharge) }),
          states: Dictionary(
            uniqueKeysWithValues: found.elements.map { element in
              (element.element.symbol, element.states.map { Assignment.State(charge: $0.charge, share: $0.share) })
            }),
          method: found.method.rawValue, probability: found.probability, score: found.score, residual: found.residual,
          text: found.elements.map { element in
            let states = element.states.map { state in
              let sign = state.charge > 0 ? "+" : state.charge < 0 ? "-" : ""
              let share = element.states.count > 1 ? " \((state.share * 100).fixed(1))%" : ""
              return "\(abs(state.charge))\(sign)\(share)"
            }
            return "\(element.element.symbol) \(states.joined(separator: " "))"
          }.joined(separator: ", "))
      }
    }
  }
}
