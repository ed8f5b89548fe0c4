import Kernel
import Records

/// One moment on both clocks. After a restart its monotonic part is moved so that no wait has grown.
struct StopMoment: Hashable, Sendable, Codable {
    var utc: UTCInstant
    var monotonic: MonotonicInstant

    init(_ now: Now) {
        utc = now.utc
        monotonic = now.monotonic
    }

    init(utc: UTCInstant, monotonic: MonotonicInstant) {
        self.utc = utc
        self.monotonic = monotonic
    }

    func advanced(by duration: Duration) -> StopMoment {
        StopMoment(utc: utc.advanced(by: duration), monotonic: monotonic.advanced(by: duration))
    }
}

/// Who is rung at this desk for one STOP, and when the next role is.
public struct StopLadder: Equatable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case ringing
        /// A person has heard. Without a further answer it rings anew.
        case heard
        /// Answered by more than *heard*, or the effect is observed: rings only when something new comes.
        case settled
        /// Lifted.
        case over
    }

    public internal(set) var state = State.ringing
    /// From 1.
    public internal(set) var round = 1
    /// The highest rung reached in this round, 0 … 2.
    public internal(set) var rung = 0
    /// How often the top was rung again.
    public internal(set) var turn = 0
    /// When the round began.
    var since: StopMoment
    /// When it became ``State/heard``.
    var heardAt: StopMoment?
    /// In a round that began because *heard* was not followed up: whose word is awaited.
    var awaited: SortedSet<PartyID>?
    /// What the effects of this run have rung.
    var announced: StopRing.ID?
    /// What the bells outside the browser have rung, in any run.
    var rungOutside: StopRing.ID?
    /// When the shell was last asked to sign an escalation.
    var askedAt: MonotonicInstant?

    init(since: StopMoment) { self.since = since }

    /// Whether it rings and has not reached the top.
    var isClimbing: Bool { state == .ringing && rung < 2 }

    /// Rings from the bottom.
    mutating func begin(at moment: StopMoment, awaiting: SortedSet<PartyID>? = nil) {
        state = .ringing
        round += 1
        rung = 0
        turn = 0
        since = moment
        heardAt = nil
        awaited = awaiting
    }

    mutating func climb(to now: MonotonicInstant, _ timing: TermsTiming) {
        guard state == .ringing else { return }
        let waited = now.duration(since: since.monotonic)
        if waited >= timing.stopTop {
            rung = 2
            let top = max(1, timing.stopTop.wholeNanoseconds)
            turn = max(turn, Int((waited - timing.stopTop).wholeNanoseconds / top))
        } else if waited >= timing.stopNextRole {
            rung = max(rung, 1)
        }
    }

    /// When ``climb(to:_:)`` or the end of patience with *heard* changes something.
    func deadline(_ timing: TermsTiming) -> MonotonicInstant? {
        switch state {
        case .ringing:
            switch rung {
            case 0: since.monotonic.advanced(by: timing.stopNextRole)
            case 1: since.monotonic.advanced(by: timing.stopTop)
            default: since.monotonic.advanced(by: timing.stopTop * (turn + 2))
            }
        case .heard: heardAt?.monotonic.advanced(by: timing.stopTop)
        case .settled, .over: nil
        }
    }

    /// When the present ring was due.
    func ringSince(_ timing: TermsTiming) -> UTCInstant {
        switch rung {
        case 0: since.utc
        case 1: since.utc.advanced(by: timing.stopNextRole)
        default: since.utc.advanced(by: timing.stopTop * (turn + 1))
        }
    }
}
