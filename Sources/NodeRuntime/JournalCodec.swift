import Foundation
import Kernel
import Mechanism

/// One accepted event with the moment at which it was handled and what the authority gave: all that a fold
/// needs to reach the same state again.
struct JournalRecord: Codable {
    let now: Now
    let event: Event
    let given: [Bytes]

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    static func decode(_ bytes: [UInt8]) throws -> JournalRecord {
        try JSONDecoder().decode(JournalRecord.self, from: Data(bytes))
    }
}

enum SnapshotCodec {
    static func encode(_ snapshot: MechanismSnapshot) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(snapshot))
    }

    static func decode(_ bytes: [UInt8]) throws -> MechanismSnapshot {
        try JSONDecoder().decode(MechanismSnapshot.self, from: Data(bytes))
    }
}
