import Kernel
import Records

/// What the joint record and the assurance have to do with STOP. Nothing here is needed for one to be pressed, sent,
/// rung or answered.
extension Mechanism {
    /// Messages of ours that wait to be put on record, at most; more than a ladder can make in its life.
    static let unrecordedStopsMost = Limits.openStops * Limits.stopMessages
    static let recordedStopsMost = 4_096

    func prepareStop(_ note: String) throws(Refusal) -> PreparedEvent {
        let message: StopMessage
        do { message = try StopMessage.read(note: note, terms: terms) } catch { throw .badStop(error) }
        return .stop(message, note: note)
    }

    /// A message that was sent or has come.
    mutating func apply(
        stop message: StopMessage, note: String, _ turn: inout Turn, _ authority: inout some Authority
    ) -> Reply {
        stops.take(message)
        turn.show(.assurance)
        guard message.author == party, message.content.recordKind != nil, !stops.recorded.contains(message.id),
            !stops.unrecorded.contains(note), stops.unrecorded.count < Mechanism.unrecordedStopsMost
        else { return .done }
        stops.unrecorded.append(note)
        stateStops(&turn, &authority)
        return .done
    }

    /// A record that carries such a message: one more way on which it may come.
    mutating func understand(
        _ content: StopRecord, as kind: RecordKind, by id: RecordID, _ turn: inout Turn
    ) -> String? {
        let message: StopMessage
        do { message = try StopMessage.read(note: content.note, terms: terms) } catch { return error.sentence }
        guard message.author == id.party else { return "it carries a STOP message of \(message.author)" }
        guard message.content.recordKind == kind else { return "it carries a STOP message of another kind" }
        if id.party == party {
            stops.recorded[message.id] = id.index
            if stops.recorded.count > Mechanism.recordedStopsMost,
                let oldest = stops.recorded.min(by: { $0.value < $1.value })
            {
                stops.recorded[oldest.key] = nil
            }
        }
        stops.take(message)
        // Ours as well: after a loss it may be the record that knows of it.
        turn.heard(stop: content.note)
        turn.show(.assurance)
        return nil
    }

    /// Puts on record what could not be when it happened, because we might not sign.
    mutating func stateStops(_ turn: inout Turn, _ authority: inout some Authority) {
        guard !stops.unrecorded.isEmpty, maySign, ownLog.fork == nil, role == .principal else { return }
        let waiting = stops.unrecorded
        stops.unrecorded = []
        for note in waiting {
            guard let message = try? StopMessage.trusted(note: note), !stops.recorded.contains(message.id) else { continue }
            let record = StopRecord(note: note)
            let content: RecordContent
            switch message.content.recordKind {
            case .stop: content = .stop(record)
            case .stopAnswer: content = .stopAnswer(record)
            case .stopEffect: content = .stopEffect(record)
            default: continue
            }
            let mode = message.content.mode ?? message.content.stop.flatMap { stops.stops[$0]?.mode } ?? .real
            author(
                content, mode: mode, officer: message.content.officer, audience: counterparts,
                &turn, &authority)
        }
    }
}

extension StopContent {
    /// The kind of record that keeps such a message; `nil` for what is not recorded.
    var recordKind: RecordKind? {
        switch self {
        case .stop: .stop
        case .answer: .stopAnswer
        case .effect, .lift: .stopEffect
        // An escalation tells a mediator what the record says already.
        case .received, .escalation: nil
        }
    }

    /// Of a press; other messages follow the mode of their STOP, which the record names.
    var mode: Mode? {
        switch self {
        case .stop(let press): press.mode
        case .escalation(let escalation): escalation.mode
        case .answer, .effect, .lift, .received: nil
        }
    }

    public var officer: String? {
        switch self {
        case .stop(let press): press.officer
        case .answer(let answer): answer.officer
        case .effect(let report): report.officer
        case .lift(let lift): lift.officer
        case .received, .escalation: nil
        }
    }
}
