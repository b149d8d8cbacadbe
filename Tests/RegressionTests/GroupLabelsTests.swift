import Regression
import Testing

@Suite struct GroupLabelsTests {
  @Test func sharedNamesLinkRows() {
    #expect(GroupLabels(cells: ["a", "b", "a|c", "c", "d"]).labels == [0, 1, 0, 0, 2])
  }

  @Test func aLaterRowJoinsEarlierGroups() {
    let groups = GroupLabels(cells: ["a", "b", "c", "d", "b|c", "d| a "])
    #expect(groups.labels == [0, 1, 1, 0, 1, 0])
    #expect(groups.count == 2)
  }

  @Test func emptyCellsStandAlone() {
    #expect(GroupLabels(cells: ["", " ", "a", "|", "a|"]).labels == [0, 1, 2, 3, 2])
  }

  @Test func doisIgnoreCaseAndResolver() {
    let cells = [
      "10.1016/J.SSI.2019.1", "https://doi.org/10.1016/j.ssi.2019.1", "doi:10.1016/j.SSI.2019.1",
    ]
    #expect(GroupLabels(cells: cells).count == 1)
    #expect(GroupLabels(cells: ["Co", "CO"]).count == 2)
  }

  /// A chain of links joins everything, in any order of rows.
  @Test(arguments: [[0, 1, 2, 3, 4], [4, 2, 0, 1, 3], [2, 4, 3, 0, 1]])
  func orderOfRowsIsIrrelevant(order: [Int]) {
    let chain = ["a|b", "b|c", "c|d", "d|e", "z"]
    let labels = GroupLabels(cells: order.map { chain[$0] }).labels
    for (i, a) in order.enumerated() {
      for (j, b) in order.enumerated() {
        #expect((labels[i] == labels[j]) == ((a < 4) == (b < 4)))
      }
    }
  }

  @Test func noRows() { #expect(GroupLabels(cells: [String]()).count == 0) }
}
