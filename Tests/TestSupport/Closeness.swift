import Testing

/// Whether two numbers agree to an absolute or a relative tolerance, whichever is looser.
public func isClose(
  _ a: Double, _ b: Double, relative: Double = 1e-9, absolute: Double = 1e-12
) -> Bool {
  if a == b { return true }
  guard a.isFinite, b.isFinite else { return a.isNaN && b.isNaN }
  return abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
}

/// Records an issue that names the worst element unless all agree; see `isClose`.
public func expectClose(
  _ a: [Double], _ b: [Double], relative: Double = 1e-9, absolute: Double = 1e-12,
  _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard a.count == b.count else {
    Issue.record("\(what): \(a.count) values for \(b.count)", sourceLocation: sourceLocation)
    return
  }
  for (i, (x, y)) in zip(a, b).enumerated()
  where !isClose(x, y, relative: relative, absolute: absolute) {
    Issue.record("\(what)[\(i)]: \(x) is not \(y), off by \(x - y)", sourceLocation: sourceLocation)
    return
  }
}
