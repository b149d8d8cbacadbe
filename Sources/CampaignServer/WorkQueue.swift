import Dispatch
import Foundation
import Synchronization

/// Runs computations one after another, away from the threads that answer requests.
///
/// So many may wait, and nobody waits longer than so long; a computation itself is never cut off.
final class WorkQueue: Sendable {
  private let queue = DispatchQueue(label: "superionic.work")
  private let timers = DispatchQueue(label: "superionic.timers")
  private let waiting = Mutex(0)
  private let limits: ServerSettings.Limits

  init(limits: ServerSettings.Limits) { self.limits = limits }

  /// - Throws: `Refusal` with status 503 when too many wait or time is up; what `body` throws.
  func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    let isFull = waiting.withLock { count in
      if count >= limits.waiting { return true }
      count += 1
      return false
    }
    guard !isFull else { throw Refusal(.serviceUnavailable, "too many requests wait already", "try again in a moment") }
    return try await withCheckedThrowingContinuation { continuation in
      let answer = OneAnswer(continuation)
      queue.async {
        // Nobody listens any more: do not begin.
        if !answer.isGiven { answer.give(Result { try body() }) }
        self.waiting.withLock { $0 -= 1 }
      }
      timers.asyncAfter(deadline: .now() + limits.workSeconds) {
        answer.give(.failure(Refusal(.serviceUnavailable, "the computation takes too long", "try again later; the result is kept")))
      }
    }
  }

  /// A continuation that is resumed once.
  private final class OneAnswer<T: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<T, any Error>?>

    init(_ continuation: CheckedContinuation<T, any Error>) { self.continuation = Mutex(continuation) }

    var isGiven: Bool { continuation.withLock { $0 == nil } }

    func give(_ result: Result<T, any Error>) {
      let waiting = continuation.withLock { held in
        defer { held = nil }
        return held
      }
      waiting?.resume(with: result)
    }
  }
}
