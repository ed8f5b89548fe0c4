import JointLog
import Kernel

/// What the text of a stored note states of a log, whoever signed it.
struct StatedHead {
    let size: UInt64
    let root: Hash32

    /// - Parameter note: a signed note, or the bare text of a checkpoint.
    /// - Returns: `nil` unless it is a checkpoint whose origin, `parley/<mechanism>/<log>`, names this log.
    init?(note: [UInt8], of log: LogID) {
        let encoded = String(decoding: note, as: UTF8.self)
        guard Array(encoded.utf8) == note,
            let checkpoint = Checkpoint(text: SignedNote(encoded: encoded)?.text ?? encoded),
            checkpoint.origin.split(separator: "/", maxSplits: 2).last.map(String.init) == log.description
        else { return nil }
        size = checkpoint.size
        root = checkpoint.root
    }
}
