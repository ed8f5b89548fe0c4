import FaultyDisk
import Storage
import Testing

/// Faults before and after the effect, on the backends whose medium can fail at will.
@Suite("Every store: a failing medium")
struct FaultTests {
    enum Fault: CaseIterable, Sendable { case full, errorBeforeEffect, errorAfterEffect }

    private func planFault(_ fault: Fault, on medium: Medium) {
        switch (medium, fault) {
        case (.memory(let disk), .full): disk.failNextChange(.full, afterEffect: false)
        case (.memory(let disk), .errorBeforeEffect): disk.failNextChange(.io(code: 5, detail: "planned"), afterEffect: false)
        case (.memory(let disk), .errorAfterEffect): disk.failNextChange(.io(code: 5, detail: "planned"), afterEffect: true)
        case (.faulty(let disk), .full): disk.plan(.full, in: 1)
        case (.faulty(let disk), .errorBeforeEffect): disk.plan(.errorBeforeEffect, in: 1, persists: true)
        case (.faulty(let disk), .errorAfterEffect): disk.plan(.errorAfterEffect, in: 1, persists: true)
        case (.file, _): Issue.record("a plain folder cannot fail at will")
        }
    }

    @Test(
        "a failed commit is named and nothing of it is visible; after opening again it is there whole or not at all",
        arguments: [Backend.memory, .sqliteOnFaultyDisk], Fault.allCases)
    func failedCommit(backend: Backend, fault: Fault) throws {
        let medium = try backend.medium()
        let store = try medium.open()
        let first = Commit(
            journal: journal(1...1), entries: entries(alpha, 0..<1), heads: [HeadChange(expectedSize: nil, head: head(alpha, 1))])
        let second = Commit(
            journal: journal(2...3), entries: entries(alpha, 1..<3) + entries(bravo, 0..<256),
            tiles: leafTiles(bravoLog, 0..<1), notes: [note(alphaLog, 3, by: "parley/bravo")],
            heads: [HeadChange(expectedSize: 1, head: head(alpha, 3))])
        try store.commit(first)
        planFault(fault, on: medium)
        let failure = try #require(error { () throws(StoreError) in try store.commit(second) })
        if case .faulty(let disk) = medium { disk.cancelPlan() }
        switch fault {
        case .full:
            #expect(failure == .full && failure.isRetryable)
            #expect(try store.lastSequence == 1)
            #expect(try store.size(of: alpha) == 1)
            #expect(try store.journal(after: 0, limit: 9) == first.journal)
            #expect(try store.tile(of: bravoLog, level: 0, index: 0) == nil)
            #expect(try store.firstNote(of: alphaLog, atLeast: 0) == nil)
            try store.commit(second)
            #expect(try store.journal(after: 0, limit: 9) == journal(1...3))
        case .errorBeforeEffect, .errorAfterEffect:
            guard case .io = failure else {
                Issue.record("expected an I/O error, not \(failure)")
                return
            }
            #expect(error { () throws(StoreError) in _ = try store.lastSequence } == .closed)
        }
        store.close()
        let again = try medium.open()
        let last = try again.lastSequence
        #expect(last == 1 || last == 3)
        #expect(try again.size(of: alpha) == last)
        #expect(try again.head(of: alpha) == head(alpha, last))
        #expect(try again.tileCount(of: bravoLog, level: 0) == (last == 1 ? 0 : 1))
        #expect(try again.firstNote(of: alphaLog, atLeast: 0) == (last == 1 ? nil : second.notes[0]))
        #expect(try again.verify() == [])
        if last == 1 { try again.commit(second) }
        #expect(try again.entries(of: alpha, from: 0, limit: 9) == entries(alpha, 0..<3))
        #expect(try again.tile(of: bravoLog, level: 0, index: 0) == second.tiles[0].hashes)
        #expect(try again.notes(of: alphaLog, from: 0, through: 9, limit: 9) == second.notes)
    }
}
