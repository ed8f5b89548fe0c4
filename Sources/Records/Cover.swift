import Kernel

/// Says nothing: hides among records that do how many there are of those.
public struct Cover: Hashable, Sendable {
    /// Of any length up to 30,000 bytes, so that the record takes any length class.
    public let noise: [UInt8]

    /// Characters of base64.
    public static let largestNoise = 40_000

    /// - Returns: `nil` for more than 30,000 bytes.
    public init?(noise: [UInt8]) {
        guard noise.base64.utf8.count <= Cover.largestNoise else { return nil }
        self.noise = noise
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        guard let bytes = [UInt8](base64: try reader.string("noise", limit: Cover.largestNoise)) else {
            throw reader.rejection("noise", .notAllowed(rule: "base64"))
        }
        noise = bytes
    }

    var json: JSONValue { ["noise": .string(noise.base64)] }
}
