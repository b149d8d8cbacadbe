/// What a network of an ensemble is given beside the formula.
public struct NetworkDesign: Sendable, Hashable, Codable {
  /// Whether it learns the distance from the hull of the known compositions, and sees what the hull is made of.
  public var usesHull: Bool
  /// Known compositions that it listens to.
  public var neighbours: Int

  public init(usesHull: Bool = false, neighbours: Int = 0) {
    self.usesHull = usesHull
    self.neighbours = neighbours
  }

  /// The formula alone.
  public static let direct = NetworkDesign()
}
