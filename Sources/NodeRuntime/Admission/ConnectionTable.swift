import Kernel
import Synchronization

/// The connections to one port: who they are of, what they do, and which has to go when there are too many or one takes too
/// long. Nobody is turned away at the door, for it may be a STOP that comes: a connection more costs the oldest of the
/// same kind.
///
/// Of connections whose other end is not known yet the oldest goes of the address that has most of them, so that a
/// stranger cannot drive out others.
public final class ConnectionTable: Sendable {
    public struct Bounds: Sendable {
        public let unknown: Int
        public let known: Int
        public let perSource: Int
        /// Whether the other end has to be known soon, as after a TLS handshake with a pinned key.
        public let needsName: Bool

        public init(unknown: Int, known: Int, perSource: Int, needsName: Bool) {
            self.unknown = unknown
            self.known = known
            self.perSource = perSource
            self.needsName = needsName
        }
    }

    public typealias ID = ObjectIdentifier

    private struct Entry {
        let number: UInt64
        let address: String
        let openedAt: MonotonicInstant
        let close: @Sendable () -> Void
        var source: WorkSource?
        /// Whose certificate it has shown. Anybody can show one; only who has its key can send anything under it.
        var claimed: WorkSource?
        var carriesStop = false
        /// Requests that are being answered.
        var underWay = 0
        /// Since when bytes have come that are no whole request yet.
        var headSince: MonotonicInstant?
        /// Since when the rest of a request's body is waited for.
        var bodySince: MonotonicInstant?
        /// Since when the other end takes nothing.
        var stalledSince: MonotonicInstant?
        var usedAt: MonotonicInstant
    }

    private struct State {
        var entries: [ID: Entry] = [:]
        var next: UInt64 = 0
        var evicted: UInt64 = 0
        var expired: UInt64 = 0
    }

    private let bounds: Bounds
    private let state = Mutex(State())

    public init(_ bounds: Bounds) { self.bounds = bounds }

    /// A connection that was accepted.
    ///
    /// - Parameter close: called at most once by this table, and by no lock.
    public func open(_ id: ID, from address: String, at now: MonotonicInstant, close: @escaping @Sendable () -> Void) {
        let evicted = state.withLock { state -> [@Sendable () -> Void] in
            state.entries[id] = Entry(number: state.next, address: address, openedAt: now, close: close, usedAt: now)
            state.next += 1
            return evict(&state)
        }
        for close in evicted { close() }
    }

    /// Its other end has shown who it is.
    public func know(_ id: ID, as source: WorkSource) { change(id) { $0.source = source } }

    /// Its other end says who it is, and has proved it when its first bytes come.
    public func claims(_ id: ID, as source: WorkSource) { change(id) { $0.claimed = source } }

    /// It has brought a request about STOP.
    public func bringsStop(_ id: ID) { change(id) { $0.carriesStop = true } }

    public func gone(_ id: ID) { state.withLock { _ = $0.entries.removeValue(forKey: id) } }

    /// Bytes have come.
    public func received(_ id: ID, at now: MonotonicInstant) {
        change(id) { entry in
            entry.usedAt = now
            if let claimed = entry.claimed, entry.source == nil { entry.source = claimed }
            if entry.underWay == 0, entry.headSince == nil { entry.headSince = now }
        }
    }

    /// The head of a request is whole, and is being answered.
    public func begins(_ id: ID) {
        state.withLock { state in
            state.entries[id]?.underWay += 1
            state.entries[id]?.headSince = nil
        }
    }

    public func ends(_ id: ID, at now: MonotonicInstant) {
        state.withLock { state in
            state.entries[id]?.underWay -= 1
            state.entries[id]?.usedAt = now
        }
    }

    /// The body of its request is waited for, or has come.
    public func waitsForBody(_ id: ID, since instant: MonotonicInstant?) {
        state.withLock { $0.entries[id]?.bodySince = instant }
    }

    /// What was written is not taken, or is again.
    public func stalls(_ id: ID, since instant: MonotonicInstant?) {
        state.withLock { $0.entries[id]?.stalledSince = instant }
    }

