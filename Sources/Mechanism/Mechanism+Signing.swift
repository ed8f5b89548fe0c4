import JointLog
import Kernel
import Records

/// Whether this node may add to its own log. Signing from an old copy is a fork, so after every start it waits until
/// its peers have said how much of its log they hold.
///
/// | state | becomes | when |
/// |---|---|---|
/// | any | unconfirmed | the process starts |
/// | unconfirmed | confirmed | every peer has answered and holds no more than we do; or one has, and `staleAfter` has passed since the start; or an administrator answers for it; and this run has the node key that signs next |
/// | confirmed | unconfirmed | another node key signs next, or a new log of ours has begun |
/// | any | behind | somebody shows our own signature over more than we hold |
/// | behind | unconfirmed | we hold that much again; or the key that signed more was replaced below it and an administrator answers for it |
///
/// A peer that says that it holds more, and shows no signature of ours, binds nobody: it cannot stop a node to which
/// another peer answers. Where it is the only peer, an administrator decides.
public enum SigningState: Sendable, Codable, Hashable {
    case unconfirmed
    case confirmed
    /// Size of our own log that somebody has shown under our signature.
    case behind(theirs: UInt64)
}

extension Mechanism {
    public var maySign: Bool {
        guard signing == .confirmed, ownLog.fork == nil else { return false }
        return signingKey == nextKey
    }

    /// The node key under which our next record must be signed.
    private var nextKey: Hash32 {
        let log = ownLog
        return log.keys.key(at: log.tree.size)
    }

    /// Looks whether what has been heard changes what we may sign, and catches up when it does.
    mutating func reviewSigning(_ turn: inout Turn, _ authority: inout some Authority) {
        if case .behind(let theirs) = signing, ownLog.size >= theirs {
            signing = .unconfirmed
            clear(.behind, subject: party.name, &turn)
            turn.show(.assurance)
        }
        if signing == .confirmed, ownLog.fork == nil, signingKey != nextKey {
            signing = .unconfirmed
            turn.show(.assurance)
        }
        guard signing == .unconfirmed, clock.startedAt != nil else { return }
        if isSizeConfirmed(at: turn.now.monotonic) {
            confirm(&turn, &authority)
        } else {
            ringForClaims(&turn)
        }
    }

    private func isSizeConfirmed(at now: MonotonicInstant) -> Bool {
        let answers = links.values.filter { $0.freshAt != nil }.compactMap(\.answer)
        let confirming = answers.count { $0.holds <= ownLog.size }
        return confirming == links.count || (confirming > 0 && isSettled(at: now))
    }

    private func isSettled(at now: MonotonicInstant) -> Bool {
        clock.startedAt.map { now.duration(since: $0) > terms.timing.staleAfter } ?? false
    }

    /// A peer says that it holds more of our log and shows no signature, and nobody else answers.
    private mutating func ringForClaims(_ turn: inout Turn) {
        guard isSettled(at: turn.now.monotonic) else { return }
        for (peer, link) in links {
            guard link.freshAt != nil, let holds = link.answer?.holds, holds > ownLog.size else { continue }
            raiseOnce(
                .unconfirmedSize, subject: peer.name, party: peer, .immediate,
                "\(peer) says that it holds \(holds) records of ours and shows no signature over them; this node has \(ownLog.size) and signs nothing.",
                &turn)
        }
    }

    /// Whether what is shown beyond our log is signed by a key that our root keys have replaced below it: a thief's
    /// work, or a change of keys that named too low an index. Only people can tell.
    var isBehindReplacedKey: Bool {
        guard case .behind(let theirs) = signing else { return false }
        let log = ownLog
        return log.keys.entries.count > 1 && theirs > log.start + log.keys.current.from
    }

    mutating func signUnconfirmed(
        reason: String, officer: String, _ turn: inout Turn, _ authority: inout some Authority
    ) -> Reply {
        raise(
            .unconfirmedSize, subject: party.name, party: nil, .immediate,
            "\(officer) lets this node sign although no peer has confirmed how much of its log they hold: \(reason)",
            &turn)
        if case .behind = signing {
            signing = .unconfirmed
            disownedAt = ownLog.keys.sequence
            clear(.behind, subject: party.name, &turn)
        }
        confirm(&turn, &authority)
        return .done
    }

    /// From now on we sign; what waited for that is said first.
    private mutating func confirm(_ turn: inout Turn, _ authority: inout some Authority) {
        guard ownLog.fork == nil, hasNextKey(&turn, &authority) else { return }
        signing = .confirmed
        if ownLog.size == 0 {
            let text = String(decoding: terms.bytes, as: UTF8.self)
            let content = TermsAcceptance(
                fingerprint: terms.fingerprint, terms: text, postQuantumKey: ownPostQuantumKey?.array)
            author(
                .termsAcceptance(content), mode: .real, officer: nil,
                audience: terms.parties.map(\.id).filter { $0 != party }, &turn, &authority)
        }
        stateOwnKeys(&turn, &authority)
        takeDeferred(&turn, &authority)
        // What was found before what was judged: a push that ends between the two leaves a doubt and no clear.
        for id in conflicts.keys { find(id, &turn, &authority) }
        for member in unstatedEvaluations {
            unstatedEvaluations.remove(member)
            evaluate(member, &turn, &authority)
        }
        for peer in unstatedLinks {
            unstatedLinks.remove(peer)
            if let recorded = links[peer]?.recordedState { putOnRecord(recorded, of: peer, &turn, &authority) }
        }
        turn.show(.assurance)
    }

    /// A record under another key than the one in force is one that no peer ever takes: before it signs anything, this
    /// run shows that it has that key.
    private mutating func hasNextKey(_ turn: inout Turn, _ authority: inout some Authority) -> Bool {
        let key = nextKey
        if signingKey == key { return true }
        guard lackedKey != key else { return false }
        let text = Array("parley own key v1\nmechanism \(terms.mechanism.hex)\nparty \(party)\n".utf8)
        guard Ed25519.isValid(signature: authority.sign(text), of: text, by: key) else {
            lackedKey = key
            raise(
                .keys, subject: party.name, party: party, .immediate,
                "This node signs nothing: record \(ownLog.size) of its log needs the node key \(key.hex.prefix(16))…, which it does not have. Start it with that key.",
                &turn)
            return false
        }
        signingKey = key
        return true
    }

    /// Somebody has shown our own signature over more than we hold.
    mutating func fallBehind(theirs: UInt64, shownBy peer: PartyID, _ turn: inout Turn) {
        if case .behind(let known) = signing, known >= theirs { return }
        signing = .behind(theirs: theirs)
        raise(
            .behind, subject: party.name, party: peer, .flash,
            "\(peer) holds \(theirs) records that this node has signed, and it has \(ownLog.size): it was restored from an old copy. It signs nothing until its log is restored.",
            &turn)
        turn.show(.assurance)
    }
}
