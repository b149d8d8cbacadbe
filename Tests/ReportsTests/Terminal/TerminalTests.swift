import Foundation
import Reports
import Testing

@Suite struct TerminalTests {
  @Test func columnsOverrideTheTerminal() {
    #expect(Terminal(isTerminal: true, statedWidth: 80, environment: [:]).width == 80)
    #expect(Terminal(isTerminal: true, statedWidth: 80, environment: ["COLUMNS": "60"]).width == 60)
    #expect(Terminal(isTerminal: false, environment: ["COLUMNS": "0"]).width == Terminal.pageWidth)
    #expect(Terminal(isTerminal: false, environment: ["COLUMNS": "wide"]).width == Terminal.pageWidth)
  }

  @Test func colourIsForTerminalsThatWantIt() {
    #expect(Terminal(isTerminal: true, environment: [:]).hasColour)
    #expect(Terminal(isTerminal: true, environment: ["NO_COLOR": ""]).hasColour)
    #expect(!Terminal(isTerminal: true, environment: ["NO_COLOR": "1"]).hasColour)
    #expect(!Terminal(isTerminal: true, environment: ["TERM": "dumb"]).hasColour)
    #expect(!Terminal(isTerminal: false, environment: ["TERM": "xterm-256color"]).hasColour)
  }

  @Test func headsOfTablesAndPlacesOfReportsAreSetOff() {
    var table = TextTable([("name", .left)])
    table.append(["Li3N"])
    let plain = table.lines(width: 40)
    let colour = Terminal(isTerminal: true, environment: [:])
    #expect(Terminal(isTerminal: false, environment: [:]).emphasising(plain) == plain)
    #expect(colour.emphasising(plain) == ["\u{1B}[1mname\u{1B}[0m", "\u{1B}[2m────\u{1B}[0m", "Li3N"])
    #expect(
      colour.emphasising(report: "in.csv:3: warning: column x: odd; look") == "\u{1B}[1min.csv:3:\u{1B}[0m\u{1B}[33m warning:\u{1B}[0m column x: odd; look")
    #expect(colour.emphasising(report: "no place here") == "no place here")
    // Only escapes are added: what is read is the same.
    let text = "a.csv:1: two\nb.csv: three\n  c: four"
    #expect(colour.emphasising(report: text).replacing(#/\u{1B}\[\d+m/#, with: "") == text)
  }

  @Test(arguments: [20, 40, 60, 80, 200]) func theBarFitsTheTerminal(width: Int) {
    let terminal = Terminal(isTerminal: true, statedWidth: width, environment: ["NO_COLOR": "1"])
    let reporter = ProgressReporter("comparing models", quiet: false, terminal: terminal)
    for (done, note) in [(0, ""), (7, "a note of some length"), (20, "")] {
      let bar = reporter.bar(done, 20, elapsed: 12.5, note: note)
      #expect(bar.count < width, "\(bar)")
      #expect(bar.hasPrefix("comparing models"))
    }
    #expect(reporter.bar(20, 20, elapsed: 1, note: "").contains("20/20") || width < 30)
  }
}
