import FileIO
import Foundation

/// Shell scripts that run a screening job as a Slurm array with a merge job behind it.
///
/// Three files beside the output: the array (one shard a task, resuming its own checkpoint), the
/// merge, and one to submit both. Submitting again runs only shards whose file is missing.
public struct SlurmScripts: Sendable {
  public struct Settings: Sendable {
    public let shards: Int
    public let cores: Int
    public let memory: String
    public let timeLimit: String
    /// Further options of sbatch.
    public let options: [String]

    public init(shards: Int, cores: Int, memory: String, timeLimit: String, options: [String]) {
      self.shards = shards
      self.cores = cores
      self.memory = memory
      self.timeLimit = timeLimit
      self.options = options
    }
  }

  private let program: String
  private let space: String
  private let jobArguments: [String]
  private let output: String
  private let settings: Settings
  private let name: String

  /// - Parameters:
  ///   - program: path of the executable; made absolute.
  ///   - space: path of the space file; made absolute.
  ///   - jobArguments: options of `screen` that define the job.
  ///   - output: path of the merged result; made absolute. The scripts and the folder of the shards
  ///     stand beside it.
  ///   - settings: what the cluster is asked for.
  ///   - name: of the job in the queue; only letters, digits, `-` and `_` of ASCII are kept.
  public init(
    program: String, space: String, jobArguments: [String], output: String, settings: Settings, name: String
  ) {
    self.program = Self.absolute(program)
    self.space = Self.absolute(space)
    // Model files are named NAME=FILE.
    self.jobArguments = zip([""] + jobArguments, jobArguments).map { option, value in
      guard option == "--model", let equals = value.firstIndex(of: "=") else { return value }
      return value[...equals] + Self.absolute(String(value[value.index(after: equals)...]))
    }
    self.output = Self.absolute(output)
    self.settings = settings
    self.name = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
  }

  public var folder: String { output + ".shards" }
  public var arrayPath: String { output + ".array.sbatch" }
  public var mergePath: String { output + ".merge.sbatch" }
  public var submitPath: String { output + ".submit.sh" }

  /// The three files. - Throws: `FileError`.
  public func write() throws(FileError) -> [String] {
    for (path, text) in [(arrayPath, array), (mergePath, merge), (submitPath, submit)] {
      try FileContents.write(Data(text.utf8), to: path)
    }
    return [arrayPath, mergePath, submitPath]
  }

  var array: String {
    """
    #!/bin/sh
    #SBATCH --job-name=screen-\(name)
    #SBATCH --cpus-per-task=\(settings.cores)
    #SBATCH --mem=\(settings.memory)
    #SBATCH --time=\(settings.timeLimit)
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --output=\(folder)/task-%a.log
    #SBATCH --signal=B:TERM@60
    \(settings.options.map { "#SBATCH \($0)\n" }.joined())
    # One shard. A range in, a file out: exit status 0 means that the file is there and whole.
    part=$(printf '%s/%07d.shard' \(quoted(folder)) "$SLURM_ARRAY_TASK_ID")
    [ -e "$part" ] && exit 0
    # Slurm warns the shell one minute before the limit; pass it on, so that a checkpoint is written.
    trap 'kill -TERM "$child" 2>/dev/null' TERM
    \(quoted(program)) screen \(quoted(space)) \(jobArguments.map(quoted).joined(separator: " ")) \\
      --shard "$SLURM_ARRAY_TASK_ID/\(settings.shards)" --threads \(settings.cores) --resume -o "$part" &
    child=$!
    wait "$child"
    status=$?
    # A trapped signal interrupts wait; the program still has to finish its checkpoint.
    while kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
    # Status 4: stopped in time with a checkpoint; the task goes back into the queue.
    [ "$status" -eq 4 ] && scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
    exit "$status"

    """
  }

  var merge: String {
    """
    #!/bin/sh
    #SBATCH --job-name=merge-\(name)
    #SBATCH --mem=\(settings.memory)
    #SBATCH --time=\(settings.timeLimit)
    #SBATCH --open-mode=append
    #SBATCH --output=\(folder)/merge.log
    \(settings.options.map { "#SBATCH \($0)\n" }.joined())
    # Names the shards that are missing, if any; submit again to run only those.
    \(quoted(program)) merge \(quoted(folder)) -o \(quoted(output))

    """
  }

  var submit: String {
    """
    #!/bin/sh
    # Submits the shards that are not done yet, and the merge that waits for them. Run it again after
    # failures: only what is missing is computed.
    set -eu
    mkdir -p \(quoted(folder))
    missing=$(i=1; while [ "$i" -le \(settings.shards) ]; do
      [ -e "$(printf '%s/%07d.shard' \(quoted(folder)) "$i")" ] || printf '%s\\n' "$i"; i=$((i + 1)); done |
      awk 'NR == 1 { a = b = $1; next } $1 == b + 1 { b = $1; next }
        { printf "%s,", a == b ? a : a "-" b; a = b = $1 } END { if (NR) printf "%s", a == b ? a : a "-" b }')
    if [ -z "$missing" ]; then
      sbatch --parsable \(quoted(mergePath))
      exit
    fi
    array=$(sbatch --parsable --array="$missing" \(quoted(arrayPath)))
    merge=$(sbatch --parsable --dependency="afterany:$array" \(quoted(mergePath)))
    echo "$array $merge"

    """
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : URL(fileURLWithPath: path).standardizedFileURL.path
  }

  private func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
