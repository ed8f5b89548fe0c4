import JointLog
import Kernel
import Mechanism
import Records
import Simulation

/// One board under test, with the keys of all parties, a clock that the test moves and a file like a node's.
struct StopBench {
    static let alpha = StopWorld.parties[0]
    static let bravo = StopWorld.parties[1]
    static let mediator = StopWorld.parties[2]

    var board: StopBoard
    var file: [(event: StopEvent, now: Now)] = []
    /// Seconds of both clocks.
    var utcS = 1_000_000.0
    var monotonicS = 5_000.0
    private var nonce: UInt8 = 0

    init(_ party: PartyID) { board = StopBoard(party: party, terms: StopWorld.terms) }

    var now: Now {
        Now(
            utc: UTCInstant(microseconds: Int64(utcS * 1e6)),
            monotonic: MonotonicInstant(nanoseconds: Int64(monotonicS * 1e9)))
    }

    mutating func wait(_ seconds: Double) {
        utcS += seconds
        monotonicS += seconds
    }

    /// What a party's node signs now.
    mutating func note(_ content: StopContent, by party: PartyID, at createdAtS: Double? = nil) -> String {
        nonce &+= 1
        return StopBench.note(content, by: party, nonce: nonce, atS: createdAtS ?? utcS)
    }

    static func note(_ content: StopContent, by party: PartyID, nonce: UInt8, atS: Double) -> String {
        let message = StopMessage(
            mechanism: StopWorld.terms.mechanism, author: party,
            createdAt: UTCInstant(microseconds: Int64(atS * 1e6)),
            nonce: Bytes([UInt8](repeating: nonce, count: 15) + [UInt8(party.name.utf8.count)]), content: content.fitted)
        let key = StopWorld.signingKey(of: party)
        guard let message else { preconditionFailure("a fitted content is a message") }
        return message.signed(publicKey: key.publicKey, sign: key.sign)
    }

    static func id(_ note: String) -> Hash32 {
        guard let message = try? StopMessage.trusted(note: note) else { preconditionFailure("a note of this bench") }
        return message.id
    }

    @discardableResult
    mutating func handle(_ event: StopEvent) throws(StopRefusal) -> [StopEffect] {
        let handled = try board.handle(event, now: now)
        if handled.isNews { file.append((event, now)) }
        return handled.effects
    }

    @discardableResult
    mutating func receive(_ note: String, via: PartyID? = nil) throws(StopRefusal) -> [StopEffect] {
        let author = (try? StopMessage.trusted(note: note))?.author ?? StopBench.alpha
        return try handle(.received(note: note, via: via ?? author))
    }

    /// An officer here says something.
    @discardableResult
    mutating func say(_ content: StopContent) throws(StopRefusal) -> (id: Hash32, note: String, effects: [StopEffect]) {
        let note = note(content, by: board.party)
        return (StopBench.id(note), note, try handle(.own(note: note)))
    }

    /// A tick at every moment that the board asks for, for so long.
    @discardableResult
    mutating func play(_ seconds: Double) throws(StopRefusal) -> [StopEffect] {
        let endS = monotonicS + seconds
        var effects: [StopEffect] = []
        while let next = board.nextDeadline, Double(next.nanoseconds) / 1e9 <= endS {
            wait(max(0, Double(next.nanoseconds) / 1e9 - monotonicS))
            effects += try handle(.tick)
        }
        wait(max(0, endS - monotonicS))
        return effects
    }

    /// The node is down for so long; its clocks show what is given afterwards.
    @discardableResult
    mutating func restart(downS: Double, monotonicS after: Double? = nil, utcStepS: Double = 0) throws(StopRefusal)
        -> [StopEffect]
    {
        wait(downS)
        utcS += utcStepS
        if let after { monotonicS = after }
        board = StopBoard(party: board.party, terms: board.terms)
        for (event, now) in file { board.fold(event, now: now) }
        return try handle(.started)
    }

    func call(_ stop: StopID) -> StopCall? { board.call(of: stop) }
}

extension [StopEffect] {
    var rings: [StopRing] { compactMap { if case .ring(let ring) = $0 { ring } else { nil } } }
    var signed: [StopContent] { compactMap { if case .sign(let content, _) = $0 { content } else { nil } } }
    var escalations: [StopEscalation] { signed.compactMap { if case .escalation(let one) = $0 { one } else { nil } } }
    var logged: [Hash32] { compactMap { if case .log(let note) = $0 { note.id } else { nil } } }
    var rungs: [Int] { rings.map(\.id.rung) }

    func sent(to party: PartyID) -> [Hash32] {
        flatMap { effect -> [Hash32] in
            guard case .send(let to, let notes) = effect, to == party else { return [] }
            return notes.map(\.id)
        }
    }
}
