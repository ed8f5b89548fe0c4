import Kernel
import Mechanism
import Records

extension Bells: CommitObserver {
    /// Rings for alarms that ring, and stops trying for those that no longer do.
    public func committed(_ changes: [DeskChange], _ mechanism: Mechanism, now: Now) {
        for case .alarm(let id) in changes {
            guard let alarm = mechanism.alarms[id], alarm.state == .ringing else {
                settle(.alarm(id))
                continue
            }
            ring(BellRing(alarm, mode: mechanism.mode(of: alarm)))
        }
    }

    /// Rings for what rang already when the node was started, each at most once more.
    public func resume(_ mechanism: Mechanism) {
        for alarm in mechanism.alarms.values where alarm.state == .ringing {
            ring(BellRing(alarm, mode: mechanism.mode(of: alarm), isNew: false))
        }
    }
}

extension Bells: StopObserver {
    public func shown(_ call: StopCall, _ board: StopBoard, now: Now, isDurable: Bool) {
        if call.ladder.state != .ringing { settle(.stop(call.id)) }
    }

    public func ring(_ ring: StopRing, _ board: StopBoard) { self.ring(BellRing(ring, at: board.party)) }
}

extension Mechanism {
    /// Whether an alarm belongs to a drill. What is about neither a notice nor a call is `real`.
    func mode(of alarm: Alarm) -> Mode {
        if let conflict = Hash32(hex: alarm.subject) { return conflicts[conflict]?.mode ?? .real }
        guard let record = RecordID(alarm.subject) else { return .real }
        if let mode = notices[record]?.mode ?? calls.messages[record]?.mode ?? calls.presence[record]?.mode {
            return mode
        }
        let answered = calls.presence.values.first { exchange in
            exchange.answers.contains { $0.value.record == record }
        }
        return answered?.mode ?? .real
    }
}
