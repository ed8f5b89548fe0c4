import Kernel
import Storage
import Testing

@Suite("Every store: notes")
struct NoteTests {
    private let author = "parley/alpha", holder = "parley/bravo"

    @Test("every note is kept as it was, and the very same one only once", arguments: Backend.allCases)
    func kept(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        let first = note(alphaLog, 1, by: author), again = note(alphaLog, 1, by: author, signature: 8)
        let cosigned = note(alphaLog, 1, by: holder), later = note(alphaLog, 3, by: author)
        try store.commit(Commit(entries: entries(alphaLog, 0..<3), notes: [first, first, cosigned]))
        try store.commit(Commit(notes: [later, first, again, cosigned]))
        try store.commit(Commit(notes: [note(alphaAgain, 2, by: author)]))
        for isReopened in [false, true] {
            if isReopened {
                store.close()
                store = try medium.open()
            }
            #expect(
                try store.notes(of: alphaLog, from: 0, through: .max, limit: 9) == [first, cosigned, again, later])
            #expect(
                try store.notes(of: alphaLog, from: 0, through: .max, limit: 9, order: .newestFirst)
                    == [later, again, cosigned, first])
            #expect(try store.notes(of: alphaAgain, from: 0, through: 9, limit: 9) == [note(alphaAgain, 2, by: author)])
            #expect(try store.notes(of: bravoLog, from: 0, through: 9, limit: 9) == [])
            #expect(try store.logs == [alphaLog, alphaAgain])
            #expect(try store.verify() == [])
        }
    }

    @Test("the first head that covers a record and the last that lacks it are found, of one signer or of any",
        arguments: Backend.allCases)
    func brackets(backend: Backend) throws {
        let store = try backend.medium().open()
        // The last one arrives late: its size is below what was there already.
        let notes = [
            note(alphaLog, 2, by: author), note(alphaLog, 4, by: author), note(alphaLog, 4, by: holder),
            note(alphaLog, 7, by: holder), note(alphaLog, 9, by: author), note(alphaLog, 2, by: holder),
        ]
        for one in notes { try store.commit(Commit(notes: [one])) }
        // For each record: the sizes of the first note that covers it and of the last that lacks it.
        let expected: [(index: UInt64, signer: String?, covers: UInt64?, lacks: UInt64?)] = [
            (0, nil, 2, nil), (1, nil, 2, nil), (2, nil, 4, 2), (4, nil, 7, 4), (6, nil, 7, 4), (8, nil, 9, 7),
            (9, nil, nil, 9), (2, author, 4, 2), (4, author, 9, 4), (2, holder, 4, 2), (7, holder, nil, 7),
            (3, "nobody", nil, nil), (.max, nil, nil, 9),
        ]
        for (index, signer, covers, lacks) in expected {
            let first = index == .max ? nil : try store.firstNote(of: alphaLog, atLeast: index + 1, by: signer)
            let last = try store.lastNote(of: alphaLog, atMost: index, by: signer)
            #expect(first?.size == covers, "index \(index), signer \(signer ?? "any")")
            #expect(last?.size == lacks, "index \(index), signer \(signer ?? "any")")
        }
        // Of several of one size, the one that arrived first covers and the one that arrived last lacks.
        #expect(try store.firstNote(of: alphaLog, atLeast: 3)?.signer == author)
        #expect(try store.lastNote(of: alphaLog, atMost: 4)?.signer == holder)
        #expect(try store.lastNote(of: alphaLog, atMost: 3) == notes[5])
    }

    @Test("a range of sizes and a limit cut the list", arguments: Backend.allCases)
    func ranges(backend: Backend) throws {
        let store = try backend.medium().open()
        let notes = (1...40).map { note(alphaLog, UInt64($0), by: $0 % 2 == 0 ? author : holder) }
        try store.commit(Commit(notes: notes))
        #expect(try store.notes(of: alphaLog, from: 10, through: 20, limit: .max) == Array(notes[9...19]))
        #expect(try store.notes(of: alphaLog, from: 10, through: 20, limit: 3) == Array(notes[9...11]))
        #expect(
            try store.notes(of: alphaLog, sizes: 10...20, by: author, order: .newestFirst, limit: 2)
                == [notes[19], notes[17]])
        #expect(try store.notes(of: alphaLog, from: 21, through: 20, limit: 9) == [])
        #expect(try store.notes(of: alphaLog, from: 0, through: .max, limit: 0) == [])
        #expect(try store.notes(of: alphaLog, from: 0, through: .max, limit: -1) == [])
        #expect(try store.notes(of: alphaLog, from: .max, through: .max, limit: 9) == [])
    }

    @Test("a note of an impossible size is refused with the whole commit", arguments: Backend.allCases)
    func refused(backend: Backend) throws {
        let store = try backend.medium().open()
        let size = UInt64(Int64.max) + 1
        let impossible = NoteWrite(log: alphaLog, size: size, signer: author, note: [1])
        #expect(
            error { () throws(StoreError) in
                try store.commit(Commit(entries: entries(alphaLog, 0..<1), notes: [impossible]))
            } == .noteOutOfRange(log: alphaLog, size: size))
        #expect(try store.logs == [])
    }

    @Test("a note on another history is told apart from damage, and so is one that states nothing",
        arguments: Backend.allCases)
    func histories(backend: Backend) throws {
        let store = try backend.medium().open()
        let other = NoteWrite(log: alphaLog, size: 2, signer: author, note: head(alphaLog, 2, root: 5).checkpoint)
        let ahead = NoteWrite(log: alphaLog, size: 5, signer: author, note: head(alphaLog, 5, root: 5).checkpoint)
        let wrongLog = NoteWrite(log: alphaLog, size: 3, signer: author, note: note(alphaAgain, 3, by: author).note)
        let wrongSize = NoteWrite(log: alphaLog, size: 2, signer: holder, note: note(alphaLog, 3, by: holder).note)
        let empty = NoteWrite(log: alphaLog, size: 0, signer: author, note: note(alphaLog, 0, by: author).note)
        try store.commit(
            Commit(entries: entries(alphaLog, 0..<3), notes: [other, ahead, wrongLog, wrongSize, empty]))
        let findings = try store.verify()
        #expect(
            findings == [
                .otherHistory(log: alphaLog, size: 2, signer: author),
                .noteUnreadable(log: alphaLog, size: 2, signer: holder),
                .noteUnreadable(log: alphaLog, size: 3, signer: author),
            ])
        #expect(findings.map(\.isDamage) == [false, true, true])
    }

    @Test("a head whose root is not the tree's, or whose note states another, is found", arguments: Backend.allCases)
    func heads(backend: Backend) throws {
        let store = try backend.medium().open()
        let wrongRoot = head(alphaLog, 2, root: 9)
        let wrongNote = HeadState(
            log: bravoLog, size: 1, root: sampleRoot(bravoLog, 1), checkpoint: checkpoint(bravoLog, 1, wrongRoot.root))
        try store.commit(
            Commit(
                entries: entries(alphaLog, 0..<2) + entries(bravoLog, 0..<1) + [
                    MirrorEntry(log: alphaAgain, index: 0, envelope: [0, 0, 0, 9, 1])
                ],
                heads: [HeadChange(expectedSize: nil, head: wrongRoot), HeadChange(expectedSize: nil, head: wrongNote)]))
        #expect(
            try store.verify() == [
                .headRootMismatch(log: alphaLog, size: 2), .entryWithoutLeaf(log: alphaAgain, index: 0),
                .headNote(log: bravoLog, size: 1),
            ])
    }
}
