import CampaignServer
import Campaigns
import Foundation
import Synchronization
import Tables
import TestSupport
import Testing

/// A server on a free port of loopback, over a small campaign that two values are known of.
func withServer(
  _ change: (inout ServerSettings) -> Void = { _ in },
  _ body: (LoopbackClient, String) async throws -> Void
) async throws {
  let folder = try temporaryFolder()
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let store = folder + "/a.campaign"
  try makeCampaign(at: store)
  var settings = ServerSettings()
  settings.port = 0
  settings.actor = "tester"
  // The other tests keep all cores busy: only a test about time may run out of it.
  settings.limits.bodySeconds = 600
  settings.limits.idleSeconds = 600
  settings.limits.workSeconds = 600
  change(&settings)
  let server = try CampaignServer(store: store, settings: settings)
  let (ports, found) = AsyncStream.makeStream(of: Int.self)
  let running = Task { try await server.run { found.yield($0.port ?? 0) } }
  var port: Int?
  for await one in ports {
    port = one
    break
  }
  defer { running.cancel() }
  try await body(LoopbackClient(port: try #require(port)), store)
  running.cancel()
  try await running.value
}

private func temporaryFolder() throws -> String {
  let folder = FileManager.default.temporaryDirectory.path + "/superionic-server-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  return folder
}

/// Names with characters that HTML must not take literally.
private let candidates = """
  formula,name,family
  Li6PS5Cl,argyrodite Cl,argyrodite
  Li6PS5Br,argyrodite Br,argyrodite
  Li6PS5I,argyrodite I,argyrodite
  Li7La3Zr2O12,LLZO,garnet
  LiTi2(PO4)3,LTP,NASICON
  Li1.3Al0.3Ti1.7(PO4)3,LATP,NASICON
  Li3YCl6,<script>alert(1)</script>,halide
  Li3PS4,"a ""quoted"" & 'odd' name",thio-LISICON
  Li3N,nitride,nitride
  Li3PO4,phosphate,oxide
  """

private func makeCampaign(at path: String) throws {
  let table = try Table(parsing: Data(candidates.utf8), file: "candidates.csv")
  let objective = CampaignObjective(property: "sigma", unit: "S/cm", log10: true, floor: -6, goal: -3)
  let settings = CampaignSettings(
    version: "test", datasets: [], seed: 0, objectives: [objective], descriptors: "composition")
  let campaign = try Campaign.create(
    at: path, Campaign.beginning(table, settings: settings, nameColumn: "name"), actor: "anna")
  let known = [("argyrodite Cl", "1.3e-3"), ("LLZO", "3e-4"), ("nitride", "1e-3"), ("phosphate", "<1E-10")]
  _ = try campaign.observe(known.map { NewObservation(candidate: $0.0, value: $0.1) })
}

extension LoopbackClient.Answer {
  /// The token in the forms of a page.
  func formToken() throws -> String {
    String(try #require(body.firstMatch(of: #/name="formToken" value="([0-9a-f]{64})"/#), "\(self)").output.1)
  }
}

/// The object in an answer.
func object(_ answer: LoopbackClient.Answer) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any], "\(answer)")
}

func list(_ answer: LoopbackClient.Answer) throws -> [[String: Any]] {
  try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [[String: Any]], "\(answer)")
}
