import JointLog
import Kernel
import Mechanism
import Records
import Storage

/// Whole mechanisms in memory: nodes with their own clocks on a bad network, driven only by a seed.
///
/// Two simulations with the same seed and the same calls are equal to the last byte.
public struct Simulation: Sendable {
    public let terms: Terms
    public internal(set) var nodes: [SimulatedNode]
    public var network: VirtualNetwork
    /// Nanoseconds since the start.
    public internal(set) var timeNs: Int64 = 0
    /// Watches every step; `nil` watches nothing.
    public var checkers: Checkers?
    /// A planted defect, to show that ``checkers`` can fail.
    public var mutation: Mutation? { didSet { plantFromTheStart() } }
    /// What the planted defect remembers.
    var planted = MutationMemory()
    /// Parties whose node lies: nothing is expected of them.
    public internal(set) var dishonest = SortedSet<PartyID>()
    /// What happened so far; `nil` when nobody asks.
    public var trace: Trace?
    /// Second faces of those that show two histories, and the one that acts just now.
    var twins: [Twin] = []
    var actingTwin: Int?
    /// What lying nodes do to what they send.
    var lies = SortedMap<PartyID, [Lie]>()
    /// Whether nodes beat and push by themselves. A bench with scripted peers does their talking itself.
    public var nodesTalk = true
    /// Messages, beats and ticks so far.
    public private(set) var steps = 0
    /// After so many nothing happens any more: what has no end is shown, and not waited for.
    public var mostSteps = Int.max
    /// The same for messages that are under way at one time.
    public var mostUnderWay = 5_000
    /// How often a disk was put back to an older copy.
    public private(set) var oldCopies = 0
    var random: SeededGenerator
    /// Each party's offline root key.
    let roots: SortedMap<PartyID, Ed25519PrivateKey>

    /// - Parameters:
    ///   - principals: ids of at least two.
    ///   - mediator: id, if there is one.
    public init(
        seed: UInt64, principals: [String] = ["israel", "turkiye"], mediator: String? = nil,
        timing: SampleTerms.Timing = .short, sealing: Sealing = .none,
        demands: SampleTerms.Demands = SampleTerms.Demands()
    ) {
        var random = SeededGenerator(seed: seed)
        let ids = principals + (mediator.map { [$0] } ?? [])
        var authorities: [SeededAuthority] = []
        var roots = SortedMap<PartyID, Ed25519PrivateKey>()
        var members: [SampleTerms.Member] = []
        for (i, id) in ids.enumerated() {
            let authority = SeededAuthority(seed: random.next())
            authorities.append(authority)
            let root = SeededAuthority(seed: random.next()).key
            if let party = PartyID(id) { roots[party] = root }
            members.append(
                SampleTerms.Member(
                    id: id, name: id, role: i < principals.count ? .principal : .mediator,
                    nodeKey: authority.key.publicKey, stopKey: authority.stopKey.publicKey,
                    tlsKeyHash: MerkleHash.sha256(authority.key.publicKey.bytes), address: "127.0.0.1:\(7000 + i)",
                    sealKey: authority.sealKey.publicKey, roots: RootKeys(threshold: 1, keys: [root.publicKey])))
        }
        self.roots = roots
        let bytes = SampleTerms.bytes(members, timing: timing, sealing: sealing, demands: demands)
        guard let terms = try? Terms.read(bytes, mechanism: nil) else {
            preconditionFailure("sample terms are valid")
        }
        self.terms = terms
        nodes = zip(ids, authorities).compactMap { id, authority in
            PartyID(id).map { party in
                SimulatedNode(
                    party: party, terms: terms, authority: authority,
                    clock: VirtualClock(monotonicOriginNs: Int64(random.below(1 << 40))))
            }
        }
        network = VirtualNetwork(seed: random.next())
        self.random = random
    }

    public func place(of party: PartyID) -> Int {
        guard let place = nodes.firstIndex(where: { $0.party == party }) else {
            preconditionFailure("\(party) is no party of this simulation")
        }
        return place
    }

    public subscript(party: PartyID) -> SimulatedNode { nodes[place(of: party)] }

    /// A party by its name.
    public subscript(name: String) -> SimulatedNode {
        guard let party = PartyID(name) else { preconditionFailure("\(name) is no party id") }
        return self[party]
    }

    public func now(at party: PartyID) -> Now { self[party].clock.now(at: timeNs) }

