import JointLog
import Kernel
import Records
import Testing

@Suite struct KeyHistoryTests {
    private let turkiye = party("turkiye")

    private func history() throws -> KeyHistory { KeyHistory(try #require(sampleTerms.party(turkiye))) }

    private func keys(_ name: String) -> NodePublicKeys {
        let seed = MerkleHash.sha256(Array("node \(name)".utf8)).bytes
        guard let key = Ed25519PrivateKey(seed: seed) else { preconditionFailure("a seed has 32 bytes") }
        return NodePublicKeys(node: key.publicKey, tls: MerkleHash.sha256(Array("tls \(name)".utf8)), seal: nil)
    }

    private func verified(_ statement: RootStatement) throws -> VerifiedRootStatement {
        var signed = SignedRootStatement(statement)
        for key in rootKeys(statement.party.name) { signed = signed.signed(by: key.publicKey, sign: key.sign) }
        return try signed.verified(by: sampleTerms)
    }

    private func change(
        _ sequence: UInt64, from: LogIndex, _ keys: NodePublicKeys, _ reason: KeyChangeStatement.Reason = .rotation,
        of name: String = "turkiye"
    ) throws -> VerifiedRootStatement {
        try verified(
            .keyChange(
                KeyChangeStatement(
                    mechanism: sampleTerms.mechanism, party: party(name), sequence: sequence, from: from,
                    reason: reason, keys: keys)))
    }

    private func epoch(_ sequence: UInt64, _ number: UInt64, _ keys: NodePublicKeys) throws -> VerifiedRootStatement {
        try verified(
            .epoch(
                EpochStatement(
                    mechanism: sampleTerms.mechanism, party: turkiye, sequence: sequence, epoch: number,
                    first: .init(size: 3, root: MerkleHash.empty), second: .init(size: 4, root: MerkleHash.empty),
                    keys: keys)))
    }

    private func refusal(
        _ history: KeyHistory, _ statement: VerifiedRootStatement, cosigned: UInt64 = 0
    ) -> KeyHistoryRejection? {
        var changed = history
        do throws(KeyHistoryRejection) {
            try changed.apply(statement, cosignedSize: cosigned)
            return nil
        } catch {
            #expect(changed == history)
            #expect(!error.sentence.isEmpty && !error.name.isEmpty)
            return error
        }
    }

    @Test("each index is signed by the key that was in force when it came, for ever")
    func keysByIndex() throws {
        var history = try history()
        let first = history.current.keys
        #expect(try history.apply(change(1, from: 10, keys("b")), cosignedSize: 10))
        #expect(try history.apply(change(5, from: 12, keys("c"), .revocation), cosignedSize: 11))
        for (index, expected) in [
            (0, first), (9, first), (10, keys("b")), (11, keys("b")), (12, keys("c")), (Limits.largestInteger, keys("c")),
        ] {
            #expect(history.entry(at: index).keys == expected, "\(index)")
            #expect(history.key(at: index) == expected.node)
        }
        #expect(history.key(ofCheckpoint: 0) == first.node)
        #expect(history.key(ofCheckpoint: 10) == first.node)
        #expect(history.key(ofCheckpoint: 11) == keys("b").node)
        #expect(history.sequence == 5)
        #expect(history.log == LogID(party: turkiye))
        #expect(history.entries.count == 3)
        #expect(history.entries[0].note == nil)
    }

    @Test("nobody revokes to repudiate: a change below what is cosigned is refused, one at its end is not")
    func repudiation() throws {
        let history = try history()
        for reason in KeyChangeStatement.Reason.allCases {
            let statement = try change(1, from: 41, keys("b"), reason)
            #expect(refusal(history, statement, cosigned: 42) == .belowCosigned(from: 41, cosigned: 42))
            #expect(refusal(history, statement, cosigned: Limits.largestInteger) != nil)
            #expect(refusal(history, statement, cosigned: 41) == nil)
            #expect(refusal(history, statement, cosigned: 0) == nil)
        }
        // Also after a change that was fair: what stood below it stays.
        var changed = history
        try changed.apply(change(1, from: 50, keys("b")), cosignedSize: 50)
        #expect(
            refusal(changed, try change(2, from: 49, keys("c"), .revocation), cosigned: 0)
                == .belowEarlierChange(from: 49, earlier: 50))
        #expect(refusal(changed, try change(2, from: 50, keys("c"), .revocation), cosigned: 50) == nil)
        #expect(refusal(changed, try change(2, from: 50, keys("c")), cosigned: 51) == .belowCosigned(from: 50, cosigned: 51))
    }

    @Test("a key stolen before it signed anything is replaced at the same index")
    func sameIndex() throws {
        var history = try history()
        try history.apply(change(1, from: 7, keys("b")), cosignedSize: 7)
        try history.apply(change(2, from: 7, keys("c"), .revocation), cosignedSize: 7)
        #expect(history.key(at: 7) == keys("c").node)
        #expect(history.key(at: 6) == history.entries[0].keys.node)
    }

    @Test("the sequence rises; the same statement again changes nothing, another one under its number is refused")
    func sequence() throws {
        var history = try history()
        let third = try change(3, from: 5, keys("b"))
        #expect(try history.apply(third, cosignedSize: 0))
        let held = history
        #expect(try !history.apply(third, cosignedSize: 5))
        #expect(try !history.apply(third, cosignedSize: 100))
        #expect(history == held)
        #expect(history.holds(third.statement))
        for number in [1, 2, 3] as [UInt64] {
            let statement = try change(number, from: 9, keys("c"))
            #expect(refusal(history, statement) == .sequenceNotRising(found: number, last: 3))
            #expect(!history.holds(statement.statement))
        }
        #expect(refusal(history, try change(4, from: 9, keys("c"))) == nil)
    }

    @Test("the key in force is no change, and no key comes back that was replaced")
    func keysComeOnce() throws {
        var history = try history()
        let first = history.current.keys
        #expect(refusal(history, try change(1, from: 5, first)) == .unchanged)
        try history.apply(change(1, from: 5, keys("b")), cosignedSize: 0)
        #expect(refusal(history, try change(2, from: 9, keys("b"))) == .unchanged)
        #expect(refusal(history, try change(2, from: 9, first)) == .usedBefore)
        let oldTLS = NodePublicKeys(node: keys("c").node, tls: first.tls, seal: nil)
        #expect(refusal(history, try change(2, from: 9, oldTLS)) == .usedBefore)
        let keptTLS = NodePublicKeys(node: keys("c").node, tls: keys("b").tls, seal: nil)
        #expect(refusal(history, try change(2, from: 9, keptTLS)) == nil)
    }

    @Test("a sealing key may stay, and does not come back once it was replaced")
    func sealKeys() throws {
        func seal(_ name: String) throws -> SealPublicKey {
            try #require(SealPrivateKey(seed: MerkleHash.sha256(Array(name.utf8)).bytes)).publicKey
        }
        func statement(_ sequence: UInt64, _ name: String, _ seal: SealPublicKey) throws -> VerifiedRootStatement {
            let keys = NodePublicKeys(node: keys(name).node, tls: keys(name).tls, seal: seal)
            var signed = SignedRootStatement(
                .keyChange(
                    KeyChangeStatement(
                        mechanism: sealedTerms.mechanism, party: turkiye, sequence: sequence, from: sequence * 10,
                        reason: .rotation, keys: keys)))
            for key in rootKeys("turkiye") { signed = signed.signed(by: key.publicKey, sign: key.sign) }
            return try signed.verified(by: sealedTerms)
        }
        let named = try #require(sealedTerms.party(turkiye))
        var history = KeyHistory(named)
        let first = try #require(named.sealKey)
        try history.apply(statement(1, "b", first), cosignedSize: 0)
        try history.apply(statement(2, "c", seal("other")), cosignedSize: 0)
        #expect(refusal(history, try statement(3, "d", first)) == .usedBefore)
        #expect(refusal(history, try statement(3, "d", seal("other"))) == nil)
    }

    @Test("a statement of another party, or of another kind, is not one for this log")
    func otherLogs() throws {
        let israels = try change(1, from: 5, keys("b"), of: "israel")
        #expect(refusal(try history(), israels) == .notThisLog)
        #expect(refusal(try history(), try epoch(1, 1, keys("b"))) == .notThisLog)
        let change = try change(1, from: 5, keys("b"))
        #expect(throws: KeyHistoryRejection.notThisLog) { try KeyHistory(change, after: history()) }
    }

    @Test("a new epoch begins under the keys of its statement, kept or new, and remembers the old ones")
    func epochs() throws {
        var first = try history()
        try first.apply(change(1, from: 5, keys("b")), cosignedSize: 0)
        for chosen in [keys("b"), keys("c")] {
            let second = try KeyHistory(epoch(2, 1, chosen), after: first)
            #expect(second.log == LogID(party: turkiye, epoch: 1))
            #expect(second.key(at: 0) == chosen.node)
            #expect(second.sequence == 2)
            #expect(refusal(second, try change(3, from: 1, first.entries[0].keys)) == .usedBefore)
            #expect(refusal(second, try change(2, from: 1, keys("d"))) == .sequenceNotRising(found: 2, last: 2))
            #expect(refusal(second, try change(3, from: 1, keys("d"))) == nil)
            #expect(try KeyHistory(epoch(9, 2, keys("e")), after: second).log.epoch == 2)
        }
        for (statement, expected) in [
            (try epoch(1, 1, keys("c")), KeyHistoryRejection.sequenceNotRising(found: 1, last: 1)),
            (try epoch(2, 2, keys("c")), .notThisLog), (try epoch(2, 1, first.entries[0].keys), .usedBefore),
        ] {
            #expect(throws: expected) { try KeyHistory(statement, after: first) }
        }
    }

    @Test("the author's own view follows either kind of statement")
    func following() throws {
        let changed = try history().following(change(1, from: 5, keys("b")))
        #expect(changed.key(at: 5) == keys("b").node)
        let begun = try changed.following(epoch(2, 1, keys("b")))
        #expect(begun.log.epoch == 1)
    }

    @Test("a log takes so many changes of keys and no more")
    func bounded() throws {
        var history = try history()
        for i in 1...UInt64(Limits.keyChanges) {
            try history.apply(try change(i, from: i, keys("\(i)")), cosignedSize: i)
        }
        let next = UInt64(Limits.keyChanges) + 1
        #expect(refusal(history, try change(next, from: next, keys("\(next)"))) == .tooMany)
        #expect(history.sequence == UInt64(Limits.keyChanges))
    }
}
