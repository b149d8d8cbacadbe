import Campaigns
import CampaignStore
import Foundation
import Hummingbird
import HummingbirdCore
import Logging

/// A local page and a JSON interface over one campaign.
///
///     let server = try CampaignServer(store: "li.campaign", settings: ServerSettings())
///     try await server.run { url in print("serving at \(url)") }
///
/// It listens on loopback unless told otherwise, and then asks for a token. Nothing is sent anywhere: pages load nothing
/// from other servers and hold no script. Every step goes through `Campaign`, as on the command line, so that several
/// servers, programs and people can work on one store at once.
public struct CampaignServer: Sendable {
  public let settings: ServerSettings
  private let responder: CampaignResponder

  /// - Throws: `ServerError`; `CampaignStoreError` or `CampaignError` when the store cannot be read.
  public init(store: String, settings: ServerSettings) throws {
    try settings.check()
    // What is wrong with the store shows here, not at the first request.
    _ = try Campaign(opening: store, actor: settings.actor).state()
    self.settings = settings
    responder = CampaignResponder(
      settings: settings, service: CampaignService(path: store, actor: settings.actor, limits: settings.limits))
  }

  /// Serves until the task is cancelled, or the process gets SIGINT or SIGTERM.
  ///
  /// - Parameter started: called with the address once connections are taken.
  /// - Throws: `ServerError.cannotListen`.
  public func run(_ started: @escaping @Sendable (URL) -> Void) async throws {
    let limits = settings.limits
    var logger = Logger(label: "superionic.serve") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .critical
    var connection = HTTP1Channel.Configuration(idleTimeout: .milliseconds(Int64(limits.idleSeconds * 1000)))
    connection.httpDecoder = .init(maxHeaderFieldSize: limits.headerSize, maxHeaderListSize: limits.headerSize, maxHeaderFieldCount: 100)
    let host = settings.host
    let application = Application(
      responder: responder, server: .http1(configuration: connection),
      configuration: .init(
        address: .hostname(host, port: settings.port), serverName: "superionic",
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
      onServerRunning: { channel in
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        if let port = channel.localAddress?.port, let url = URL(string: "http://\(name):\(port)/") { started(url) }
      }, logger: logger)
    do {
      try await application.runService()
    } catch is CancellationError {
      return
    } catch {
      throw ServerError.cannotListen("\(host):\(settings.port)", reason: "\(error)")
    }
  }
}
