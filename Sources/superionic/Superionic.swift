import ArgumentParser
import Campaigns
import Foundation
import Modeling

/// The program: parses arguments, calls the modules, prints.
struct Superionic: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "superionic",
    abstract: "From measured solid electrolytes to a ranked list of what to make next.",
    discussion: """
      Example, on the tables that come with the program:

        superionic train Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 \\
          --temperature-column temperature_C --group-column doi -o conductivity.model
        superionic rank Datasets/candidates.csv --model conductivity=conductivity.model -o ranking.csv
      """,
    version: SuperionicVersion.current,
    subcommands: [
      FeaturizeCommand.self, DescriptorsCommand.self, OxidationCommand.self, TrainCommand.self, PretrainCommand.self,
      PredictCommand.self, ValidateCommand.self, ScoreCommand.self, CompareCommand.self, CheckCommand.self,
      RankCommand.self, CampaignCommand.self, ServeCommand.self,
      SubstituteCommand.self, ScreenCommand.self, MergeCommand.self, NeighboursCommand.self, HullCommand.self,
      WindowCommand.self, InterfaceCommand.self, CoatingCommand.self, MoistureCommand.self, CapacityCommand.self,
      DatasetsCommand.self, ReportCommand.self, InfoCommand.self, BenchCommand.self, ManualCommand.self,
    ])
}

@main enum Main {
  /// Exit statuses of the command-line contract.
  enum Status {
    static let rowsRejected: Int32 = 1
    static let usage: Int32 = 2
    static let unusableInput: Int32 = 3
    static let interrupted: Int32 = 4
  }

  static func main() {
    // A reader that closes the pipe, as in `superionic rank … -o - | head`, is no error.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Superionic.parseAsRoot()
      try command.run()
    } catch let rejection as RowsRejected {
      Console.error("\(rejection)")
      exit(Status.rowsRejected)
    } catch let interruption as Interrupted {
      Console.error("\(interruption)")
      exit(Status.interrupted)
    } catch {
      let code = Superionic.exitCode(for: error)
      if code == .success || error is CleanExit {
        print(Superionic.fullMessage(for: error))
        exit(EXIT_SUCCESS)
      }
      if code == .validationFailure {
        Console.error(Superionic.fullMessage(for: error))
        exit(Status.usage)
      }
      let wayOut = (error as? CampaignError)?.wayOut.map { "; " + $0.asOptions } ?? ""
      Console.error("\(error)" + wayOut)
      exit(Status.unusableInput)
    }
  }
}

/// Rows were left out under `--strict`.
struct RowsRejected: Error, CustomStringConvertible {
  let count: Int
  var description: String {
    "\(count) row\(count == 1 ? " was" : "s were") rejected and --strict was given; mend or remove them"
  }
}
