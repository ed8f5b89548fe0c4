import JointLog
import Kernel

/// Hashes one log again from its entries up, in one pass and with memory that does not grow with it, and compares
/// everything that is stored of it: tiles, head and notes.
package struct LogVerifier<Rows: LogRows> {
    private static var batch: Int { 128 }

    private let log: LogID
    private let state: LogState
    private var rows: Rows
    private var findings: [StoreFinding] = []

    /// Over the entries read so far; `nil` from the first leaf that cannot be known.
    private var tree: MerkleFrontier? = MerkleFrontier()
    private var size: UInt64 = 0
    /// At each level the hashes since its last full tile.
    private var open: [[Hash32]] = Array(repeating: [], count: TileWrite.levels.count)
    private var note: NoteRow?
    private var notesSeen: UInt64 = 0

    package init(log: LogID, state: LogState, rows: Rows) {
        self.log = log
        self.state = state
        self.rows = rows
    }

    /// - Parameter step: called with the number of rows read since the last call.
    package mutating func run(step: (UInt64) -> Void) throws(StoreError) -> [StoreFinding] {
        note = try rows.nextNote()
        try compareHeads(step)
        while size < state.size {
            let run = try rows.entries(from: size, limit: LogVerifier.batch)
            for entry in run.elements {
                let leaf = entry.leaf
                if leaf == nil { findings.append(.entryWithoutLeaf(log: log, index: size)) }
                try add(leaf, step)
            }
            step(UInt64(run.elements.count))
            if let missing = run.firstBad {
                findings.append(.entryGap(log: log, size: state.size, missing: missing))
                try add(nil, step)
                step(1)
            }
        }
        while let note {
            check(note, root: nil)
            try nextNote(step)
        }
        if notesSeen != state.notes {
            findings.append(.noteGap(log: log, size: 0, detail: "\(notesSeen) notes, not \(state.notes)"))
        }
        checkHead()
        return findings
    }

    /// - Parameter leaf: `nil` when the entry is unreadable; the stored tile then says its hash, if there is one.
    private mutating func add(_ leaf: Hash32?, _ step: (UInt64) -> Void) throws(StoreError) {
        let position = Int(size % UInt64(TileWrite.width))
        var known = leaf
        if known == nil, let tile = try storedTile(level: 0, index: size / UInt64(TileWrite.width)) {
            known = tile[position]
        }
        size += 1
        if let known, tree != nil {
            tree?.append(known)
            open[0].append(known)
            if open[0].count == TileWrite.width { try close(level: 0, step) }
        } else {
            tree = nil
        }
        try compareHeads(step)
    }

    /// Compares a tile that has become full, and hands the root over what is stored to the level above.
    private mutating func close(level: Int, _ step: (UInt64) -> Void) throws(StoreError) {
        let hashes = open[level]
        open[level] = []
        let index = (size / UInt64(TileWrite.width) - 1) >> UInt64(8 * level)
        var promoted = hashes
        if index < state.tiles(level: level) {
            step(1)
            if let stored = try storedTile(level: level, index: index) {
                for (position, hash) in stored.enumerated() where hash != hashes[position] {
                    findings.append(
                        level == 0
                            ? .leafMismatch(log: log, index: index * UInt64(TileWrite.width) + UInt64(position))
                            : .tileMismatch(log: log, level: level, index: index, position: position))
                }
                promoted = stored
            } else {
                findings.append(.tileGap(log: log, level: level, missing: index))
            }
        }
        guard level + 1 < TileWrite.levels.count else { return }
        var over = MerkleFrontier()
        for hash in promoted { over.append(hash) }
        open[level + 1].append(over.root)
        if open[level + 1].count == TileWrite.width { try close(level: level + 1, step) }
    }

    private func storedTile(level: Int, index: UInt64) throws(StoreError) -> [Hash32]? {
        guard index < state.tiles(level: level), let bytes = try rows.tile(level: level, index: index),
            bytes.count == TileWrite.byteCount
        else { return nil }
        let hashes = stride(from: 0, to: bytes.count, by: 32).compactMap { Hash32(bytes[$0..<($0 + 32)]) }
        return hashes.count == TileWrite.width ? hashes : nil
    }

    /// The head and the notes of the size that the tree now has.
    private mutating func compareHeads(_ step: (UInt64) -> Void) throws(StoreError) {
        let isHead = state.head?.size == size
        guard isHead || note.map({ $0.size <= size }) == true else { return }
        let root = tree?.root
        if isHead, let root, root != state.head?.root { findings.append(.headRootMismatch(log: log, size: size)) }
        while let note, note.size <= size {
            check(note, root: note.size == size ? root : nil)
            try nextNote(step)
        }
    }

    private mutating func nextNote(_ step: (UInt64) -> Void) throws(StoreError) {
        notesSeen += 1
        step(1)
        note = try rows.nextNote()
    }

    /// - Parameter root: the tree's at the note's size; `nil` when it is not known.
    private mutating func check(_ row: NoteRow, root: Hash32?) {
        switch row {
        case .damaged(let size): findings.append(.noteGap(log: log, size: size, detail: "unreadable"))
        case .sound(let note):
            guard let stated = StatedHead(note: note.note, of: log), stated.size == note.size else {
                findings.append(.noteUnreadable(log: log, size: note.size, signer: note.signer))
                return
            }
            if let root, stated.root != root {
                findings.append(.otherHistory(log: log, size: note.size, signer: note.signer))
            }
        }
    }

    private mutating func checkHead() {
        guard let head = state.head else { return }
        if head.size < state.size {
            findings.append(.entriesBeyondHead(log: log, size: state.size, headSize: head.size))
        }
        let stated = StatedHead(note: head.checkpoint, of: log)
        if stated?.size != head.size || stated?.root != head.root {
            findings.append(.headNote(log: log, size: head.size))
        }
    }
}

extension NoteRow {
    fileprivate var size: UInt64 {
        switch self {
        case .sound(let note): note.size
        case .damaged(let size): size
        }
    }
}
