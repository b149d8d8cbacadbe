import Foundation
import Reports
import Testing

private struct Row {
  let name: String
  let value: Double?
  let isKnown: Bool
}

struct RecordTableTests {
  private let table = RecordTable<Row>([
    .init(csv: "name", json: "label") { .text($0.name) }, .init(csv: "value_V", json: "value") { .optional($0.value) },
    .init(csv: "known") { .bool($0.isKnown) }, .init(json: "both") { .array([.text($0.name), .integer($0.isKnown ? 1 : 0)]) },
  ])
  private let rows = [Row(name: "a,b", value: 0.1, isKnown: true), Row(name: "<c>", value: nil, isKnown: false)]

  @Test func oneDescriptionGivesCSVAndJSON() throws {
    #expect(String(decoding: table.csv(of: rows).data, as: UTF8.self) == "name,value_V,known\n\"a,b\",0.1,yes\n<c>,,no\n")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // A member without a value is left out, as for an optional property.
    #expect(
      String(decoding: try encoder.encode(table.json(of: rows)), as: UTF8.self)
        == #"[{"both":["a,b",1],"label":"a,b","value":0.1},{"both":["<c>",0],"label":"<c>"}]"#)
  }

  @Test func whatJSONLacksIsNull() throws {
    let value = JSONValue.array([.number(.nan), .number(-.infinity), .number(2), .null, .bool(true), .object([])])
    #expect(String(decoding: try JSONEncoder().encode(value), as: UTF8.self) == "[null,null,2,null,true,{}]")
  }
}
