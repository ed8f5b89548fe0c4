import Kernel
import Records

/// What assurance and the record need of the STOP path: which STOPs are open, and which messages of ours are on record
/// or have to be. The ladders are ``StopBoard``'s, which does not depend on any of this.
public struct StopFacts: Sendable, Codable {
    public internal(set) var stops = SortedMap<StopID, Fact>()
    /// Our messages that are on record, by id.
    var recorded = SortedMap<Hash32, LogIndex>()
    /// Our messages that could not be put on record yet, oldest first.
    var unrecorded: [String] = []

    public init() {}

    /// One STOP, from whatever messages about it have come, in any order. Whoever speaks of it as its author is taken at
    /// its word and for itself alone: nobody can hide another's STOP by naming it first.
    public struct Fact: Sendable, Codable, Equatable {
        public internal(set) var claims = SortedMap<PartyID, Claim>()

        public var isOpen: Bool { claims.values.contains { $0.isOpen } }
        /// When it was first pressed, by its author; `nil` while only later messages of it have come.
        public var pressedAt: UTCInstant? { claims.values.compactMap(\.pressedAt).min() }
        public var mode: Mode { claims.values.allSatisfy { $0.mode == .drill } ? .drill : .real }
    }

    /// What one party has said as the author of a STOP.
    public struct Claim: Sendable, Codable, Equatable {
        public internal(set) var pressedAt: UTCInstant?
        /// Of its presses; real while none has come.
        public internal(set) var mode = Mode.real
        /// The first press, later ones, and reports that it goes on.
        var demands = SortedSet<Hash32>()
        var covered = SortedSet<Hash32>()

        public var isOpen: Bool { demands.contains { !covered.contains($0) } }

        /// - Parameter all: also what has not come yet.
        mutating func cover(_ ids: [Hash32], all: Bool) {
            for id in ids where all || demands.contains(id) { covered.insert(id) }
        }

        /// Of what is lifted, no more than the limit is remembered.
        mutating func forgetOldest() {
            while demands.count > Limits.stopMessages, let lifted = demands.first(where: { covered.contains($0) }) {
                demands.remove(lifted)
            }
            while demands.count > Limits.stopMessages, let last = demands.last { demands.remove(last) }
            while covered.count > 2 * Limits.stopMessages,
                let idle = covered.first(where: { !demands.contains($0) })
            {
                covered.remove(idle)
            }
        }
    }

    public var open: [StopID] { stops.filter { $0.value.isOpen }.map(\.key) }

    /// Takes a message in; its author is who signed it.
    mutating func take(_ message: StopMessage) {
        switch message.content {
        case .stop(let press):
            let id = press.repeats ?? message.id
            change(id, by: message.author) { claim in
                if press.repeats == nil { claim.pressedAt = message.createdAt }
                claim.mode = press.mode
                claim.demands.insert(message.id)
            }
        case .effect(let report):
            guard !report.observed else { return }
            change(report.stop, by: message.author) { $0.demands.insert(message.id) }
        case .lift(let lift):
            change(lift.stop, by: message.author) { $0.covered.insert(lift.stop) }
            // Wherever a press was counted, the lift that names it ends it.
            for id in stops.keys {
                stops.update(id) { fact in
                    fact.claims.update(message.author) { $0.cover([lift.stop] + lift.covers, all: id == lift.stop) }
                }
            }
        case .answer, .received, .escalation: break
        }
        forgetOldest()
    }

    /// As on the board, presses beyond the limit join the newest open STOP of their author.
    private func home(of id: StopID, by author: PartyID) -> StopID {
        if stops[id]?.claims[author] != nil { return id }
        let open = stops.filter { $0.value.claims[author]?.isOpen == true }
        guard open.count >= Limits.openStops else { return id }
        let newest = open.max { ($0.value.pressedAt ?? .distantPast, $0.key) < ($1.value.pressedAt ?? .distantPast, $1.key) }
        return newest?.key ?? id
    }

    private mutating func change(_ named: StopID, by author: PartyID, _ change: (inout Claim) -> Void) {
        let id = home(of: named, by: author)
        var fact = stops[id] ?? Fact()
        var claim = fact.claims[author] ?? Claim()
        change(&claim)
        claim.forgetOldest()
        fact.claims[author] = claim
        stops[id] = fact
    }

    /// Closed ones beyond the limit; the record has all.
    private mutating func forgetOldest() {
        let closed = stops.filter { !$0.value.isOpen }
        guard closed.count > Limits.closedStops else { return }
        let oldest = closed.min { ($0.value.pressedAt ?? .distantPast, $0.key) < ($1.value.pressedAt ?? .distantPast, $1.key) }
        if let oldest { stops[oldest.key] = nil }
    }
}
