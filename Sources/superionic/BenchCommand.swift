import ArgumentParser
import LinearAlgebra
import Reports

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure the rates of the hot loops beside this machine's dgemm rate.",
    discussion: """
      Example:
        superionic bench
        superionic bench gp --peer python3
      """,
    subcommands: [
      BenchCampaign.self, BenchFeaturize.self, BenchGaussianProcess.self, BenchHull.self,
      BenchScreenCommand.self,
    ])

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let machine = MachineRate.measure()
    var table = TextTable([("step", .left), ("size", .left), ("time / ms", .right), ("rate", .right), ("of dgemm", .right)])
    table.append([
      "dgemm", "1024³", "", "\((machine.dgemm / 1e9).fixed(1)) GFLOP/s", "1.00",
    ])
    table.append(["copy", "64 MiB", "", "\((machine.memory / 1e9).fixed(1)) GB/s", ""])
    var generator = SeededGenerator(seed: 2)
    for n in [500, 2000] {
      let x = Matrix(rows: n, columns: 146, elements: (0..<n * 146).map { _ in generator.normal() })
      var gram = x.multiplied(by: x, transposingOther: true)
      for i in 0..<n { gram[i, i] += 100 }
      let time = MachineRate.best(of: 5) { _ = try? Cholesky(of: gram) }
      let rate = Double(n * n * n) / 3 / time
      table.append([
        "Cholesky", "\(n)", (time * 1e3).fixed(2), "\((rate / 1e9).fixed(1)) GFLOP/s", (rate / machine.dgemm).fixed(2),
      ])
    }
    for line in table.lines(width: common.width) { common.say(line) }
  }
}
