import Foundation
import JointLog
import Kernel
import Records
import Testing

@testable import NodeRuntime

/// One node whose party keeps three root keys, of which two must sign, and another that keeps none.
private struct ChangeBench {
    let keys: KeyBench
    let roots: [Ed25519PrivateKey]
    let terms: Terms
    let party: PartyID

    var folder: NodeFolder { keys.folder }

    init(encrypted: Bool = false, sealing: Sealing = .xWing) throws {
        keys = try KeyBench(encrypted: encrypted)
        roots = try (0..<3).map { i in
            try #require(Ed25519PrivateKey(seed: MerkleHash.sha256(Array("root \(i)".utf8)).bytes))
        }
        let configuration = try Pair.configuration("alpha", port: 1)
        party = configuration.party
        let card = PartyCard(
            configuration, try NodeKeys.load(keys.folder), roots: RootKeys(threshold: 2, keys: roots.map(\.publicKey)))
        let other = try KeyBench()
        defer { other.remove() }
        let otherCard = PartyCard(try Pair.configuration("bravo", port: 2), try NodeKeys.load(other.folder))
        var draft = TermsDraft(name: "test", parties: [card, otherCard], effectiveAt: UTCInstant(microseconds: 0))
        draft.sealing = sealing
        terms = try draft.terms()
    }

    func remove() { keys.remove() }

    func prepare() throws -> NodePublicKeys {
        var random = SystemRandom()
        let made = try folder.prepareKeys(name: "alpha", random: &random)
        return NodePublicKeys(node: made.node, tls: made.tls, seal: terms.sealing == .xWing ? made.seal : nil)
    }

    func statement(_ sequence: UInt64, from: LogIndex, _ keys: NodePublicKeys) throws -> VerifiedRootStatement {
        try signed(
            .keyChange(
                KeyChangeStatement(
                    mechanism: terms.mechanism, party: party, sequence: sequence, from: from, reason: .rotation, keys: keys)))
    }

    func signed(_ statement: RootStatement) throws -> VerifiedRootStatement {
        var signed = SignedRootStatement(statement)
        for root in roots.dropFirst() { signed = signed.signed(by: root.publicKey, sign: root.sign) }
        return try signed.verified(by: terms)
    }

    func refusal(_ verified: VerifiedRootStatement, size: UInt64) -> KeyChangeRefusal? {
        do {
            try folder.activate(verified, terms: terms, size: size)
            return nil
        } catch {
            return error as? KeyChangeRefusal
        }
    }
}

@Suite("changing a node's keys")
struct KeyChangeTests {
    @Test("prepared keys take the place of the old ones once a statement names them", arguments: [false, true])
    func activation(encrypted: Bool) throws {
        let bench = try ChangeBench(encrypted: encrypted)
        defer { bench.remove() }
        let old = try NodeKeys.load(bench.folder)
        let next = try bench.prepare()
        #expect(try NodeKeys.load(bench.folder).node.seed == old.node.seed)
        #expect(next.node != old.node.publicKey && next.tls != old.tlsKeyHash && next.seal != old.seal.publicKey)
        #expect(try bench.folder.keys.next.node.isEncrypted() == encrypted)
        let statement = try bench.statement(1, from: 7, next)
        try bench.folder.activate(statement, terms: bench.terms, size: 7)
        let new = try NodeKeys.load(bench.folder)
        #expect(new.publicKeys(.xWing) == next)
        #expect(new.postQuantum.seed == old.postQuantum.seed)
        #expect(new.seals.map(\.seed) == [new.seal.seed, old.seal.seed])
        // A peer without the statement answers no other.
        #expect(new.formerTLS?.keyPEM == old.tls.keyPEM && new.formerTLS?.certificatePEM == old.tls.certificatePEM)
        #expect(try bench.folder.keys.formerTLS.isEncrypted() == encrypted && old.formerTLS == nil)
        #expect(try bench.folder.statements(of: bench.party) == [statement.note])
        let history = try bench.folder.keyHistory(bench.party, terms: bench.terms)
        #expect(history.key(at: 6) == old.node.publicKey)
        #expect(history.key(at: 7) == next.node)
        for (name, text) in bench.keys.texts {
            #expect(!text.contains(old.node.seed.base64), "\(name)")
            #expect(!text.contains(old.tls.keyPEM) || name.hasSuffix("retired/tls.key"), "\(name)")
        }
        #expect(!FileManager.default.fileExists(atPath: bench.folder.keys.next.url.path))
        // And again.
        let third = try bench.prepare()
        try bench.folder.activate(try bench.statement(2, from: 9, third), terms: bench.terms, size: 9)
        #expect(try NodeKeys.load(bench.folder).seals.map(\.publicKey) == [third.seal, next.seal, old.seal.publicKey])
        #expect(try bench.folder.statements(of: bench.party).count == 2)
    }

