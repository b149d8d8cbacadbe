import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of an SVG document, in order.
struct SVGReader {
  struct Element {
    let tag: String
    let attributes: [String: String]
    /// Characters directly inside.
    var text = ""

    func number(_ name: String) -> Double? { attributes[name].flatMap(Double.init) }
  }

  let elements: [Element]

  /// Fails the test when the document is not well-formed XML.
  init(_ svg: String) throws {
    final class Reader: NSObject, XMLParserDelegate {
      var found: [Element] = []
      var open: [Int] = []
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
      ) {
        open.append(found.count)
        found.append(Element(tag: name, attributes: attributes))
      }
      func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { _ = open.popLast() }
      func parser(_ parser: XMLParser, foundCharacters string: String) { if let last = open.last { found[last].text += string } }
    }
    let parser = XMLParser(data: Data(svg.utf8))
    let reader = Reader()
    parser.delegate = reader
    try #require(parser.parse(), "not well-formed: \(svg.prefix(300))")
    elements = reader.found
  }

  subscript(tag: String) -> [Element] { elements.filter { $0.tag == tag } }

  /// All texts that a reader sees.
  var texts: [String] { self["text"].map(\.text) }
}
