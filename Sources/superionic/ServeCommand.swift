import ArgumentParser
import CampaignServer
import Dispatch
import Foundation
import Synchronization

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Show a campaign as a local page, with a JSON interface.",
    discussion: """
      Status, suggestions with their reasons, entering of observations and decisions, and what the models think of
      every candidate. The JSON interface is described at /openapi.json. Only this machine can reach it unless --host
      says otherwise, and that needs a token: --token, or the environment variable SUPERIONIC_TOKEN, which other users
      cannot see in the list of processes. Traffic is not encrypted; between machines, use an SSH tunnel or a proxy.

      Example:
        superionic serve li.campaign
        superionic serve li.campaign --port 9000 --who anna
      """)

  @OptionGroup var place: CampaignStoreOptions

  @Option(help: "The name or address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port; 0 takes any free one.")
  var port = 8765

  @Option(help: "What users have to show; at least 16 characters.")
  var token: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    var settings = ServerSettings()
    settings.host = host
    settings.port = port
    settings.token = token ?? ProcessInfo.processInfo.environment["SUPERIONIC_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
    settings.actor = place.actor
    do throws(ServerError) { try settings.check() } catch { throw ValidationError(error.description) }
    let server = try CampaignServer(store: place.store, settings: settings)
    let (common, store) = (common, place.store)
    let outcome = Mutex<Result<Void, any Error>>(.success(()))
    let done = DispatchSemaphore(value: 0)
    // Commands are synchronous; this one waits for the server, which works on other threads.
    Task.detached {
      do {
        try await server.run { url in
          if common.json {
            try? printJSON(["store": store, "url": url.absoluteString])
          } else if !common.quiet {
            print("\(store) at \(url.absoluteString) (stop with Ctrl-C)")
          }
          fflush(nil)
        }
      } catch {
        outcome.withLock { $0 = .failure(error) }
      }
      done.signal()
    }
    done.wait()
    try outcome.withLock { $0 }.get()
  }
}
