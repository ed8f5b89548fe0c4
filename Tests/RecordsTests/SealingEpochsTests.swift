import Foundation
import Kernel
import Testing

@testable import Records

@Suite struct SealingEpochsTests {
    private let log = LogID(party: party("turkiye"))

    /// Counts what it encapsulates; the bytes mean nothing.
    private struct Encapsulator {
        var made: [String] = []

        mutating func encapsulate(to key: SealPublicKey, _ info: [UInt8]) -> Encapsulation? {
            made.append(String(decoding: info, as: UTF8.self))
            return Encapsulation(
                encapsulated: [UInt8](repeating: UInt8(made.count & 255), count: 1_120),
                key: secret("key \(made.count)"))
        }
    }

    private func recipients(_ names: [String], keys: String = "") -> [SealRecipient] {
        names.map { SealRecipient(party($0), sealKey($0 + keys).publicKey) }
    }

    /// Which readers of the record at `index` got a fresh encapsulation.
    private func fresh(
        _ epochs: inout SealingEpochs, _ index: LogIndex, _ names: [String], keys: String = "",
        _ maker: inout Encapsulator
    ) throws -> [String] {
        let plan = epochs.plan(
            mechanism: secret("m"), index: index, recipients: recipients(names, keys: keys), contentKey: secret("c"),
            encapsulate: { maker.encapsulate(to: $0, $1) })
        return try #require(plan).readers.compactMap { reader in
            if case .fresh = reader.key { reader.party.name } else { nil }
        }
    }

    @Test("one encapsulation serves 1,024 records to its reader, and the next record begins an epoch")
    func length() throws {
        var epochs = SealingEpochs(log: log)
        var maker = Encapsulator()
        var starts: [LogIndex] = []
        for index in LogIndex(0)..<2_100 {
            let names = try fresh(&epochs, index, ["israel"], &maker)
            if !names.isEmpty { starts.append(index) }
        }
        #expect(starts == [0, 1_024, 2_048])
        #expect(maker.made.count == 3)
        #expect(maker.made[0] == "parley/seal/v1\n\(secret("m").hex)\nturkiye\nisrael")
    }

    @Test("each reader has epochs of its own, counted in records to it")
    func perReader() throws {
        var epochs = SealingEpochs(log: log)
        var maker = Encapsulator()
        #expect(try fresh(&epochs, 0, ["israel", "turkiye"], &maker) == ["israel", "turkiye"])
        #expect(try fresh(&epochs, 1, ["azerbaijan", "turkiye"], &maker) == ["azerbaijan"])
        var starts: [LogIndex] = []
        for index in LogIndex(2)..<1_200 {
            let toIsrael = index % 2 == 0
            let names = try fresh(&epochs, index, (toIsrael ? ["israel"] : []) + ["turkiye"], &maker)
            if !names.isEmpty {
                #expect(names == ["turkiye"])
                starts.append(index)
            }
        }
        #expect(starts == [1_024])
    }

    @Test("a restart, another log and another public key of the reader begin an epoch")
    func newEpochs() throws {
        var epochs = SealingEpochs(log: log)
        var maker = Encapsulator()
        _ = try fresh(&epochs, 0, ["israel", "turkiye"], &maker)
        #expect(try fresh(&epochs, 1, ["israel", "turkiye"], &maker) == [])
        epochs.restart(log: log)
        #expect(epochs == SealingEpochs(log: log))
        #expect(try fresh(&epochs, 2, ["israel", "turkiye"], &maker) == ["israel", "turkiye"])
        #expect(try fresh(&epochs, 3, ["israel"], keys: "'s next", &maker) == ["israel"])
        #expect(try fresh(&epochs, 4, ["israel"], keys: "'s next", &maker) == [])
        let next = LogID(party: party("turkiye"), epoch: 1)
        epochs.restart(log: next)
        #expect(epochs.log == next)
        // Below the indices of the old log, and no nonce meets its key again.
        #expect(try fresh(&epochs, 0, ["israel", "turkiye"], &maker) == ["israel", "turkiye"])
        #expect(maker.made.last == "parley/seal/v1\n\(secret("m").hex)\nturkiye/1\nturkiye")
    }

    @Test("later plans refer to the record that carried the encapsulation, under its key")
    func references() throws {
        var epochs = SealingEpochs(log: log)
        var maker = Encapsulator()
        _ = try fresh(&epochs, 5, ["israel"], &maker)
        let plan = epochs.plan(
            mechanism: secret("m"), index: 9, recipients: recipients(["israel"]), contentKey: secret("c"),
            encapsulate: { _, _ in nil })
        #expect(plan?.readers == [SealPlan.Reader(party("israel"), .earlier(5, key: secret("key 1")))])
        #expect(plan?.binding == SealBinding(mechanism: secret("m"), log: log, index: 9))
    }

    @Test("a plan that fails changes nothing")
    func failures() throws {
        var epochs = SealingEpochs(log: log)
        var maker = Encapsulator()
        _ = try fresh(&epochs, 0, ["israel"], &maker)
        let before = epochs
        for names in [["israel", "turkiye"], ["turkiye"]] {
            let plan = epochs.plan(
                mechanism: secret("m"), index: 1, recipients: recipients(names), contentKey: secret("c"),
                encapsulate: { _, _ in nil })
            #expect(plan == nil)
            #expect(epochs == before)
        }
        let none = epochs.plan(
            mechanism: secret("m"), index: 1, recipients: [], contentKey: secret("c"), encapsulate: { _, _ in nil })
        #expect(none == nil)
        #expect(epochs == before)
    }

    @Test("both sides go through a snapshot and continue as they were")
    func snapshots() throws {
        var epochs = SealingEpochs(log: log)
        var maker = Encapsulator()
        _ = try fresh(&epochs, 0, ["israel", "turkiye"], &maker)
        _ = try fresh(&epochs, 1, ["israel"], &maker)
        let read = try JSONDecoder().decode(SealingEpochs.self, from: JSONEncoder().encode(epochs))
        #expect(read == epochs)
        #expect(read != SealingEpochs(log: log))

        var opened = OpenedEpochs()
        let entry = SealReader(
            party: party("israel"), source: .fresh(encapsulated: [UInt8](repeating: 1, count: 1_120)), wrapped: [])
        let place = binding(7)
        #expect(opened.key(for: entry, binding: place, decapsulate: { _, _ in secret("k") }) == secret("k"))
        var again = try JSONDecoder().decode(OpenedEpochs.self, from: JSONEncoder().encode(opened))
        #expect(again == opened)
        func key(_ source: LogIndex, at index: LogIndex, log: String = "turkiye") -> Hash32? {
            again.key(
                for: SealReader(party: party("israel"), source: .earlier(source), wrapped: []),
                binding: binding(index, log: log), decapsulate: { _, _ in secret("never asked") })
        }
        #expect(key(7, at: 8) == secret("k"))
        #expect(key(7, at: 7) == nil)
        #expect(key(7, at: 6) == nil)
        #expect(key(6, at: 8) == nil)
        #expect(key(7, at: 8, log: "israel") == nil)
        #expect(key(7, at: 8, log: "turkiye/1") == nil)
    }

    @Test("the newest encapsulation replaces the one before, and one that cannot be opened replaces nothing")
    func replacement() {
        var opened = OpenedEpochs()
        func take(_ index: LogIndex, gives key: Hash32?) -> Hash32? {
            let entry = SealReader(
                party: party("israel"), source: .fresh(encapsulated: [UInt8](repeating: 1, count: 1_120)), wrapped: [])
            return opened.key(for: entry, binding: binding(index), decapsulate: { _, _ in key })
        }
        #expect(take(1, gives: secret("a")) == secret("a"))
        #expect(take(2, gives: nil) == nil)
        #expect(opened.newest(in: log) == 1)
        #expect(take(3, gives: secret("b")) == secret("b"))
        #expect(opened.newest(in: log) == 3)
        #expect(opened.newest(in: LogID(party: party("israel"))) == nil)
    }
}