    @Test("where nothing is sealed a statement names no sealing key, and the files change all the same")
    func unsealed() throws {
        let bench = try ChangeBench(sealing: .none)
        defer { bench.remove() }
        let next = try bench.prepare()
        #expect(next.seal == nil)
        try bench.folder.activate(try bench.statement(1, from: 3, next), terms: bench.terms, size: 3)
        #expect(try NodeKeys.load(bench.folder).publicKeys(.none) == next)
    }

    @Test("a statement that begins elsewhere than at the end of the log, or names other keys, changes nothing")
    func refusals() throws {
        let bench = try ChangeBench()
        defer { bench.remove() }
        let old = try NodeKeys.load(bench.folder).publicKeys(.xWing)
        let foreign = NodePublicKeys(
            node: try #require(Ed25519PrivateKey(seed: MerkleHash.empty.bytes)).publicKey, tls: MerkleHash.empty,
            seal: old.seal)
        #expect(bench.refusal(try bench.statement(1, from: 5, foreign), size: 5) == .nothingPrepared)
        let next = try bench.prepare()
        #expect(bench.refusal(try bench.statement(1, from: 5, foreign), size: 5) == .otherKeys)
        let statement = try bench.statement(1, from: 5, next)
        #expect(bench.refusal(statement, size: 4) == .wrongIndex(from: 5, size: 4))
        #expect(bench.refusal(statement, size: 6) == .wrongIndex(from: 5, size: 6))
        let otherTLS = NodePublicKeys(node: next.node, tls: MerkleHash.empty, seal: next.seal)
        #expect(bench.refusal(try bench.statement(1, from: 5, otherTLS), size: 5) == .otherKeys)
        let oldSeal = NodePublicKeys(node: next.node, tls: next.tls, seal: old.seal)
        #expect(bench.refusal(try bench.statement(1, from: 5, oldSeal), size: 5) == .otherKeys)
        #expect(try NodeKeys.load(bench.folder).publicKeys(.xWing) == old)
        #expect(try bench.folder.statements(of: bench.party).isEmpty)
        #expect(try bench.folder.preparedKeys().node == next.node)
        #expect(bench.refusal(statement, size: 5) == nil)
    }

