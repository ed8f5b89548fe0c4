import Kernel
import Mechanism
import Records

/// Calls and presence, as desks see them.
extension View {
    func call(_ call: Call) -> JSONValue {
        [
            "id": .string(call.id.description), "from": .string(call.id.party.name), "mode": .string(call.mode.rawValue),
            "to": .array(call.audience.map { .string($0.name) }), "createdAt": .string(call.createdAt.rfc3339),
            "officer": .optional(call.officer), "precedence": .string(call.precedence.rawValue),
            "message": call.content.json, "dueAt": .string(call.dueAt.rfc3339),
            "isAcknowledged": .bool(call.isClosed), "escalatedAt": .optional(call.escalatedAt?.rfc3339),
            "facts": .array(call.facts.map { facts($0.key, $0.value, dueAt: call.dueAt) }),
        ]
    }

    private func facts(_ party: PartyID, _ facts: CallFacts, dueAt: UTCInstant) -> JSONValue {
        [
            "party": .string(party.name), "receiptedAt": .optional(facts.receiptedAt?.rfc3339),
            "lodgedAt": .optional(facts.lodgedAt?.rfc3339), "lodgedWith": .optional(facts.lodgedWith?.name),
            "evaluatedAt": .optional(facts.evaluatedAt?.rfc3339),
            "acknowledgedAt": .optional(facts.acknowledgedAt?.rfc3339),
            "acknowledgedBy": .optional(facts.acknowledgedBy),
            "mismatches": .array(facts.mismatches.map { .string($0.rawValue) }),
            "noOneThere": .bool(facts.acknowledgedAt == nil && dueAt < now.utc),
        ]
    }

    func presence(_ exchange: PresenceExchange) -> JSONValue {
        [
            "id": .string(exchange.id.description), "from": .string(exchange.id.party.name),
            "mode": .string(exchange.mode.rawValue), "to": .array(exchange.audience.map { .string($0.name) }),
            "createdAt": .string(exchange.createdAt.rfc3339), "officer": .optional(exchange.officer),
            "query": exchange.query.json, "dueAt": .string(exchange.dueAt.rfc3339),
            "facts": .array(exchange.facts.map { facts($0.key, $0.value, dueAt: exchange.dueAt) }),
            "answers": .array(exchange.answers.map { answer($0.key, $0.value) }),
            "escalatedAt": .optional(exchange.escalatedAt?.rfc3339),
        ]
    }

    private func answer(_ party: PartyID, _ fact: PresenceFact) -> JSONValue {
        [
            "party": .string(party.name), "record": .string(fact.record.description),
            "answer": .string(fact.answer.answer.rawValue), "affiliated": .optional(fact.answer.affiliated?.rawValue),
            "validUntil": .optional(fact.answer.validUntil?.rfc3339),
            "isValid": .bool(fact.answer.validUntil.map { now.utc < $0 } ?? false),
            "officer": .optional(fact.officer), "at": .string(fact.createdAt.rfc3339),
            "remarks": .optional(fact.answer.remarks),
            "contradictedBy": .array(fact.contradictedBy.map { .string($0.description) }),
        ]
    }
}
