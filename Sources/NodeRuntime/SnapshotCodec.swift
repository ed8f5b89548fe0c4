import Foundation
import Mechanism

/// A snapshot as lines of JSON: all but the notices, then the notices a few at a time.
///
/// An encoder of JSON holds all that it encodes as a tree of objects, many times as large as the state itself. A node
/// that a peer has flooded must not need that much memory to save its state.
enum SnapshotCodec {
    static let noticesInALine = 64
    private static let newline = UInt8(ascii: "\n")

    static func encode(_ snapshot: MechanismSnapshot) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = [try encoder.encode(snapshot.withoutNotices)]
        try snapshot.notices(inPiecesOf: noticesInALine) { lines.append(try encoder.encode($0)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.count + 1 })
        for i in lines.indices {
            bytes += lines[i]
            bytes.append(newline)
            lines[i] = Data()
        }
        return bytes
    }

    /// - Throws: `DecodingError`.
    static func decode(_ bytes: [UInt8]) throws -> MechanismSnapshot {
        let decoder = JSONDecoder()
        let lines = bytes.split(separator: newline)
        var snapshot = try decoder.decode(MechanismSnapshot.self, from: Data(lines.first ?? []))
        for line in lines.dropFirst() { snapshot.add(try decoder.decode([Notice].self, from: Data(line))) }
        return snapshot
    }
}