    @Test("interrupted anywhere between its steps, the same call finishes the change")
    func interruption() throws {
        // The files in the order in which they move; the statement is written before the first.
        for moved in 0...4 {
            let bench = try ChangeBench()
            defer { bench.remove() }
            let old = try NodeKeys.load(bench.folder)
            let next = try bench.prepare()
            let statement = try bench.statement(1, from: 7, next)
            let file = bench.folder.statement(bench.party, sequence: 1)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bench.folder.write(Array(statement.note.utf8), to: file)
            let keys = bench.folder.keys
            if moved > 0 {
                try keys.createRetired()
                try FileManager.default.linkItem(at: keys.seal.url, to: keys.retiredSeal(sequence: 1).url)
            }
            for name in ["seal.key", "tls.key", "tls.crt", "node.key"].prefix(moved) {
                let target = keys.url.appendingPathComponent(name)
                try FileManager.default.removeItem(at: target)
                try FileManager.default.moveItem(at: keys.next.url.appendingPathComponent(name), to: target)
            }
            try bench.folder.activate(statement, terms: bench.terms, size: 7)
            let new = try NodeKeys.load(bench.folder)
            #expect(new.publicKeys(.xWing) == next, "after \(moved) files")
            #expect(new.seals.map(\.publicKey) == [next.seal, old.seal.publicKey], "after \(moved) files")
            if moved < 2 { #expect(new.formerTLS?.keyPEM == old.tls.keyPEM, "after \(moved) files") }
            #expect(!FileManager.default.fileExists(atPath: keys.next.url.path))
            // Once more does no harm.
            try bench.folder.activate(statement, terms: bench.terms, size: 9)
            #expect(try NodeKeys.load(bench.folder).publicKeys(.xWing) == next)
        }
    }

    @Test("keys are not prepared over prepared ones, nor under a wrong passphrase")
    func preparing() throws {
        let bench = try ChangeBench(encrypted: true)
        defer { bench.remove() }
        var random = SystemRandom()
        let wrong = bench.keys.opened(with: "another passphrase")
        #expect(
            keyFileError { _ = try wrong.prepareKeys(name: "alpha", random: &random) }
                == .wrongPassphrase(bench.folder.nodeKey.path))
        // What an attempt left that was interrupted is in nobody's way.
        let unfinished = bench.folder.keys.url.appendingPathComponent("next.new")
        try FileManager.default.createDirectory(at: unfinished, withIntermediateDirectories: true)
        try bench.folder.write([1], to: unfinished.appendingPathComponent("node.key"), secret: true)
        let next = try bench.prepare()
        #expect(!FileManager.default.fileExists(atPath: unfinished.path))
        #expect(
            keyFileError { _ = try bench.folder.prepareKeys(name: "alpha", random: &random) }
                == .exists(bench.folder.keys.next.url.path))
        #expect(try bench.folder.preparedKeys() == next)
    }

    @Test("an epoch statement that keeps the keys is kept, and changes no file")
    func epoch() throws {
        let bench = try ChangeBench()
        defer { bench.remove() }
        let before = bench.keys.texts
        let keys = try NodeKeys.load(bench.folder).publicKeys(.xWing)
        let statement = try bench.signed(
            .epoch(
                EpochStatement(
                    mechanism: bench.terms.mechanism, party: bench.party, sequence: 1, epoch: 1,
                    first: .init(size: 5, root: MerkleHash.empty), second: .init(size: 6, root: MerkleHash.empty),
                    keys: keys)))
        try bench.folder.activate(statement, terms: bench.terms, size: 6)
        var after = bench.keys.texts
        #expect(after.removeValue(forKey: "statements/alpha-1") == statement.note)
        after["statements"] = nil
        #expect(after == before)
        #expect(try bench.folder.keyHistory(bench.party, terms: bench.terms).log.epoch == 1)
    }

    @Test("a peer's statement is kept in order, and one that cannot follow is refused")
    func receiving() throws {
        let bench = try ChangeBench()
        let peer = try KeyBench()
        defer {
            bench.remove()
            peer.remove()
        }
        let first = try bench.statement(2, from: 7, try bench.prepare())
        try peer.folder.receive(first, terms: bench.terms)
        try peer.folder.receive(first, terms: bench.terms)
        #expect(try peer.folder.statements(of: bench.party) == [first.note])
        let seal = try NodeKeys.load(peer.folder).seal.publicKey
        func statement(_ sequence: UInt64, from: LogIndex) throws -> VerifiedRootStatement {
            let seed = MerkleHash.sha256([UInt8(sequence), UInt8(from)]).bytes
            let key = try #require(Ed25519PrivateKey(seed: seed)).publicKey
            return try bench.statement(sequence, from: from, NodePublicKeys(node: key, tls: key, seal: seal))
        }
        for (wrong, refusal) in [
            (try statement(1, from: 9), KeyHistoryRejection.sequenceNotRising(found: 1, last: 2)),
            (try statement(2, from: 9), .sequenceNotRising(found: 2, last: 2)),
            (try statement(3, from: 6), .belowEarlierChange(from: 6, earlier: 7)),
        ] {
            #expect(throws: refusal) { try peer.folder.receive(wrong, terms: bench.terms) }
        }
        let tenth = try statement(10, from: 9)
        try peer.folder.receive(tenth, terms: bench.terms)
        #expect(try peer.folder.statements(of: bench.party) == [first.note, tenth.note])
        #expect(try peer.folder.keyHistory(bench.party, terms: bench.terms).key(at: 8) == first.statement.keys.node)
    }

    @Test("root keys are files like the others: new ones only where no file is, opened with their passphrase")
    func rootKeys() throws {
        let bench = try KeyBench()
        defer { bench.remove() }
        let file = bench.folder.url.appendingPathComponent("root.key")
        var random = SystemRandom()
        let made = try RootKeyFile.create(file, passphrase: bench.passphrase, random: &random)
        let other = try #require(KeyPassphrase("another passphrase"))
        #expect(try RootKeyFile.open(file, bench.folder.passphrase).publicKey == made)
        #expect(keyFileError { _ = try RootKeyFile.open(file) { other } } == .wrongPassphrase(file.path))
        #expect(
            keyFileError { _ = try RootKeyFile.create(file, passphrase: nil, random: &random) } == .exists(file.path))
        // A node's key is no root key, although both are Ed25519.
        try bench.folder.keys.encrypt(bench.passphrase, cost: KeyBench.quickCost)
        #expect(
            keyFileError { _ = try RootKeyFile.open(bench.folder.nodeKey, bench.folder.passphrase) }
                == .malformed(bench.folder.nodeKey.path))
    }
}