    /// The right UTC.
    public var utc: UTCInstant { VirtualClock.origin.advanced(by: .nanoseconds(timeNs)) }

    // MARK: What people and faults do

    /// Starts every node that is down, and folds the journal of one that has run before. One whose disk cannot be read
    /// stays down and says why.
    public mutating func start() {
        for i in nodes.indices where !nodes[i].isUp { restart(nodes[i].party) }
    }

    public mutating func restart(_ party: PartyID) {
        let i = place(of: party)
        guard !nodes[i].isUp else { return }
        do throws(StoreError) { try nodes[i].disk.open() } catch {
            nodes[i].startRefusal = error
            trace?.say("does not start: \(error)", at: party, timeNs)
            return
        }
        nodes[i].startRefusal = nil
        plantRewriting(at: i)
        guard let folded = nodes[i].folded() else {
            preconditionFailure("\(party)'s journal leads elsewhere")
        }
        nodes[i].mechanism = folded
        nodes[i].isUp = true
        nodes[i].exchange = SimulatedNode.Exchange()
        nodes[i].exchange.nextBeatNs = timeNs
        for (peer, link) in folded.links { nodes[i].exchange.known[peer] = link.receipted }
        _ = try? take(.started, at: i)
        for statement in nodes[i].statements { takeNews(statement, of: party, at: i) }
    }

    /// Memory goes, journal and records stay.
    public mutating func crash(_ party: PartyID) {
        let i = place(of: party)
        nodes[i].isUp = false
        plantLoss(at: i)
        nodes[i].exchange = SimulatedNode.Exchange()
        look(after: Step(party, .crashed))
    }

    /// A crash after which the disk is put back to how it was after its first `events` events: an old copy. What was
    /// under way dies with its connections. Keys are not on that disk.
    public mutating func restoreOldCopy(of party: PartyID, events: Int) {
        oldCopies += 1
        crash(party)
        network.drop(from: party)
        nodes[place(of: party)].putBack(events: events)
        nodes[place(of: party)].putBackNs = timeNs
        look(after: Step(party, .diskPutBack))
    }

    /// An administrator fetches what a peer's node holds of a party's own log, and hands it in. What does not continue
    /// the log is refused.
    public mutating func restore(_ party: PartyID, from peer: PartyID) {
        guard mutation != .neverRestores || party != mutated else { return }
        let i = place(of: party)
        let log = { (nodes: [SimulatedNode]) in nodes[i].mechanism.ownLog.size }
        while let push = nodes[place(of: peer)].push(of: party, from: log(nodes), to: party) {
            for statement in nodes[place(of: peer)].statements(of: party) { takeNews(statement, of: party, at: i) }
            let before = log(nodes)
            _ = try? take(.pushed(push), at: i)
            guard log(nodes) > before else { return }
        }
    }

    /// A party's root key holders meet: they sign new node keys, in force from a record on. The node has to be down;
    /// it starts again with the new keys.
    ///
    /// - Returns: the root-signed note.
    @discardableResult
    public mutating func changeKeys(
        of party: PartyID, from index: LogIndex, reason: KeyChangeStatement.Reason, sequence: UInt64 = 1
    ) -> String {
        let authority = SeededAuthority(seed: random.next())
        let note = signed(
            .keyChange(
                KeyChangeStatement(
                    mechanism: terms.mechanism, party: party, sequence: sequence, from: index, reason: reason,
                    keys: keys(authority))), of: party)
        nodes[place(of: party)].replaceKeys(authority, statement: note)
        return note
    }

    /// The same for a new log after a fork, under new keys.
    @discardableResult
    public mutating func beginEpoch(
        of party: PartyID, after first: EpochStatement.Head, _ second: EpochStatement.Head, sequence: UInt64 = 1
    ) -> String {
        let authority = SeededAuthority(seed: random.next())
        let heads = [first, second].sorted()
        let epoch = self[party].mechanism.ownLog.id.epoch + 1
        let note = signed(
            .epoch(
                EpochStatement(
                    mechanism: terms.mechanism, party: party, sequence: sequence, epoch: epoch, first: heads[0],
                    second: heads[1], keys: keys(authority))), of: party)
        nodes[place(of: party)].replaceKeys(authority, statement: note)
        return note
    }

    private func keys(_ authority: SeededAuthority) -> NodePublicKeys {
        NodePublicKeys(
            node: authority.key.publicKey, tls: MerkleHash.sha256(authority.key.publicKey.bytes),
            seal: terms.sealing == .xWing ? authority.sealKey.publicKey : nil)
    }

