import Foundation
import JointLog
import Kernel
import Records
import Testing

@testable import NodeRuntime

@Suite("keys in cards and terms")
struct KeyTermsTests {
    private func card(_ id: String, port: Int, roots: Int) throws -> PartyCard {
        let bench = try KeyBench()
        defer { bench.remove() }
        let keys = try (0..<roots).map { i in
            try #require(Ed25519PrivateKey(seed: MerkleHash.sha256(Array("\(id) root \(i)".utf8)).bytes)).publicKey
        }
        return PartyCard(
            try Pair.configuration(id, port: port), try NodeKeys.load(bench.folder),
            roots: RootKeys(threshold: max(1, roots - 1), keys: keys))
    }

    @Test("a card is read back as it was written, with root keys and without")
    func cards() throws {
        for roots in [0, 1, 8] {
            let card = try card("alpha", port: 1, roots: roots)
            #expect(try PartyCard(card.json.bytes) == card)
            #expect((card.roots == nil) == (roots == 0))
        }
    }

    @Test("a card's wrong keys are refused by field")
    func wrongCards() throws {
        let json = try card("alpha", port: 1, roots: 2).json
        guard case .object(let members) = json else {
            Issue.record("no object")
            return
        }
        let faults: [(String, JSONValue)] = [
            ("sealKey", .null), ("sealKey", "AAAA"), ("sealKey", 1), ("postQuantumKey", .null), ("postQuantumKey", "AAAA"),
            ("postQuantumKey", []), ("roots", []), ("roots", ["threshold": 1]), ("roots", ["threshold": 1, "keys": []]),
            ("roots", ["threshold": 1, "keys": ["00"]]), ("later", 1),
        ]
        for (name, value) in faults {
            let changed = JSONValue.object(members.filter { $0.name != name } + [JSONMember(name, value)])
            do {
                _ = try PartyCard(changed.bytes)
                Issue.record("\(name) = \(value.text) was read")
            } catch {
                #expect((error as? FieldRejection)?.path.hasPrefix(name) == true, "\(name): \(error)")
            }
        }
    }

    @Test("drafted terms name the cards' keys: sealed by default, without sealing keys when it is turned off")
    func draft() throws {
        let cards = try [card("bravo", port: 2, roots: 0), card("alpha", port: 1, roots: 3)]
        var draft = TermsDraft(name: "test", parties: cards, effectiveAt: UTCInstant(microseconds: 0))
        for sealing in [Sealing.xWing, .none] {
            draft.sealing = sealing
            let terms = try draft.terms()
            #expect(terms.sealing == sealing)
            for card in cards {
                let party = try #require(terms.party(card.id))
                #expect(party.nodeKey == card.nodeKey)
                #expect(party.stopKey == card.stopKey)
                #expect(party.sealKey == (sealing == .xWing ? card.sealKey : nil))
                #expect(party.postQuantumKeyHash == card.postQuantumKey.hash)
                #expect(party.roots == card.roots)
            }
            #expect(json(draft.bytes) == json(Array(draft.json.prettyText.utf8)))
        }
        #expect(TermsDraft(name: "test", parties: cards, effectiveAt: UTCInstant(microseconds: 0)).sealing == .xWing)
    }

    private func json(_ bytes: [UInt8]) -> JSONValue? { try? StrictJSON.read(bytes, limit: Limits.termsBytes) }

    @Test("a node recognises terms that name its keys, and no others")
    func named() throws {
        let bench = try KeyBench()
        let other = try KeyBench()
        defer {
            bench.remove()
            other.remove()
        }
        let keys = try NodeKeys.load(bench.folder)
        let cards = [
            PartyCard(try Pair.configuration("alpha", port: 1), keys),
            PartyCard(try Pair.configuration("bravo", port: 2), try NodeKeys.load(other.folder)),
        ]
        for sealing in Sealing.allCases {
            var draft = TermsDraft(name: "test", parties: cards, effectiveAt: UTCInstant(microseconds: 0))
            draft.sealing = sealing
            let terms = try draft.terms()
            #expect(keys.areNamed(by: terms.parties[0]))
            #expect(!keys.areNamed(by: terms.parties[1]))
        }
    }

    @Test("sixteen parties with every kind of key, and a root key each, fit the terms and the record that accepts them")
    func largest() throws {
        let cards = try (0..<Limits.peers).map { i in
            try card("party-of-a-long-name-\(i)", port: 60_000 + i, roots: 1)
        }
        let draft = TermsDraft(
            name: "A mechanism of sixteen parties over a large area", parties: cards,
            effectiveAt: UTCInstant(microseconds: 0))
        let terms = try draft.terms()
        #expect(terms.parties.count == 16)
        let content = RecordContent.termsAcceptance(
            TermsAcceptance(
                fingerprint: terms.fingerprint, terms: String(decoding: terms.bytes, as: UTF8.self),
                postQuantumKey: cards[0].postQuantumKey.bytes))
        let body = RecordBody(mode: .real, createdAt: UTCInstant(microseconds: 0), officer: nil, content: content)
        #expect(body.json.bytes.count <= Limits.recordBytes - SealedBody.reserve)
        #expect(try RecordBody.read(body.json.bytes) == body)
    }
}
