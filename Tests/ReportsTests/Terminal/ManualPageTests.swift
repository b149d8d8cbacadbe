import Foundation
import Reports
import Testing

@Suite struct ManualPageTests {
  /// What swift-argument-parser 1.8.2 prints for `--experimental-dump-help`, shortened to two commands.
  static let description = #"""
    {"serializationVersion": 0, "command": {"commandName": "tool", "abstract": "Does things.", "discussion": "Example:\n\n  tool run a.csv \\\n    -o b.csv\n\nThat is all.",
     "subcommands": [
       {"commandName": "run", "abstract": "Runs.", "shouldDisplay": true, "arguments": [
         {"kind": "positional", "isOptional": false, "isRepeating": true, "shouldDisplay": true, "valueName": "input", "abstract": "Files; - is standard input.", "parsingStrategy": "default"},
         {"kind": "option", "isOptional": false, "isRepeating": false, "shouldDisplay": true, "valueName": "output", "abstract": ".csv to write.", "names": [{"kind": "short", "name": "o"}, {"kind": "long", "name": "output"}]},
         {"kind": "option", "isOptional": true, "isRepeating": false, "shouldDisplay": true, "valueName": "rule", "abstract": "The rule.", "allValues": ["ei", "pi"], "defaultValue": "ei", "names": [{"kind": "long", "name": "rule"}]},
         {"kind": "flag", "isOptional": true, "isRepeating": false, "shouldDisplay": true, "valueName": "json", "abstract": "JSON.", "names": [{"kind": "long", "name": "json"}]},
         {"kind": "flag", "isOptional": true, "isRepeating": false, "shouldDisplay": true, "valueName": "help", "abstract": "Help.", "names": [{"kind": "long", "name": "help"}]}]},
       {"commandName": "group", "subcommands": [
         {"commandName": "look", "abstract": "Looks.", "arguments": [
           {"kind": "flag", "isOptional": true, "isRepeating": false, "shouldDisplay": true, "valueName": "json", "abstract": "JSON.", "names": [{"kind": "long", "name": "json"}]}]}]},
       {"commandName": "help", "abstract": "Help."}]}}
    """#

  @Test func everyCommandAndOptionStandsOnce() throws {
    let page = try ManualPage(describing: Data(Self.description.utf8), version: "9.9").text
    let lines = page.split(separator: "\n").map(String.init)
    #expect(lines.filter { $0.hasPrefix(".SS") } == [".SS run", ".SS group", ".SS group look"])
    #expect(lines.contains(#"\fIinput\fR ... \-o \fIoutput\fR [\-\-rule \fIrule\fR] [\fIcommon options\fR]"#), "\(page)")
    #expect(lines.contains(#"\fB\-o\fR, \fB\-\-output\fR \fIoutput\fR"#))
    #expect(lines.contains("The rule. One of ei, pi. Default: ei."))
    // A line that begins with a dot would be a macro.
    #expect(lines.contains(#"\&.csv to write."#))
    #expect(page.components(separatedBy: #"\fB\-\-json\fR"#).count == 2 && !page.contains("help"))
    #expect(page.contains("tool run a.csv \\e\n"))
    #expect(lines.count { $0 == ".nf" } == lines.count { $0 == ".fi" })
  }
}
