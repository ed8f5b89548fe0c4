import JointLog
import Kernel
import Mechanism
import Records

/// Whole mechanisms in memory: nodes with their own clocks on a bad network, driven only by a seed.
///
/// Two simulations with the same seed and the same calls are equal to the last byte.
public struct Simulation: Sendable {
    public let terms: Terms
    public private(set) var nodes: [SimulatedNode]
    public var network: VirtualNetwork
    /// Nanoseconds since the start.
    public private(set) var timeNs: Int64 = 0
    /// Watches every answer for a false all-clear; `nil` watches nothing.
    public var checker: ClearChecker?
    /// A planted defect, to show that the checker can fail.
    public var mutation: ScreenMutation?
    /// Whether nodes beat and push by themselves. A bench with scripted peers does their talking itself.
    public var nodesTalk = true
    private var random: SeededGenerator

    /// - Parameters:
    ///   - principals: ids of at least two.
    ///   - mediator: id, if there is one.
    public init(
        seed: UInt64, principals: [String] = ["israel", "turkiye"], mediator: String? = nil,
        timing: SampleTerms.Timing = .short
    ) {
        var random = SeededGenerator(seed: seed)
        let ids = principals + (mediator.map { [$0] } ?? [])
        var authorities: [SeededAuthority] = []
        var members: [SampleTerms.Member] = []
        for (i, id) in ids.enumerated() {
            let authority = SeededAuthority(seed: random.next())
            authorities.append(authority)
            members.append(
                SampleTerms.Member(
                    id: id, name: id, role: i < principals.count ? .principal : .mediator,
                    nodeKey: authority.key.publicKey,
                    tlsKeyHash: MerkleHash.sha256(authority.key.publicKey.bytes), address: "127.0.0.1:\(7000 + i)"))
        }
        guard let terms = try? Terms.read(SampleTerms.bytes(members, timing: timing), mechanism: nil) else {
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

    /// Starts every node that is down, and folds the journal of one that has run before.
    public mutating func start() {
        for i in nodes.indices where !nodes[i].isUp { restart(nodes[i].party) }
    }

    public mutating func restart(_ party: PartyID) {
        let i = place(of: party)
        guard !nodes[i].isUp else { return }
        guard let folded = nodes[i].folded() else {
            preconditionFailure("\(party)'s journal leads elsewhere")
        }
        nodes[i].mechanism = folded
        nodes[i].isUp = true
        nodes[i].exchange.nextBeatNs = timeNs
        for (peer, link) in folded.links { nodes[i].exchange.known[peer] = link.receipted }
        _ = try? take(.started, at: i)
    }

    /// Memory goes, journal and records stay.
    public mutating func crash(_ party: PartyID) {
        let i = place(of: party)
        nodes[i].isUp = false
        nodes[i].exchange = SimulatedNode.Exchange()
    }

    /// One step of one machine's UTC.
    public mutating func stepClock(of party: PartyID, by step: Duration) {
        nodes[place(of: party)].clock.aheadBy += step
    }

    /// An officer's command at a node that is up.
    @discardableResult
    public mutating func command(
        _ command: Command, at party: PartyID, officer: String = "Cpt. Sample"
    ) throws(Refusal) -> Reply {
        try take(.command(command, officer: officer), at: place(of: party)).reply
    }

    /// Any event, as if the shell had handed it over.
    @discardableResult
    public mutating func handle(_ event: Event, at party: PartyID) throws(Refusal) -> Handled {
        try take(event, at: place(of: party))
    }

    /// What the node's screens say: of the notices asked about, then of the mechanism.
    ///
    /// - Parameters:
    ///   - ids: `nil` for every notice that it holds.
    ///   - now: `nil` for this moment.
    public mutating func screens(of party: PartyID, only ids: [NoticeID]? = nil, now: Now? = nil) -> [Screen] {
        let i = place(of: party)
        let now = now ?? nodes[i].clock.now(at: timeNs)
        var screens = (ids ?? nodes[i].mechanism.notices.keys).compactMap { id in
            nodes[i].mechanism.assurance(of: id, now: now).map(Screen.init)
        }
        screens.append(Screen(nodes[i].mechanism.assurance(now: now)))
        mutation?.change(&screens, of: party)
        return screens
    }

    // MARK: Time

    public mutating func run(for duration: Duration) {
        let endNs = timeNs + duration.wholeNanoseconds
        while let next = nextMoment(), next <= endNs {
            timeNs = max(timeNs, next)
            step()
        }
        timeNs = endNs
    }

    private func nextMoment() -> Int64? {
        var moments: [Int64] = network.parcels.first.map { [$0.key.timeNs] } ?? []
        for node in nodes where node.isUp {
            if nodesTalk { moments.append(node.exchange.nextBeatNs) }
            if let deadline = node.mechanism.nextDeadline { moments.append(node.clock.timeNs(of: deadline)) }
        }
        return moments.min()
    }

    /// One thing that is due: a message, a beat or a tick.
    private mutating func step() {
        if let first = network.parcels.first, first.key.timeNs <= timeNs, let parcel = network.take() {
            deliver(parcel)
            return
        }
        for i in nodes.indices where nodes[i].isUp {
            if nodesTalk, nodes[i].exchange.nextBeatNs <= timeNs {
                beat(i)
                return
            }
            if let deadline = nodes[i].mechanism.nextDeadline, nodes[i].clock.timeNs(of: deadline) <= timeNs {
                _ = try? take(.tick, at: i)
                return
            }
        }
    }

    // MARK: What shells do

    @discardableResult
    private mutating func take(_ event: Event, at i: Int) throws(Refusal) -> Handled {
        let handled = try nodes[i].handle(event, at: timeNs)
        if nodesTalk, handled.effects.contains(.push) { offer(from: i) }
        inspect(i, whole: false)
        return handled
    }

    private mutating func inspect(_ i: Int, whole: Bool) {
        guard var checker else { return }
        self.checker = nil
        checker.inspect(nodes[i].party, in: &self, whole: whole)
        self.checker = checker
    }

    private mutating func beat(_ i: Int) {
        let heartbeatNs = terms.timing.heartbeat.wholeNanoseconds
        nodes[i].exchange.nextBeatNs = timeNs + heartbeatNs
        for peer in nodes[i].mechanism.links.keys {
            guard let challenge = Hash32((0..<4).flatMap { _ in bytes(random.next()) }) else { continue }
            nodes[i].exchange.challenges[peer, default: []].append(
                SimulatedNode.Challenge(challenge: challenge, sentNs: timeNs))
            if nodes[i].exchange.challenges[peer, default: []].count > 8 {
                nodes[i].exchange.challenges[peer, default: []].removeFirst()
            }
            network.send(.challenge(challenge), from: nodes[i].party, to: peer, at: timeNs)
        }
        offer(from: i)
        inspect(i, whole: true)
    }

    private func bytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }

    /// Pushes what each peer is not known to hold, one batch at a time.
    private mutating func offer(from i: Int) {
        for peer in nodes[i].mechanism.links.keys {
            if let until = nodes[i].exchange.waitingUntilNs[peer], until > timeNs { continue }
            let first = nodes[i].exchange.known[peer] ?? 0
            guard let push = nodes[i].push(from: first, to: peer) else { continue }
            nodes[i].exchange.waitingUntilNs[peer] = timeNs + terms.timing.heartbeat.wholeNanoseconds
            network.send(
                .push(first: first, envelopes: push.envelopes, checkpoint: push.checkpoint), from: nodes[i].party,
                to: peer, at: timeNs)
        }
    }

    private mutating func deliver(_ parcel: VirtualNetwork.Parcel) {
        let i = place(of: parcel.to)
        guard nodes[i].isUp else { return }
        do throws(Refusal) {
            switch parcel.message {
            case .push(let first, let envelopes, let checkpoint):
                try receive(
                    .entries(from: parcel.from, first: first, envelopes: envelopes, checkpoint: checkpoint),
                    from: parcel.from, at: i)
            case .receipt(let note):
                try take(.receipt(from: parcel.from, note: note), at: i)
                goOn(i, parcel.from, nodes[i].mechanism.links[parcel.from]?.receipted ?? 0)
            case .expected(let size): goOn(i, parcel.from, size)
            case .challenge(let challenge):
                let answer = nodes[i].mechanism.heartbeatAnswer(
                    to: parcel.from, challenge: challenge, now: nodes[i].clock.now(at: timeNs))
                network.send(
                    .answer(answer.text, aheadBy: nodes[i].clock.aheadBy), from: parcel.to, to: parcel.from,
                    at: timeNs)
            case .answer(let text, let aheadBy):
                try hear(text, aheadBy: aheadBy, from: parcel.from, at: i)
            }
        } catch {
            nodes[i].refusals.append(error)
        }
    }

    private mutating func receive(_ event: Event, from: PartyID, at i: Int) throws(Refusal) {
        do throws(Refusal) {
            try take(event, at: i)
        } catch {
            if case .notNext(let expected, _) = error {
                network.send(.expected(expected), from: nodes[i].party, to: from, at: timeNs)
            }
            throw error
        }
        guard let note = nodes[i].receipt(for: from, at: timeNs) else { return }
        network.send(.receipt(note), from: nodes[i].party, to: from, at: timeNs)
    }

    private mutating func goOn(_ i: Int, _ peer: PartyID, _ size: UInt64) {
        nodes[i].exchange.known[peer] = size
        nodes[i].exchange.waitingUntilNs[peer] = nil
        offer(from: i)
    }

    private mutating func hear(_ text: String, aheadBy: Duration, from: PartyID, at i: Int) throws(Refusal) {
        guard let answer = HeartbeatAnswer(text: text), answer.party == from,
            let asked = nodes[i].exchange.challenges[from]?.first(where: { $0.challenge == answer.challenge })
        else { return }
        nodes[i].exchange.challenges[from, default: []].removeAll { $0.challenge == answer.challenge }
        let now = nodes[i].clock.now(at: asked.sentNs)
        // Known to the checker before it looks at the new state.
        let before = nodes[i].exchange.heard[from]
        nodes[i].exchange.heard[from] = SimulatedNode.Heard(
            sentNs: asked.sentNs, acceptedNs: timeNs, logSize: Int(answer.logSize), theirsAheadBy: aheadBy,
            oursAheadBy: nodes[i].clock.aheadBy)
        do throws(Refusal) {
            try take(.heartbeat(answer, sentAt: now.monotonic), at: i)
        } catch {
            nodes[i].exchange.heard[from] = before
            throw error
        }
    }
}
