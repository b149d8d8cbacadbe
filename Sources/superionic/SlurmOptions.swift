import ArgumentParser
import Screening

/// How a screening job is laid out on a Slurm cluster.
struct SlurmOptions: ParsableArguments {
  @Option(help: "With --slurm: number of shards, the size of the job array.")
  var shards = 16

  @Option(help: "With --slurm: cores of each task.")
  var cores = 1

  @Option(help: "With --slurm: memory of each task, as sbatch --mem takes it.")
  var memory = "1G"

  @Option(help: "With --slurm: time limit of each task, as sbatch --time takes it.")
  var timeLimit = "1:00:00"

  @Option(help: "With --slurm: a further #SBATCH option, such as --partition=short (repeatable).")
  var sbatch: [String] = []

  func validate() throws {
    guard (1...1_000_000).contains(shards) else { throw ValidationError("--shards takes a number from 1 to 1000000, not \(shards)") }
    guard (1...1024).contains(cores) else { throw ValidationError("--cores takes a number from 1 to 1024, not \(cores)") }
    for text in [memory, timeLimit] + sbatch where text.contains(where: \.isNewline) {
      throw ValidationError("an option of sbatch is one line")
    }
  }

  var settings: SlurmScripts.Settings {
    .init(shards: shards, cores: cores, memory: memory, timeLimit: timeLimit, options: sbatch)
  }
}
