import Kernel
import Mechanism
import Notation
import Records

/// One time that a desk is rung, as the bells outside the browser hear of it.
public struct BellRing: Hashable, Sendable {
    /// Names a ring for ever: the same before and after a restart.
    public enum ID: Hashable, Sendable {
        /// An alarm began to ring, climbed to that rung, or rang again at the top.
        case alarm(AlarmID, at: UTCInstant, rung: Int)
        case stop(StopRing.ID)
        /// An officer tries the bells.
        case trial(at: UTCInstant)

        /// Printable ASCII without spaces.
        public var text: String {
            let text =
                switch self {
                case .alarm(let id, let at, let rung): "alarm/\(id)/\(at.microseconds)/\(rung)"
                case .stop(let id): "stop/\(id.stop.hex)/\(id.round)/\(id.rung)/\(id.turn)"
                case .trial(let at): "trial/\(at.microseconds)"
                }
            return String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "/:_-".contains($0)) ? $0 : "_" })
        }
    }

    /// What is rung for. Once it is settled nobody need be rung for it any more, and a later ring of the same takes
    /// the place of one that still waits.
    public enum Cause: Hashable, Sendable {
        case alarm(AlarmID)
        case stop(StopID)
        case trial
    }

    public let id: ID
    public let cause: Cause
    /// `stop`, `trial`, or the alarm's kind.
    public let kind: String
    /// The card that says what to do; `nil` for a trial.
    public let card: String?
    public let precedence: Precedence
    public let mode: Mode
    /// 0 the watch, 1 the releasing officer as well, 2 command as well.
    public let rung: Int
    /// The notice, conflict, record, party or STOP that it is about.
    public let subject: String
    /// The other party, when there is one.
    public let party: PartyID?
    public let sentence: String
    /// When this ring was due, by UTC.
    public let since: UTCInstant
    /// `false`: it has rung before this node was restarted.
    public let isNew: Bool

    public var isStop: Bool {
        if case .stop = cause { true } else { false }
    }

    /// Who is rung.
    public var roles: [DeskRole] { Array(DeskRole.allCases.prefix(rung + 1)) }
}

extension BellRing {
    /// - Parameter isNew: `false` for what rang already when the node was started.
    public init(_ alarm: Alarm, mode: Mode, isNew: Bool = true) {
        self.init(
            id: .alarm(alarm.id, at: alarm.rangAt, rung: alarm.rung), cause: .alarm(alarm.id),
            kind: alarm.kind.rawValue, card: alarm.kind.card.rawValue, precedence: alarm.precedence, mode: mode,
            rung: alarm.rung, subject: alarm.subject, party: alarm.party, sentence: alarm.sentence,
            since: alarm.rangAt, isNew: isNew)
    }

    /// - Parameter party: whose desk is rung.
    public init(_ ring: StopRing, at party: PartyID) {
        let isOurs = ring.author == party
        let drill = ring.mode == .drill ? "DRILL. " : ""
        self.init(
            id: .stop(ring.id), cause: .stop(ring.id.stop), kind: "stop",
            card: (isOurs ? ActionCardCode.stopPressed : .stopRings).rawValue, precedence: .flash, mode: ring.mode,
            rung: ring.id.rung, subject: ring.id.stop.hex, party: isOurs ? nil : ring.author,
            sentence: isOurs
                ? "\(drill)STOP pressed here is not settled." : "\(drill)STOP, pressed by \(ring.author). Answer it.",
            since: ring.since, isNew: ring.isNew)
    }

    public static func trial(by officer: String, at utc: UTCInstant) -> BellRing {
        BellRing(
            id: .trial(at: utc), cause: .trial, kind: "trial", card: nil, precedence: .flash, mode: .real, rung: 2,
            subject: "trial", party: nil, sentence: "Trial of the bells by \(officer). Nothing has happened.", since: utc,
            isNew: true)
    }
}

extension BellRing {
    /// What a command reads on its standard input and a webhook gets as its body.
    ///
    /// - Parameters:
    ///   - attempt: from 1.
    ///   - isRepeat: this bell, or the desk, may have rung for it before.
    func json(party: PartyID, at utc: UTCInstant, attempt: Int, isRepeat: Bool) -> JSONValue {
        [
            "ring": .string(id.text), "kind": .string(kind), "card": card.map(JSONValue.string) ?? .null,
            "precedence": .string(precedence.rawValue), "mode": .string(mode.rawValue), "rung": .integer(Int64(rung)),
            "roles": .array(roles.map { .string($0.rawValue) }), "subject": .string(subject),
            "desk": .string(party.name), "party": self.party.map { .string($0.name) } ?? .null,
            "sentence": .string(sentence), "since": .string(since.rfc3339), "sentAt": .string(utc.rfc3339),
            "attempt": .integer(Int64(attempt)), "repeat": .bool(isRepeat),
        ]
    }
}
