import Kernel

/// One party's side of one private check: messages in, messages out; no clock, no I/O, and all randomness from the
/// input's seed. `docs/private-check.md` has the protocol and what it leaks.
///
/// A value that can be stored after every message and taken up again: what it has sent stands in ``sent`` and may be
/// sent again, and a message that was taken before is ignored. Stored it holds the seed and the elements: seal it.
public struct CheckSession: Sendable, Codable {
    public enum Role: UInt8, Sendable, Codable {
        case initiator = 1
        case responder = 2

        var other: Role { self == .initiator ? .responder : .initiator }
    }

    public let role: Role
    public let parameters: CheckParameters
    /// The proposal, as both have it.
    let proposal: Bytes
    /// Set by ACCEPT; what every later message names.
    var session: Hash32?
    /// Gone when the session is over, unless ``keepsInput``.
    var input: CheckInput?
    /// Whether the input stays for an audit that the terms have agreed on.
    public let keepsInput: Bool
    /// Messages of this side, in order.
    public internal(set) var sent: [Bytes] = []
    /// Hashes of those of the other side, in order.
    var received: [Hash32] = []
    /// What the other side has committed to.
    var theirCommitment: Hash32?
    var theirSeal: Hash32?
    /// MASK and REMASK, made before they may be sent: the one when the other side has committed, the other when it has
    /// sealed its own.
    var mask: Bytes?
    var remask: Bytes?
    /// Where the output wants consent: our answers in the order of the other side's points, and what it has sealed of
    /// the order of its own.
    var answers: Bytes?
    var theirOrder: Hash32?
    /// After a count, what either side still needs to open which elements they are.
    public internal(set) var consent: CheckConsent?
    /// What was wrong with the other side's opening; then its count stands, and its author's signature is under it.
    public internal(set) var openingRefused: CheckRefusal?
    /// What has been found. A hit stands, whatever becomes of the session.
    public internal(set) var finding: CheckFinding?
    public internal(set) var outcome: CheckOutcome?

    /// Why a session is not begun.
    public enum Rejection: Error, Hashable, Sendable {
        /// More elements than the cap allows.
        case tooManyElements(found: Int, allowed: Int)
        /// An element that the grid does not have, or outside its region, bands or slots.
        case elementOutsideGrid
        case deadlinePassed
    }

    /// Begins a session: its PROPOSE is in ``sent``.
    public init(
        proposing parameters: CheckParameters, input: CheckInput, keepsInput: Bool = false, now: UTCInstant
    ) throws(Rejection) {
        let proposal = CheckProposal(parameters, nonce: input.seed.derived("nonce"))
        try self.init(.initiator, proposal, input, keepsInput, now)
        sent = [Bytes(proposal.bytes)]
    }

    /// Takes part in a session that the other side proposed: ACCEPT and COMMIT are in ``sent``.
    ///
    /// - Parameter prepared: made earlier from the same input and parameters; `nil` to make it now.
    public init(
        accepting proposal: CheckProposal, input: CheckInput, prepared: PreparedMask? = nil, keepsInput: Bool = false,
        now: UTCInstant
    ) throws(Rejection) {
        try self.init(.responder, proposal, input, keepsInput, now)
        received = [Hash32(label: "message", proposal.bytes)]
        var accept = MessageWriter(.accept)
        accept.put(proposal.hash.bytes)
        accept.put(input.seed.derived("nonce"))
        let session = Self.session(proposal: proposal.bytes, accept: accept.bytes)
        self.session = session
        let mask = Self.mask(input, parameters, session, prepared)
        self.mask = Bytes(mask)
        sent = [accept.bytes, Self.commit(mask, role, session)].map(Bytes.init)
    }

    private init(
        _ role: Role, _ proposal: CheckProposal, _ input: CheckInput, _ keepsInput: Bool, _ now: UTCInstant
    ) throws(Rejection) {
        let parameters = proposal.parameters
        guard now <= parameters.deadline else { throw .deadlinePassed }
        guard input.elements.count <= parameters.cap else {
            throw .tooManyElements(found: input.elements.count, allowed: parameters.cap)
        }
        let grid = parameters.grid
        guard
            input.elements.allSatisfy({ element in
                element.cell.level == grid.level && grid.bands.contains(element.band)
                    && grid.slots.contains(element.slot) && grid.region.contains { $0.contains(element.cell) }
            })
        else { throw .elementOutsideGrid }
        self.role = role
        self.parameters = parameters
        self.proposal = Bytes(proposal.bytes)
        self.input = input
        self.keepsInput = keepsInput
    }

    /// Whether the deadline has passed without a result; then the session is over. A step back of the clock does not
    /// take that back.
    public mutating func tick(now: UTCInstant) -> CheckReaction {
        guard now > parameters.deadline else { return CheckReaction() }
        consent = nil
        guard outcome == nil else { return CheckReaction() }
        return end(.deadlinePassed, telling: nil)
    }

    mutating func end(_ doubt: CheckOutcome.Doubt, telling refusal: CheckRefusal?) -> CheckReaction {
        let outcome = CheckOutcome.unknown(doubt)
        self.outcome = outcome
        erase()
        guard let refusal else { return CheckReaction(outcome: outcome) }
        var message = MessageWriter(.end)
        message.put((session ?? Hash32(label: "none")).bytes)
        message.put(refusal.number)
        sent.append(Bytes(message.bytes))
        return CheckReaction(outbound: [message.bytes], outcome: outcome)
    }

    /// Seed and elements go, and what they could be worked out from.
    mutating func erase() {
        if !keepsInput { input = nil }
        mask = nil
        remask = nil
        answers = nil
    }
}
