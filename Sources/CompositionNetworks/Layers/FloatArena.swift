/// Memory handed out in parts until it is freed as a whole.
///
/// The step of training takes nothing from the system: all that it needs stands here.
package struct FloatArena {
  package init() {}

  private var blocks: [Floats] = []

  /// `count` zeros, and a few more so that whole vectors can be read at the end.
  package mutating func take(_ count: Int) -> Floats {
    let size = (count + 15) / 8 * 8
    let block = Floats.allocate(capacity: size)
    block.initialize(repeating: 0, count: size)
    blocks.append(block)
    return block
  }

  /// Gives everything back; no pointer from `take` may be used after.
  package mutating func free() {
    for block in blocks { block.deallocate() }
    blocks = []
  }
}
