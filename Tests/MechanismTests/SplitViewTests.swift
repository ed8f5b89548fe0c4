import JointLog
import Kernel
import Mechanism
import Records
import Simulation
import Testing

/// Israel's key signs what a test wants; Türkiye and the mediator are real nodes.
@Suite("A log of two histories")
struct SplitViewTests {
    struct Table {
        var simulation = Simulation(seed: 41, mediator: "azerbaijan")
        var one: ScriptedPeer
        var other: ScriptedPeer

        var israel: PartyID { one.party }
        var holders: [PartyID] { [simulation["turkiye"].party, simulation["azerbaijan"].party] }

        /// Both holders have the first record; `first` and `second` more stand in the two histories.
        init(_ first: Int, _ second: Int) throws {
            one = ScriptedPeer(standingFor: simulation["israel"])
            let text = String(decoding: simulation.terms.bytes, as: UTF8.self)
            one.write(
                .termsAcceptance(TermsAcceptance(fingerprint: simulation.terms.fingerprint, terms: text)),
                at: simulation.utc)
            other = one
            for party in holders {
                simulation.restart(party)
                try simulation.command(.present, at: party)
                try simulation.handle(one.push(from: 0), at: party)
            }
            // Israel's node keeps silent; the two confirm each other after `staleAfter`.
            simulation.run(for: .seconds(9))
            for i in 0..<first {
                one.write(.suspension(Suspension(suspended: i % 2 == 0, reason: "a")), at: simulation.utc)
            }
            for i in 0..<second {
                other.write(.suspension(Suspension(suspended: i % 2 == 0, reason: "b")), at: simulation.utc)
            }
        }

        func log(at party: PartyID) -> HeldLog? { simulation[party].mechanism.logs[israel] }