    /// A statement under a party's root key.
    public func signed(_ statement: RootStatement, of party: PartyID) -> String {
        guard let root = roots[party] else { preconditionFailure("every party has a root key") }
        return SignedRootStatement(statement).signed(by: root.publicKey, sign: { root.sign($0) }).encoded
    }

    /// One step of one machine's UTC.
    public mutating func stepClock(of party: PartyID, by step: Duration) {
        nodes[place(of: party)].clock.aheadBy += step
    }

    /// An officer's command at a node that is up and whose disk stores it.
    @discardableResult
    public mutating func command(
        _ command: Command, at party: PartyID, officer: String = "Cpt. Sample"
    ) throws(Refusal) -> Reply {
        try handle(.command(command, officer: officer), at: party).reply
    }

    /// Any event, as if the shell had handed it over to a node that is up and whose disk stores it.
    @discardableResult
    public mutating func handle(_ event: Event, at party: PartyID) throws(Refusal) -> Handled {
        guard let handled = try take(event, at: place(of: party)) else {
            preconditionFailure("\(party) is down, or its disk refuses")
        }
        return handled
    }

    /// What the node's screens say: of the notices asked about, then of the mechanism.
    ///
    /// - Parameters:
    ///   - ids: `nil` for every notice that it holds.
    ///   - now: `nil` for this moment.
    public mutating func screens(of party: PartyID, only ids: [NoticeID]? = nil, now: Now? = nil) -> [Screen] {
        let i = place(of: party)
        let now = now ?? nodes[i].clock.now(at: timeNs)
        let asked = ids ?? nodes[i].mechanism.notices.keys
        var screens = nodes[i].mechanism.assurances(of: asked, now: now).map(Screen.init)
        plant(&screens, of: party)
        return screens
    }

    // MARK: Time

    public mutating func run(for duration: Duration) {
        let endNs = timeNs + duration.wholeNanoseconds
        while let next = nextMoment(), next <= endNs, !isEndless {
            timeNs = max(timeNs, next)
            steps += 1
            step()
        }
        timeNs = endNs
    }

    /// What goes on has no end, or none that anybody would wait for.
    public var isEndless: Bool { steps >= mostSteps || network.parcels.count >= mostUnderWay }

    private func nextMoment() -> Int64? {
        var next = network.parcels.first?.key.timeNs
        for i in nodes.indices where nodes[i].isUp {
            if nodesTalk { next = SimulatedNode.earlier(next, nodes[i].exchange.nextBeatNs) }
            next = SimulatedNode.earlier(next, nodes[i].deadlineNs)
        }
        for t in twins.indices where twins[t].node.isUp {
            next = SimulatedNode.earlier(next, twins[t].node.exchange.nextBeatNs)
            next = SimulatedNode.earlier(next, twins[t].node.deadlineNs)
        }
        return next
    }

    /// One thing that is due: a message, a beat or a tick.
    private mutating func step() {
        for t in twins.indices where twins[t].node.isDue(at: timeNs) {
            asTwin(t) { simulation, i in
                if simulation.nodes[i].exchange.nextBeatNs <= simulation.timeNs { return simulation.beat(i) }
                _ = try? simulation.take(.tick, at: i)
            }
            return
        }
        if let first = network.parcels.first, first.key.timeNs <= timeNs, let parcel = network.take() {
            deliver(parcel)
            return
        }
        for i in nodes.indices where nodes[i].isUp {
            if nodesTalk, nodes[i].exchange.nextBeatNs <= timeNs {
                beat(i)
                return
            }
            if let deadline = nodes[i].deadlineNs, deadline <= timeNs {
                _ = try? take(.tick, at: i)
                return
            }
        }
    }
}

extension SimulatedNode {
    /// When, in the simulation's time, it has something to do that nobody tells it.
    fileprivate var deadlineNs: Int64? {
        mechanism.nextDeadline.map { max(clock.timeNs(of: $0), exchange.tickAgainNs) }
    }

    fileprivate func isDue(at timeNs: Int64) -> Bool {
        isUp && (exchange.nextBeatNs <= timeNs || deadlineNs.map { $0 <= timeNs } ?? false)
    }

    fileprivate static func earlier(_ a: Int64?, _ b: Int64?) -> Int64? {
        guard let a, let b else { return a ?? b }
        return min(a, b)
    }
}
