import Foundation

extension Cholesky {
  /// The factor of the matrix with `m` more rows and columns, [A Bᵀ; B C].
  ///
  /// - Parameters:
  ///   - cross: B, m × n.
  ///   - corner: C, m × m; only the lower triangle is read.
  /// - Throws: `CholeskyError.notPositiveDefinite` with the pivot in the larger matrix; this factor
  ///   stays valid.
  /// - Complexity: O(n²·m + n·m² + m³), O(n²) for one row.
  public func appending(cross: Matrix, corner: Matrix) throws(CholeskyError) -> Cholesky {
    let n = count
    let m = corner.rows
    precondition(cross.columns == n && cross.rows == m && corner.columns == m, "blocks that do not fit")
    if let (row, column) = cross.firstNonFinite { throw .nonFinite(row: n + row, column: column) }
    var below = cross
    lower.elements.withUnsafeBufferPointer { l in
      below.elements.withUnsafeMutableBufferPointer { b in
        guard let l = l.baseAddress, let b = b.baseAddress else { return }
        Tiles.solveRight(l, n, b, n, n: n, m: m)
      }
    }
    var schur = corner
    let product = below.rowGram
    for i in 0..<m { for j in 0..<m { schur[i, j] -= product[i, j] } }
    let last: Cholesky
    do {
      last = try Cholesky(of: schur)
    } catch {
      switch error {
      case .notPositiveDefinite(let pivot): throw .notPositiveDefinite(pivot: n + pivot)
      case .nonFinite(let row, let column): throw .nonFinite(row: n + row, column: n + column)
      }
    }
    var elements: [Double] = []
    elements.reserveCapacity((n + m) * (n + m))
    let padding = [Double](repeating: 0, count: m)
    for i in 0..<n {
      elements += lower.elements[i * n..<(i + 1) * n]
      elements += padding
    }
    for i in 0..<m {
      elements += below.elements[i * n..<(i + 1) * n]
      elements += last.lower.elements[i * m..<(i + 1) * m]
    }
    return Cholesky(lower: Matrix(rows: n + m, columns: n + m, elements: elements))
  }

  /// The factor of the matrix without one row and its column.
  ///
  /// What lies above and left of the row stays; the part below takes the deleted column as an
  /// update of rank one. Deleting never loses definiteness.
  ///
  /// - Complexity: O(n²).
  public func deleting(row index: Int) -> Cholesky {
    let n = count
    precondition(index >= 0 && index < n, "row \(index) of \(n)")
    var column: [Double] = []
    column.reserveCapacity(n - 1 - index)
    for i in (index + 1)..<max(n, index + 1) { column.append(lower[i, index]) }
    var elements: [Double] = []
    elements.reserveCapacity((n - 1) * (n - 1))
    for i in 0..<n where i != index {
      elements += lower.elements[i * n..<i * n + index]
      elements += lower.elements[i * n + index + 1..<(i + 1) * n]
    }
    var result = Cholesky(lower: Matrix(rows: n - 1, columns: n - 1, elements: elements))
    result.update(with: &column, from: index)
    return result
  }

  /// The factor of A + v·vᵀ. O(n²).
  public func updated(with vector: [Double]) -> Cholesky {
    precondition(vector.count == count, "an update of \(vector.count) for an order of \(count)")
    var result = self
    var vector = vector
    result.update(with: &vector, from: 0)
    return result
  }

  /// Givens rotations on the trailing block from `start`; Golub and Van Loan, "Matrix Computations"
  /// (4th edition, 2013), section 6.5.4.
  private mutating func update(with v: inout [Double], from start: Int) {
    let n = count
    let length = v.count
    lower.elements.withUnsafeMutableBufferPointer { l in
      v.withUnsafeMutableBufferPointer { v in
        // Row by row, each row taking the rotations of those above: storage is read in order.
        var cosines = [Double](repeating: 1, count: length)
        var sines = [Double](repeating: 0, count: length)
        for i in 0..<length {
          let row = (start + i) * n + start
          var carried = v[i]
          for k in 0..<i {
            let element = l[row + k]
            l[row + k] = cosines[k] * element + sines[k] * carried
            carried = cosines[k] * carried - sines[k] * element
          }
          let diagonal = l[row + i]
          let radius = hypot(diagonal, carried)
          cosines[i] = radius > 0 ? diagonal / radius : 1
          sines[i] = radius > 0 ? carried / radius : 0
          l[row + i] = radius
        }
      }
    }
  }
}
