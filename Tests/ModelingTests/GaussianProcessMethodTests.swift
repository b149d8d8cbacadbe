import Foundation
import Modeling
import TestSupport
import Testing

@Suite struct GaussianProcessMethodTests {
  @Test(arguments: GaussianProcessMethod.allCases)
  func theMethodIsTakenStatedAndKept(method: GaussianProcessMethod) throws {
    var options = ArrheniusModelTests.options
    options.model = .gp
    options.method = method
    let model = try PropertyModel(training: ArrheniusModelTests.measurements(temperatures: [25]), options: options)
    let summaries: [GaussianProcessMethod: String] = [
      .inducing: "gp with 40 inducing points", .iterative: "gp, 40 rows by conjugate gradients",
    ]
    #expect(model.summary == summaries[method] ?? "gp, exact on 40 rows")
    #expect(model.fitDetails.count == 1)
    try withTemporaryFolder { folder in
      try model.write(to: folder + "/a.model")
      let restored = try PropertyModel(reading: folder + "/a.model")
      #expect(restored.summary == model.summary && restored.options.method == method)
    }
  }

  /// Model files from before the option have no such key.
  @Test func optionsWithoutAMethodAreRead() throws {
    var options = ArrheniusModelTests.options
    options.method = .exact
    var object = try #require(
      JSONSerialization.jsonObject(with: JSONEncoder().encode(options)) as? [String: Any])
    #expect(object.removeValue(forKey: "method") as? String == "exact")
    let older = try JSONDecoder().decode(ModelingOptions.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(older.method == nil && older.target == options.target)
  }
}
