import Geodesy
import Kernel

/// What a message of the STOP path says.
public enum StopContent: Hashable, Sendable {
    /// `stop`: stop. Also each later press while the same STOP is open.
    case stop(StopPress)
    /// `answer`: what a named officer of an addressee, or of a mediator, says to it.
    case answer(StopAnswer)
    /// `effect`: what the author of the STOP sees of its effect.
    case effect(StopEffectReport)
    /// `lift`: its author ends it. Nothing else does.
    case lift(StopLift)
    /// `received`: this node holds that message. Neither logged nor answered.
    case received(message: Hash32)
    /// `escalation`: to a mediator: who, to whom, since when.
    case escalation(StopEscalation)

    /// Most entries of a list of messages that a message says it covers.
    public static let coversMost = Limits.stopRepeats
}

/// One press.
public struct StopPress: Hashable, Sendable {
    public var mode: Mode
    /// What it is about, where that was said. Its JSON has at most ``areaBytes``.
    public var area: Footprint?
    public var notice: NoticeID?
    public var words: StopWords?
    /// Who pressed, at most ``Limits/officerNameBytes``; `nil` when it was pressed before sign-in.
    public var officer: String?
    /// The enrolled console at which it was pressed before sign-in. It or ``officer`` is there.
    public var station: String?
    /// The open STOP of the same author that this press joins.
    public var repeats: StopID?

    public static let areaBytes = 2_500
    public static let stationBytes = 64

    public init(
        mode: Mode = .real, area: Footprint? = nil, notice: NoticeID? = nil, words: StopWords? = nil,
        officer: String? = nil, station: String? = nil, repeats: StopID? = nil
    ) {
        self.mode = mode
        self.area = area
        self.notice = notice
        self.words = words
        self.officer = officer
        self.station = station
        self.repeats = repeats
    }
}

/// Free text with a press, for who can read it.
public struct StopWords: Hashable, Sendable {
    /// One line, 1 to ``textBytes``.
    public var text: String
    /// A BCP 47 tag such as `tr`: 2 to 35 letters, digits and hyphens.
    public var language: String?

    public static let textBytes = Limits.textBytes

    public init(text: String, language: String? = nil) {
        self.text = text
        self.language = language
    }
}

/// What an addressee's officer says. Each of these is also *heard*.
public struct StopAnswer: Hashable, Sendable {
    public enum Word: String, Hashable, Sendable, Codable, CaseIterable {
        /// A person has it.
        case heard
        /// These units were ordered to cease.
        case ordered
        /// They report that they have. Ends nothing: the author of the STOP looks.
        case ceaseReported
        /// It is not our fire or our aircraft.
        case notOurs
        /// It cannot be stopped any more.
        case cannot
    }

    public var stop: StopID
    /// The newest press or report of no effect that the answering node held: what was heard.
    public var to: Hash32
    public var word: Word
    public var officer: String
    /// Up to ``mostUnits`` names of up to ``unitBytes``; for ``Word/ordered`` and ``Word/ceaseReported``.
    public var units: [String]
    /// At most ``StopText/remarksBytes``.
    public var remarks: String?

    public static let mostUnits = 16
    public static let unitBytes = MessageContent.unitBytes

    public init(
        stop: StopID, to: Hash32, word: Word, officer: String, units: [String] = [], remarks: String? = nil
    ) {
        self.stop = stop
        self.to = to
        self.word = word
        self.officer = officer
        self.units = units
        self.remarks = remarks
    }
}

/// What the author of a STOP sees.
public struct StopEffectReport: Hashable, Sendable {
    public var stop: StopID
    /// `false`: it goes on, whatever was answered. The addressees are rung anew.
    public var observed: Bool
    public var officer: String
    public var remarks: String?

    public init(stop: StopID, observed: Bool, officer: String, remarks: String? = nil) {
        self.stop = stop
        self.observed = observed
        self.officer = officer
        self.remarks = remarks
    }
}

/// The end of a STOP, by its author.
public struct StopLift: Hashable, Sendable {
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case effectObserved
        /// Pressed in error.
        case withdrawn
        /// Every addressee has said that it is not theirs.
        case notOurs
    }

    public var stop: StopID
    public var outcome: Outcome
    public var officer: String
    public var remarks: String?
    /// The later presses and reports of no effect that are ended with it, in rising order. One that is not named here
    /// keeps the STOP open: its author may have pressed again after it lost the memory of this message.
    public var covers: [Hash32]

    public init(stop: StopID, outcome: Outcome, officer: String, remarks: String? = nil, covers: [Hash32] = []) {
        self.stop = stop
        self.outcome = outcome
        self.officer = officer
        self.remarks = remarks
        self.covers = covers
    }
}

/// A principal tells a mediator that nobody has heard a STOP, or that it is over. It says nothing of areas, notices
/// and words.
public struct StopEscalation: Hashable, Sendable {
    public var stop: StopID
    /// The mediator.
    public var to: PartyID
    /// Who pressed.
    public var from: PartyID
    /// At whose desk nobody has heard it.
    public var addressee: PartyID
    public var pressedAt: UTCInstant
    public var mode: Mode
    /// From 1: how often the author's desk has been rung anew.
    public var round: Int
    /// `true`: the STOP is lifted, and with it the author's escalations that ``covers`` names.
    public var over: Bool
    /// In rising order; empty unless it is over.
    public var covers: [Hash32]

    public init(
        stop: StopID, to: PartyID, from: PartyID, addressee: PartyID, pressedAt: UTCInstant, mode: Mode, round: Int,
        over: Bool = false, covers: [Hash32] = []
    ) {
        self.stop = stop
        self.to = to
        self.from = from
        self.addressee = addressee
        self.pressedAt = pressedAt
        self.mode = mode
        self.round = round
        self.over = over
        self.covers = covers
    }
}

extension StopContent {
    /// The word on the wire.
    public var kind: String {
        switch self {
        case .stop: "stop"
        case .answer: "answer"
        case .effect: "effect"
        case .lift: "lift"
        case .received: "received"
        case .escalation: "escalation"
        }
    }

    /// The STOP that it is about; for a press that joins none and for a receipt, `nil`.
    public var stop: StopID? {
        switch self {
        case .stop(let press): press.repeats
        case .answer(let answer): answer.stop
        case .effect(let report): report.stop
        case .lift(let lift): lift.stop
        case .received: nil
        case .escalation(let escalation): escalation.stop
        }
    }
}
