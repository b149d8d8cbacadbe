import Foundation

/// What the measuring commands say of several runs and of the process.
enum BenchSummary {
  /// The middle of the sorted values, the upper one of an even number; NaN of none.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  /// The most memory the process has had resident, in bytes.
  static var peakMemory: Int {
    var usage = rusage()
    // Linux counts kibibytes, Darwin bytes.
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }
}