        func expectFrozen(at party: PartyID, location: SourceLocation = #_sourceLocation) throws {
            let mechanism = simulation[party].mechanism
            let proof = try #require(log(at: party)?.fork, sourceLocation: location)
            // Anybody who knows the author's key can check it from its text alone.
            let origin = Checkpoint.origin(mechanism: simulation.terms.mechanism, log: LogID(party: israel))
            let key = simulation["israel"].key.publicKey
            #expect(
                ForkProof(encoded: proof.encoded, origin: origin, publicKeys: [key]) == proof, sourceLocation: location)
            let stranger = simulation["turkiye"].key.publicKey
            #expect(
                ForkProof(encoded: proof.encoded, origin: origin, publicKeys: [stranger]) == nil,
                sourceLocation: location)
            let alarm = mechanism.alarms["frozen:israel"]
            #expect(alarm?.state == .ringing && alarm?.precedence == .flash, sourceLocation: location)
            let whole = mechanism.assurance(now: simulation.now(at: party))
            #expect(whole.answer == .unknown && whole.reasons.contains(.logFrozen(israel)), sourceLocation: location)
            #expect(mechanism.comparableHeads(simulation[party]).isEmpty, sourceLocation: location)
            #expect(simulation[party].receipt(of: israel) == nil, sourceLocation: location)
        }
    }

    @Test(
        "shown one to each of two holders is found when they next answer each other, at both",
        arguments: [(1, 1), (2, 2), (1, 3), (3, 1), (2, 5)])
    func betweenHolders(sizes: (Int, Int)) throws {
        var table = try Table(sizes.0, sizes.1)
        try table.simulation.handle(table.one.push(from: 1), at: table.holders[0])
        try table.simulation.handle(table.other.push(from: 1), at: table.holders[1])
        for party in table.holders { #expect(table.log(at: party)?.fork == nil) }
        // One heartbeat and the way there and back.
        table.simulation.run(for: .milliseconds(2_100))
        for party in table.holders {
            try table.expectFrozen(at: party)
            #expect(throws: Refusal.logFrozen(table.israel)) {
                try table.simulation.handle(table.one.push(from: 1), at: party)
            }
        }
        let events = table.simulation.nodes.map(\.journal.count)
        table.simulation.run(for: .seconds(60))
        // It is found once: the journals hold heartbeats after that, no storm.
        #expect(zip(events, table.simulation.nodes).allSatisfy { $1.journal.count - $0 < 200 })
    }

    @Test("is found by a head that was shown for fewer records than are held when it comes", arguments: [1, 2, 3])
    func shownForLess(grown: Int) throws {
        var table = try Table(1 + grown, 6)
        let turkiye = table.holders[0]
        try table.simulation.handle(table.one.push(from: 1, to: 2), at: turkiye)
        // The mediator answers what Türkiye asked when it held two records; the third and later come first.
        let head = table.other.head(from: 2)
        try table.simulation.handle(table.one.push(from: 2), at: turkiye)
        let news = table.simulation[turkiye].mechanism.news(in: [head], table.simulation[turkiye])
        try table.simulation.handle(.heads(from: table.holders[1], news), at: turkiye)
        try table.expectFrozen(at: turkiye)
    }

    @Test("a larger head that continues what was held is no fork, however many records have come since")
    func continuedForLess() throws {
        var table = try Table(5, 1)
        let turkiye = table.holders[0]
        try table.simulation.handle(table.one.push(from: 1, to: 2), at: turkiye)
        let head = table.one.head(from: 2)
        try table.simulation.handle(table.one.push(from: 2, to: 4), at: turkiye)
        let news = table.simulation[turkiye].mechanism.news(in: [head], table.simulation[turkiye])
        #expect(news.count == 1)
        try table.simulation.handle(.heads(from: table.holders[1], news), at: turkiye)
        #expect(table.log(at: turkiye)?.fork == nil)
        #expect(table.log(at: turkiye)?.announced.contains(6) == true)
        try table.simulation.handle(table.one.push(from: 4), at: turkiye)
        #expect(table.log(at: turkiye)?.fork == nil)
    }

    @Test("is found by a push that proves that its head continues another history")
    func byPush() throws {
        var table = try Table(2, 3)
        try table.simulation.handle(table.one.push(from: 1), at: table.holders[0])
        try table.simulation.handle(table.other.push(from: 3, withProof: true), at: table.holders[0])
        try table.expectFrozen(at: table.holders[0])
    }

    @Test("is found by a push over as many records with another root")
    func byEqualPush() throws {
        var table = try Table(2, 2)
        try table.simulation.handle(table.one.push(from: 1), at: table.holders[0])
        try table.simulation.handle(table.other.push(from: 1), at: table.holders[0])
        try table.expectFrozen(at: table.holders[0])
    }

    @Test("without a proof is refused and proves nothing, and its head stays a doubt")
    func pushWithoutProof() throws {
        var table = try Table(1, 3)
        let turkiye = table.holders[0]
        try table.simulation.handle(table.one.push(from: 1), at: turkiye)
        #expect(throws: Refusal.checkpointMismatch(table.israel, size: 4)) {
            try table.simulation.handle(table.other.push(from: 2), at: turkiye)
        }
        let heads = [table.other.shown(size: 4, root: table.other.root)]
        try table.simulation.handle(.heads(from: table.israel, heads), at: turkiye)
        let reasons = table.simulation[turkiye].mechanism.assurance(now: table.simulation.now(at: turkiye)).reasons
        #expect(reasons.contains(.headNotCompared(table.israel, size: 4)))
        #expect(table.log(at: turkiye)?.fork == nil)
    }

    @Test("is found when the records come below a head that was announced before them")
    func announcedBefore() throws {
        var table = try Table(2, 2)
        let (turkiye, azerbaijan) = (table.holders[0], table.holders[1])
        try table.simulation.handle(.heads(from: azerbaijan, [table.other.head()]), at: turkiye)
        #expect(table.log(at: turkiye)?.announced.keys == [3])
        #expect(table.simulation[turkiye].mechanism.comparableHeads(table.simulation[turkiye]).isEmpty)
        try table.simulation.handle(table.one.push(from: 1), at: turkiye)
        let heads = table.simulation[turkiye].mechanism.comparableHeads(table.simulation[turkiye])
        #expect(heads.count == 1)
        try table.simulation.handle(.heads(from: turkiye, heads), at: turkiye)
        try table.expectFrozen(at: turkiye)
    }

    @Test("is found at both holders, although the author has shown one of them the bare head of the other history before")
    func announcedBare() throws {
        var table = try Table(1, 2)
        try table.simulation.handle(table.one.push(from: 1), at: table.holders[0])
        let bare = table.other.shown(size: 3, root: table.other.root)
        try table.simulation.handle(.heads(from: table.israel, [bare]), at: table.holders[0])
        #expect(table.log(at: table.holders[0])?.announced.keys == [3])
        try table.simulation.handle(table.other.push(from: 1), at: table.holders[1])
        table.simulation.run(for: .milliseconds(2_100))
        for party in table.holders { try table.expectFrozen(at: party) }
    }

    @Test("an author that has lost its disk is shown the largest head that it has signed, though nobody has its records")
    func announcedToAuthor() throws {
        let table = try Table(2, 0)
        var simulation = table.simulation
        let (mediator, author) = (table.holders[1], table.israel)
        try simulation.handle(.heads(from: author, [table.one.head(from: 1)]), at: mediator)
        let node = simulation[mediator]
        let shown = node.mechanism.heads(for: author, holding: [(log: LogID(party: author), size: 1)], node)
        let sizes = shown.filter { $0.log.party == author }.compactMap { Checkpoint(note: $0.note)?.size }
        #expect(sizes.max() == 3)
        // It goes out to its author alone.
        let others = node.mechanism.heads(
            for: table.holders[0], holding: [(log: LogID(party: author), size: 1)], node)
        #expect(others.compactMap { $0.log.party == author ? Checkpoint(note: $0.note)?.size : nil }.max() == 1)
    }

    @Test("is found when two heads of one size are announced, before any record comes")
    func announcedTwice() throws {
        var table = try Table(2, 2)
        let (turkiye, azerbaijan) = (table.holders[0], table.holders[1])
        let node = table.simulation[turkiye]
        let first = node.mechanism.news(in: [table.one.head()], node)
        try table.simulation.handle(.heads(from: table.israel, first), at: turkiye)
        let held = table.simulation[turkiye]
        #expect(held.mechanism.news(in: [table.one.head()], held).isEmpty)
        let second = held.mechanism.news(in: [table.other.head()], held)
        try table.simulation.handle(.heads(from: azerbaijan, second), at: turkiye)
        try table.expectFrozen(at: turkiye)
    }

    @Test("is found when an old size is signed again with another root")
    func oldSizeSignedAgain() throws {
        var table = try Table(4, 0)
        let turkiye = table.holders[0]
        try table.simulation.handle(table.one.push(from: 1), at: turkiye)
        let node = table.simulation[turkiye]
        for size in [UInt64(1), 2, 3] {
            let same = table.one.shown(size: size, root: table.one.root(at: size))
            #expect(node.mechanism.news(in: [same], node).isEmpty)
        }
        let forged = table.one.shown(size: 3, root: MerkleHash.empty)
        let news = node.mechanism.news(in: [forged], node)
        #expect(news.first?.relation?.root == table.one.root(at: 3))
        try table.simulation.handle(.heads(from: table.israel, news), at: turkiye)
        try table.expectFrozen(at: turkiye)
    }

    @Test("is found although more of the log came between the comparing and the taking")
    func comparedEarlier() throws {
        var table = try Table(6, 2)
        let (turkiye, azerbaijan) = (table.holders[0], table.holders[1])
        try table.simulation.handle(table.one.push(from: 1, to: 5), at: turkiye)
        let node = table.simulation[turkiye]
        let news = node.mechanism.news(in: [table.other.head()], node)
        try table.simulation.handle(table.one.push(from: 5), at: turkiye)
        try table.simulation.handle(.heads(from: azerbaijan, news), at: turkiye)
        try table.expectFrozen(at: turkiye)
    }

    @Test("is found beside a head that says nothing, and a bad head alone is refused")
    func besideNonsense() throws {
        var table = try Table(2, 2)
        let (turkiye, azerbaijan) = (table.holders[0], table.holders[1])
        try table.simulation.handle(table.one.push(from: 1), at: turkiye)
        let bad = ShownHead(log: LogID(party: azerbaijan), note: table.other.head().note, relation: nil)
        #expect(throws: Refusal.badHead(LogID(party: azerbaijan))) {
            try table.simulation.handle(.heads(from: azerbaijan, [bad]), at: turkiye)
        }
        try table.simulation.handle(.heads(from: azerbaijan, [bad, table.other.head()]), at: turkiye)
        try table.expectFrozen(at: turkiye)
    }

    @Test("cannot be claimed without the author's signature")
    func unsignedClaim() throws {
        var table = try Table(2, 2)
        let (turkiye, azerbaijan) = (table.holders[0], table.holders[1])
        try table.simulation.handle(table.one.push(from: 1), at: turkiye)
        let liar = ScriptedPeer(standingFor: table.simulation["azerbaijan"])
        let checkpoint = Checkpoint(
            mechanism: table.simulation.terms.mechanism, party: table.israel, size: 3, root: table.other.root)
        let key = table.simulation["azerbaijan"].key
        let note = SignedCheckpoint.signing(checkpoint, publicKey: key.publicKey, sign: { key.sign($0) }).note
        let head = ShownHead(log: LogID(party: table.israel), note: note, relation: nil)
        #expect(throws: Refusal.badHead(LogID(party: table.israel))) {
            try table.simulation.handle(.heads(from: liar.party, [head]), at: turkiye)
        }
        #expect(table.log(at: turkiye)?.fork == nil && azerbaijan == liar.party)
    }
}
