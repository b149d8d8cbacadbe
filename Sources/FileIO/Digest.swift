import Crypto
import Foundation

/// SHA-256 digests in hexadecimal: of data sets for provenance, of model files for integrity.
public struct Digest: Sendable {
  private var hash = SHA256()

  public init() {}

  public mutating func update(_ data: Data) { hash.update(data: data) }

  /// The 64 hexadecimal digits of everything given so far.
  public var hexadecimal: String {
    hash.finalize().map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  /// The digest of one piece of data in base 64, as content security policies write it.
  public static func sha256Base64(_ data: Data) -> String { Data(SHA256.hash(data: data)).base64EncodedString() }

  /// The digest of one piece of data.
  public static func sha256(_ data: Data) -> String {
    var digest = Digest()
    digest.update(data)
    return digest.hexadecimal
  }
}
