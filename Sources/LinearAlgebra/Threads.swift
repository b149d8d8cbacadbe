import COpenBLAS
import Dispatch
import Foundation
import Synchronization

/// How many cores numerical work may use: threads inside BLAS, and parallel loops around it.
public enum Threads {
  /// Threads this process may use: all cores of the machine until set.
  ///
  /// Setting it sets `blas` too. Results do not depend on it; only time does.
  public static var limit: Int {
    get { chosen.withLock { $0 } ?? ProcessInfo.processInfo.activeProcessorCount }
    set {
      chosen.withLock { $0 = max(1, newValue) }
      blas = newValue
    }
  }

  private static let chosen = Mutex<Int?>(nil)

  /// Threads that BLAS uses inside one call.
  public static var blas: Int {
    get { Int(openblas_get_num_threads()) }
    set { openblas_set_num_threads(Int32(max(1, newValue))) }
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
    // Striding keeps at most `workers` bodies running without a queue of our own.
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      var chunk = worker
      while chunk < chunks {
        body(chunk * chunkSize..<min(count, (chunk + 1) * chunkSize))
        chunk += workers
      }
    }
  }
}
