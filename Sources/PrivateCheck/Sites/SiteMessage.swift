import Kernel

/// The two messages about protected sites. Their lengths are the same whatever was asked and whatever was found.
enum SiteMessage: UInt8 {
    /// Version, kind, hash of the epoch; 1,024 blinded points.
    case request = 33
    /// Version, kind, hash of the epoch, hash of the request; 1,024 points, the proof.
    case answer = 34

    static let requestBytes = 34 + Limits.oprfBatch * GroupPoint.byteCount
    static let answerBytes = 66 + Limits.oprfBatch * GroupPoint.byteCount + 64

    /// Version, kind and the epoch's hash, with which either begins.
    func head(_ epoch: SiteEpoch) -> [UInt8] { [MessageWriter.version, rawValue] + epoch.hash.bytes }

    /// - Throws: `length`, `malformed`, `otherList`.
    func check(_ message: [UInt8], _ epoch: SiteEpoch) throws(SiteRefusal) {
        let expected = self == .request ? Self.requestBytes : Self.answerBytes
        guard message.count == expected else { throw .length(found: message.count, expected: expected) }
        guard message[0] == MessageWriter.version, message[1] == rawValue else { throw .malformed }
        guard message[2..<34] == epoch.hash.bytes[...] else { throw .otherList }
    }

    static func hash(_ request: [UInt8]) -> Hash32 { Hash32(label: "site request", request) }

    /// Points that have not been looked at.
    static func points(_ bytes: ArraySlice<UInt8>) -> [GroupPoint] { CheckSession.points(bytes) }

    static func bytes(_ points: [GroupPoint]) -> [UInt8] {
        points.reduce(into: []) { bytes, point in
            point.withBytes { bytes += UnsafeBufferPointer(start: $0, count: GroupPoint.byteCount) }
        }
    }
}
