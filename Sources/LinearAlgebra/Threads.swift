import COpenBLAS
import CVectorMath
import Dispatch
import Foundation
import Synchronization

/// How many cores numerical work may use, and the loop that spreads it over them.
public enum Threads {
  /// Threads this process may use: all cores of the machine until set.
  ///
  /// Results do not depend on it; only time does.
  public static var limit: Int {
    get { chosen.withLock { $0 } ?? ProcessInfo.processInfo.activeProcessorCount }
    set { chosen.withLock { $0 = max(1, newValue) } }
  }

  private static let chosen = Mutex<Int?>(nil)

  /// Keeps BLAS to one thread inside a call; everything that calls it calls this first.
  ///
  /// OpenBLAS splits a product differently for each number of threads, which changes the last bits.
  /// Parallel work is split here instead, at boundaries that depend on the sizes alone.
  @inline(__always) package static func keepBLASSerial() { _ = serialBLAS }

  @usableFromInline package static let serialBLAS: Void = {
    superionic_choose_blas_kernels()
    openblas_set_num_threads(1)
  }()

  /// The processor whose kernels OpenBLAS runs, such as `SkylakeX`.
  public static var kernels: String {
    keepBLASSerial()
    return openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }

  /// Calls `body` once for each chunk of `0..<count`, on up to `limit` threads.
  ///
  /// Chunk boundaries depend on `count` and `chunkSize` alone, so results that are written by
  /// position are the same for any number of threads.
  public static func forEachChunk(
    of count: Int, chunkSize: Int, limit: Int = limit,
    _ body: @Sendable (Range<Int>) -> Void
  ) {
    precondition(chunkSize > 0, "chunks must hold something")
    guard count > 0 else { return }
    let chunks = (count + chunkSize - 1) / chunkSize
    let workers = min(chunks, max(1, limit))
    if workers == 1 {
      for chunk in 0..<chunks { body(chunk * chunkSize..<min(count, (chunk + 1) * chunkSize)) }
      return
    }
    // Chunks are taken in order by whichever worker is free; which one computes a chunk does not
    // change what it computes.
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunks else { return }
        body(chunk * chunkSize..<min(count, (chunk + 1) * chunkSize))
      }
    }
  }
}