    /// Closes what has taken too long: a handshake, a request, an answer that is not taken, an idle connection.
    public func sweep(at now: MonotonicInstant) {
        let expired = state.withLock { state -> [@Sendable () -> Void] in
            let due = state.entries.filter { isDue($0.value, now) }
            for id in due.keys { state.entries[id] = nil }
            state.expired += UInt64(due.count)
            return due.values.map(\.close)
        }
        for close in expired { close() }
    }

    private func isDue(_ entry: Entry, _ now: MonotonicInstant) -> Bool {
        func isOver(_ since: MonotonicInstant?, _ longest: Duration) -> Bool {
            since.map { now.duration(since: $0) > longest } ?? false
        }
        if bounds.needsName, entry.source == nil, isOver(entry.openedAt, Limits.handshakeLongest) { return true }
        if isOver(entry.headSince, Limits.requestHeadLongest) || isOver(entry.bodySince, Limits.requestBodyLongest) {
            return true
        }
        if isOver(entry.stalledSince, Limits.readerStalled) { return true }
        return entry.underWay == 0 && isOver(entry.usedAt, Limits.connectionIdle)
    }

    public struct Counts: Sendable, Hashable {
        public let unknown: Int
        public let known: Int
        /// Closed because there were too many, and because they took too long, since the start.
        public let evicted: UInt64
        public let expired: UInt64
    }

    public var counts: Counts {
        state.withLock { state in
            let known = state.entries.values.count { $0.source != nil }
            return Counts(
                unknown: state.entries.count - known, known: known, evicted: state.evicted, expired: state.expired)
        }
    }

    // MARK: Too many

    private func change(_ id: ID, _ body: @Sendable (inout Entry) -> Void) {
        let evicted = state.withLock { state -> [@Sendable () -> Void] in
            guard var entry = state.entries[id] else { return [] }
            let kind = (entry.source, entry.carriesStop)
            body(&entry)
            state.entries[id] = entry
            return kind == (entry.source, entry.carriesStop) ? [] : evict(&state)
        }
        for close in evicted { close() }
    }

    /// - Returns: how to close those that have to go.
    private func evict(_ state: inout State) -> [@Sendable () -> Void] {
        var closing: [@Sendable () -> Void] = []
        while let id = surplus(state), let entry = state.entries.removeValue(forKey: id) {
            state.evicted += 1
            closing.append(entry.close)
        }
        return closing
    }

    private func surplus(_ state: State) -> ID? {
        var unknown: [String: Int] = [:]
        var ordinary: [WorkSource: Int] = [:]
        var stops: [WorkSource: Int] = [:]
        for entry in state.entries.values {
            guard let source = entry.source else {
                unknown[entry.address, default: 0] += 1
                continue
            }
            if entry.carriesStop { stops[source, default: 0] += 1 } else { ordinary[source, default: 0] += 1 }
        }
        if unknown.values.reduce(0, +) > bounds.unknown {
            let most = unknown.values.max() ?? 0
            return first(state) { $0.source == nil && unknown[$0.address] == most }
        }
        if let source = stops.first(where: { $0.value > Limits.stopConnections })?.key {
            return first(state) { $0.source == source && $0.carriesStop }
        }
        if let source = ordinary.first(where: { $0.value > bounds.perSource })?.key {
            return first(state) { $0.source == source && !$0.carriesStop }
        }
        if ordinary.values.reduce(0, +) > bounds.known {
            let most = ordinary.values.max() ?? 0
            return first(state) { entry in entry.source.map { ordinary[$0] == most } ?? false && !entry.carriesStop }
        }
        return nil
    }

    /// The oldest of those that do nothing just now, otherwise the oldest.
    private func first(_ state: State, where isMeant: (Entry) -> Bool) -> ID? {
        state.entries.filter { isMeant($0.value) }
            .min { a, b in
                (a.value.underWay > 0 ? 1 : 0, a.value.number) < (b.value.underWay > 0 ? 1 : 0, b.value.number)
            }?.key
    }
}
