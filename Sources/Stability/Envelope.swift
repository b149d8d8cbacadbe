/// The lower envelope of straight lines that are known only by asking which is lowest at a point.
///
/// Phase equilibria are such envelopes: each equilibrium is a line in voltage (slope: ions held) or in
/// mixing fraction (slope: difference of chemical potentials). Two neighbouring lines are intersected
/// and the question asked there: a lower line splits the interval, none makes a breakpoint (Eisner and
/// Severance 1976). Two questions for each line of the envelope, whatever its shape.
enum Envelope {
  /// value = intercept + slope · t, and what is found there.
  struct Line<Content> {
    var intercept: Double
    var slope: Double
    var content: Content

    func value(at t: Double) -> Double { intercept + slope * t }
  }

  /// A line where it is the lowest.
  struct Piece<Content> {
    var line: Line<Content>
    var lower: Double
    var upper: Double
  }

  /// Lines nearer than this at their crossing meet there; in the units of the values (eV).
  static let tolerance = 1e-10
  /// Pieces shorter than this are single points.
  static let shortest = 1e-9

  /// The pieces over `lower...upper`, from the left.
  static func pieces<Content>(
    from lower: Double, to upper: Double,
    lowest: (Double) throws(StabilityError) -> Line<Content>
  ) throws(StabilityError) -> [Piece<Content>] {
    var lines = [try lowest(lower)]
    var crossings: [Double] = []
    var waiting = [try lowest(upper)]
    while let right = waiting.last, let left = lines.last {
      let start = crossings.last ?? lower
      let drop = left.slope - right.slope
      guard drop > 1e-12 else {
        // Parallel: the same line (or one that rounding keeps apart).
        waiting.removeLast()
        continue
      }
      let crossing = min(max((right.intercept - left.intercept) / drop, start), upper)
      let middle = try lowest(crossing)
      let known = min(left.value(at: crossing), right.value(at: crossing))
      if middle.value(at: crossing) < known - tolerance * max(1, abs(known)),
        middle.slope < left.slope, middle.slope > right.slope
      {
        waiting.append(middle)
      } else {
        crossings.append(crossing)
        lines.append(right)
        waiting.removeLast()
      }
    }
    var pieces: [Piece<Content>] = []
    for (k, line) in lines.enumerated() {
      let from = pieces.last?.upper ?? lower
      let to = k < crossings.count ? crossings[k] : upper
      // A line that touches in one point is not an equilibrium of its own.
      if to - from < shortest, lines.count > 1, !(k == lines.count - 1 && pieces.isEmpty) { continue }
      pieces.append(Piece(line: line, lower: from, upper: to))
    }
    if let last = pieces.indices.last { pieces[last].upper = upper }
    return pieces
  }
}
