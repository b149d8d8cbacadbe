import FileIO
import Foundation
import Mustache

/// A report as one HTML file that needs nothing beside it: style, script, charts and data are inside.
///
///     var page = ReportPage("Conductivity of lithium electrolytes", subtitle: "306 rows")
///     page.sections.append(DataSection(data, table: table, options: options, families: families).section)
///     try FileContents.write(page.html(), to: "report.html")
///
/// The file names the digests of its style and script in a content security policy, so a browser runs
/// nothing that data could smuggle in, and loads nothing. Equal contents give equal bytes.
public struct ReportPage: Sendable {
  public let title: String
  public let subtitle: String
  public var sections: [ReportSection] = []

  public init(_ title: String, subtitle: String = "") {
    self.title = title
    self.subtitle = subtitle
  }

  /// The file. O(bytes).
  ///
  /// - Throws: `MustacheTemplate.ParserError` for a broken template, which a test would find.
  public func html() throws -> Data {
    let library = MustacheLibrary(templates: [
      "page": try MustacheTemplate(string: ReportAsset.page.text),
      "section": try MustacheTemplate(string: ReportAsset.section.text),
    ])
    return Data((library.render(PageContext(self), withTemplate: "page") ?? "").utf8)
  }

  /// The name that a content security policy knows an inline style or script by.
  static func policyHash(_ text: String) -> String {
    "sha256-" + Digest.sha256Base64(Data(text.utf8))
  }
}
