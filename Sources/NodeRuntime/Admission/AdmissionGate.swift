import Kernel
import Synchronization

/// Requests under way, counted in all and for each officer and peer. The lower its class, the sooner a request is
/// refused: reads first, calls last, and STOP never, for it does not pass here.
public final class AdmissionGate: Sendable {
    public enum Refusal: Error, Hashable, Sendable {
        /// This officer or peer has as many requests, or bytes of them, under way as one may.
        case tooManyAtOnce
        /// The node has, for a request of this class.
        case overloaded
    }

    private struct Load {
        var requests = 0
        var bytes = 0
    }

    private struct State {
        var all = Load()
        var sources: [WorkSource: Load] = [:]
    }

    private let requestsPerSource: Int
    private let state = Mutex(State())

    /// - Parameter requestsPerSource: of one officer or peer at once.
    public init(requestsPerSource: Int) { self.requestsPerSource = requestsPerSource }

    /// Runs `body` as one request under way.
    ///
    /// - Parameter bytes: of its body at most, kept meanwhile.
    /// - Throws: ``Refusal`` before anything of it is read.
    public func during<Value: Sendable>(
        _ work: WorkClass, from source: WorkSource, bytes: Int, isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Value
    ) async throws -> Value {
        try enter(work, from: source, bytes: bytes)
        defer { leave(source, bytes: bytes) }
        return try await body()
    }

    func enter(_ work: WorkClass, from source: WorkSource, bytes: Int) throws(Refusal) {
        let refusal = state.withLock { state -> Refusal? in
            let own = state.sources[source] ?? Load()
            guard own.requests < requestsPerSource, own.bytes + bytes <= Limits.requestBytesPerSource else {
                return .tooManyAtOnce
            }
            let most = AdmissionGate.most(work)
            guard state.all.requests < most.requests, state.all.bytes + bytes <= most.bytes else { return .overloaded }
            state.sources[source] = Load(requests: own.requests + 1, bytes: own.bytes + bytes)
            state.all.requests += 1
            state.all.bytes += bytes
            return nil
        }
        if let refusal { throw refusal }
    }

    func leave(_ source: WorkSource, bytes: Int) {
        state.withLock { state in
            state.all.requests -= 1
            state.all.bytes -= bytes
            guard var own = state.sources[source] else { return }
            own.requests -= 1
            own.bytes -= bytes
            state.sources[source] = own.requests == 0 ? nil : own
        }
    }

    private static func most(_ work: WorkClass) -> Load {
        switch work {
        case .urgent:
            Load(requests: Limits.urgentUnderWay, bytes: Limits.requestBytesUnderWay + Limits.requestBytesForCalls)
        case .evidence: Load(requests: Limits.evidenceUnderWay, bytes: Limits.requestBytesUnderWay)
        case .records: Load(requests: Limits.recordsUnderWay, bytes: Limits.requestBytesUnderWay)
        case .reads: Load(requests: Limits.readsUnderWay, bytes: Limits.requestBytesUnderWay)
        }
    }
}
