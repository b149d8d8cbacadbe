import LinearAlgebra
import Regression
import TestSupport
import Testing

@Suite struct StandardizerTests {
  static let features = Matrix([[1, 0.1, 1e8 + 1], [2, 0.1, 1e8 + 2], [6, 0.1, 1e8 + 3]])

  @Test func columnsGetMeanZeroAndDeviationOne() {
    let standardizer = Standardizer(of: Self.features)
    expectClose(standardizer.means, [3, 0.1, 1e8 + 2])
    expectClose(standardizer.deviations, [2.160246899469287, 0, 0.816496580927726])
    let z = standardizer.standardize(Self.features)
    expectClose(z.column(0), [-0.9258200997725514, -0.4629100498862757, 1.3887301496588271])
    expectClose(z.column(2), [-1.224744871391589, 0, 1.224744871391589])
  }

  @Test func constantColumnsBecomeZeroEverywhere() {
    let standardizer = Standardizer(of: Self.features)
    #expect(standardizer.varyingColumns == [0, 2])
    #expect(standardizer.standardize(Matrix([[3, 99, 1e8]]))[0, 1] == 0)
  }

  @Test func archiveRestoresItExactly() throws {
    let standardizer = Standardizer(of: Self.features)
    #expect(try Standardizer(archive: standardizer.archive()) == standardizer)
    var broken = standardizer.archive()
    broken.set("deviations", [1, -1, 1.0])
    #expect(throws: (any Error).self) { try Standardizer(archive: broken) }
  }
}
