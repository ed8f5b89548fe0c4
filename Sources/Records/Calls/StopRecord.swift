import Kernel

/// A message of the STOP path, put on record after it was sent: the signed note as it went.
public struct StopRecord: Hashable, Sendable, WireCodable {
    public let note: String

    public static let largestNote = 12 * 1024

    public init(note: String) { self.note = note }

    public init(_ reader: inout FieldReader) throws(FieldRejection) {
        note = try reader.string("note", limit: StopRecord.largestNote)
    }

    public var json: JSONValue { ["note": .string(note)] }
}
