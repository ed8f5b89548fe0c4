import Dispatch
import Foundation
import Kernel
import Mechanism
import Synchronization

/// A snapshot as pieces, each after its length in bytes (8, little-endian): first all but the notices, as JSON; then the
/// notices, some at a time, packed.
///
/// There can be very many notices, and in JSON each takes a hundred times as long to read; an encoder of JSON also holds
/// all that it encodes as a tree of objects. A node that a peer has flooded must not need that much time and memory to save
/// its state, nor to start again.
enum SnapshotCodec {
    static let noticesInAPiece = 512

    static func encode(_ snapshot: MechanismSnapshot) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8] = []
        append(try encoder.encode(snapshot.withoutNotices), to: &bytes)
        snapshot.packedNotices(inPiecesOf: noticesInAPiece) { append($0, to: &bytes) }
        return bytes
    }

    /// - Throws: `DecodingError`, `PackedRejection`.
    static func decode(_ bytes: [UInt8]) throws -> MechanismSnapshot {
        let pieces = try pieces(of: bytes)
        guard let first = pieces.first else { throw PackedRejection(what: "no snapshot", at: 0) }
        var snapshot = try JSONDecoder().decode(MechanismSnapshot.self, from: Data(bytes[first]))
        let notices = pieces.dropFirst()
        // As many at once as there are cores; then in their order.
        let width = max(1, ProcessInfo.processInfo.activeProcessorCount)
        for start in stride(from: notices.startIndex, to: notices.endIndex, by: width) {
            let batch = Array(notices[start..<min(start + width, notices.endIndex)])
            let read = Mutex<[Int: Result<[Notice], PackedRejection>]>([:])
            DispatchQueue.concurrentPerform(iterations: batch.count) { i in
                let piece = Array(bytes[batch[i]])
                let result = Result { () throws(PackedRejection) in try MechanismSnapshot.notices(packed: piece) }
                read.withLock { $0[i] = result }
            }
            let results = read.withLock { $0 }
            for i in batch.indices { if let result = results[i] { snapshot.add(try result.get()) } }
        }
        return snapshot
    }

    private static func append(_ piece: some Collection<UInt8>, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt64(piece.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: piece)
    }

    private static func pieces(of bytes: [UInt8]) throws(PackedRejection) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var at = 0
        while at < bytes.count {
            guard bytes.count - at >= 8 else { throw PackedRejection(what: "a length without its end", at: at) }
            var length: UInt64 = 0
            for i in 0..<8 { length |= UInt64(bytes[at + i]) << (8 * UInt64(i)) }
            at += 8
            guard length <= UInt64(bytes.count - at) else { throw PackedRejection(what: "a piece without its end", at: at) }
            pieces.append(at..<at + Int(length))
            at += Int(length)
        }
        return pieces
    }
}
