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
      BenchCampaign.self, BenchFeaturize.self, BenchGaussianProcess.self, BenchHull.self, BenchNetwork.self, BenchParse.self,
      BenchScreenCommand.self, FuzzFormulas.self,
    ])

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let machine = MachineRate.measure()
    var steps = [
      Step(step: "dgemm", size: "1024³, \(Threads.kernels)", seconds: nil, rate: machine.dgemm, unit: "FLOP/s", shareOfDgemm: 1),
      Step(step: "copy", size: "64 MiB", seconds: nil, rate: machine.memory, unit: "B/s", shareOfDgemm: nil),
    ]
    var generator = SeededGenerator(seed: 2)
    for n in [500, 2000] {
      let x = Matrix(rows: n, columns: 146, elements: (0..<n * 146).map { _ in generator.normal() })
      var gram = x.multiplied(by: x, transposingOther: true)
      for i in 0..<n { gram[i, i] += 100 }
      let time = MachineRate.best(of: 5) { _ = try? Cholesky(of: gram) }
      let rate = Double(n * n * n) / 3 / time
      steps.append(
        Step(step: "Cholesky", size: "\(n)", seconds: time, rate: rate, unit: "FLOP/s", shareOfDgemm: rate / machine.dgemm))
    }
    if common.json {
      try printJSON(steps)
      return
    }
    var table = TextTable([("step", .left), ("size", .left), ("time / ms", .right), ("rate", .right), ("of dgemm", .right)])
    for one in steps {
      table.append([
        one.step, one.size, one.seconds.map { ($0 * 1e3).fixed(2) } ?? "", "\((one.rate / 1e9).fixed(1)) G\(one.unit)",
        one.shareOfDgemm?.fixed(2) ?? "",
      ])
    }
    common.show(table.lines(width: common.width))
  }

  private struct Step: Encodable {
    let step: String
    let size: String
    let seconds: Double?
    /// In `unit`.
    let rate: Double
    let unit: String
    let shareOfDgemm: Double?
  }
}
