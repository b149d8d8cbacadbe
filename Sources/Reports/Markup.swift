/// HTML or XML text. What is interpolated is escaped, unless it is markup itself.
///
///     let row: Markup = "<td>\(candidate.name)</td>"
package struct Markup: ExpressibleByStringInterpolation, Sendable {
  package private(set) var text: String

  package init(stringLiteral value: String) { text = value }

  package init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  package init(_ parts: [Markup]) { text = parts.map(\.text).joined() }

  package struct Interpolation: StringInterpolationProtocol {
    var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + 16 * interpolationCount) }

    package mutating func appendLiteral(_ literal: String) { text += literal }

    package mutating func appendInterpolation(_ markup: Markup) { text += markup.text }

    package mutating func appendInterpolation(_ parts: [Markup]) { for part in parts { text += part.text } }

    package mutating func appendInterpolation(_ value: some CustomStringConvertible) { text += Markup.escaped(value.description) }
  }

  /// The text with the five special characters escaped, for element content and quoted attributes.
  ///
  /// It goes by Unicode scalars: a mark before or after `<` makes one `Character` with it (U+0600 is such
  /// a mark), and a comparison of characters would let it through. Control characters become U+FFFD, those that
  /// XML forbids and the deletion.
  package static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      case "\t", "\n", "\r": result.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value & 0xFFFE == 0xFFFE: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
