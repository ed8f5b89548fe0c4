import Kernel
import Records

extension StopCall {
    /// Room for one more: the oldest message of the party that has most gives way. Never the first press, and lifts only
    /// beyond ``liftsMost``.
    mutating func keep(_ held: StopHeld) {
        messages.append(held)
        seen.append(held.id)
        if seen.count > 4 * Limits.stopMessages { seen.removeFirst() }
        let ends = messages.indices.filter { messages[$0].ends }
        if ends.count > StopCall.liftsMost {
            messages.remove(at: ends[0])
        } else if messages.count > Limits.stopMessages {
            var counts = SortedMap<PartyID, Int>()
            for message in messages { counts[message.message.author, default: 0] += 1 }
            let talkative = counts.max { $0.value < $1.value }?.key
            let oldest = messages.firstIndex { $0.message.author == talkative && $0.id != id && !$0.ends }
            if let oldest { messages.remove(at: oldest) }
        }
    }

    mutating func add(_ cause: StopCause) {
        causes.append(cause)
        guard causes.count > Limits.stopRepeats, let oldest = causes.firstIndex(where: { $0.id != id }) else { return }
        causes.remove(at: oldest)
    }

    static let liftsMost = 16
}

extension StopHeld {
    fileprivate var ends: Bool {
        switch message.content {
        case .lift: true
        case .escalation(let escalation): escalation.over
        case .stop, .answer, .effect, .received: false
        }
    }
}
