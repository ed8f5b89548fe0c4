import Kernel
import Records

/// A message or a query that somebody still has to answer.
public struct OpenCall: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable { case message, presenceQuery }

    public let id: RecordID
    public let kind: Kind
    public let precedence: Precedence
    public let createdAt: UTCInstant
    public let dueAt: UTCInstant
    /// Who has to answer: ourselves, or those of whom we wait for an answer.
    public let missing: [PartyID]
}

extension Mechanism {
    /// What waits for an answer, ours or the others': the most urgent first, among equals the oldest. The order of the
    /// records cannot change; this is the order in which a desk takes them.
    public var openCalls: [OpenCall] {
        var open = calls.messages.values.compactMap { call -> OpenCall? in
            let missing = waitingFor(call.missing, from: call.id.party)
            guard !missing.isEmpty else { return nil }
            return OpenCall(
                id: call.id, kind: .message, precedence: call.precedence, createdAt: call.createdAt, dueAt: call.dueAt,
                missing: missing)
        }
        open += calls.presence.values.compactMap { exchange in
            let missing = waitingFor(exchange.missing, from: exchange.id.party)
            guard !missing.isEmpty else { return nil }
            return OpenCall(
                id: exchange.id, kind: .presenceQuery, precedence: exchange.query.precedence,
                createdAt: exchange.createdAt, dueAt: exchange.dueAt, missing: missing)
        }
        return open.sorted { ($0.precedence, $0.createdAt, $0.id) < ($1.precedence, $1.createdAt, $1.id) }
    }

    /// Of another's call only our own answer is ours to give, and all that we may know of.
    private func waitingFor(_ missing: [PartyID], from caller: PartyID) -> [PartyID] {
        caller == party ? missing : missing.filter { $0 == party }
    }
}
