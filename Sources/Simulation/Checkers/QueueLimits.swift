import JointLog
import Kernel
import Mechanism
import Records

/// The most that each collection in a node's memory may hold, by the names of the fields on the way to it.
struct QueueLimits: Sendable {
    private let most: [String: Int]

    /// What a notice or a message states was checked against its limits when it was read and is never added to; terms are
    /// fixed; and what follows from other fields is as long as those.
    static let fixed = [
        "terms", "reference", "index", "schedule", "dueAlarms", "ownRecords", "sealing", "opened", "notices[].fields",
        "notices[].flags", "notices[].audience", "calls.messages[].content", "calls.messages[].audience",
        "calls.presence[].query", "calls.presence[].audience", "deferred[].body", "deferred[].audience",
        "logs[].fork", "formerLogs[].fork", "notices[].readBacks[].mismatches", "passing.schedule",
        "calls.disclosures[].disclosure", "watch.pending[].command",
        "checks.checks[].parameters", "checks.checks[].ending.outcome", "checks.checks[].ending.finding",
        "checks.plans[].fields",
    ]

    subscript(path: String) -> Int? { most[path] }

    init(of mechanism: Mechanism) {
        let parties = mechanism.terms.parties.count
        let notices = Limits.notices
        // Where it is known how many there are, the rest must not outgrow them.
        let held = mechanism.notices.count
        let calls = mechanism.calls.messages.count + mechanism.calls.presence.count
        var most = [
            "logs": parties, "links": parties, "suspendedBy": parties, "proposedTerms": parties,
            "unstatedEvaluations": parties, "unstatedLinks": parties, "lodgings": parties * parties,
            "formerLogs": Int(Limits.epochs) * parties, "deferred": 1_000, "notices": notices,
            "notices[].facts": parties, "notices[].passedOn": parties, "notices[].passedOn[].units": Limits.units,
            "notices[].readBacks": Limits.readBackAttempts, "notices[].conflicts": held, "conflicts": held * held,
            "conflicts[].findings": parties, "conflicts[].positions": parties,
            "conflicts[].positions[].conditions": Limits.conditionsPerSettlement, "ownCollisions": held,
            "ownCollisions[]": held,
            // One for each thing that there is to be told of.
            "alarms": 25
                * (parties + held + mechanism.conflicts.count + calls + mechanism.checks.checks.count
                    + QueueLimits.unreadable(mechanism)),
        ]
        for log in ["logs[].", "formerLogs[]."] {
            most[log + "announced"] = Limits.announcedHeads
            for name in ["receiptedBy", "evaluatedBy", "unreadableBy"] { most[log + name] = parties }
            // As many as a statement names.
            for name in ["unreadableBy[]", "unreadable"] { most[log + name] = Limits.unreadableRecords }
            most[log + "tree.subtrees"] = 64
            // Those of the terms, or of the epoch's statement, and every change.
            most[log + "keys.entries"] = 1 + Limits.keyChanges
            most[log + "keys.before"] = 1 + Limits.keyChanges
        }
        most.merge(QueueLimits.ofCalls(parties, held), uniquingKeysWith: { first, _ in first })
        most.merge(QueueLimits.ofPrivateChecks(parties), uniquingKeysWith: { first, _ in first })
        most.merge(QueueLimits.ofExchange(parties), uniquingKeysWith: { first, _ in first })
        self.most = most
    }

    private static func unreadable(_ mechanism: Mechanism) -> Int {
        mechanism.logs.values.reduce(0) { $0 + $1.unreadable.count }
    }

    private static func ofCalls(_ parties: Int, _ notices: Int) -> [String: Int] {
        [
            "calls.messages": Limits.calls, "calls.presence": Limits.presenceExchanges,
            "calls.disclosures": Limits.disclosures, "calls.dangers": Limits.calls,
            "calls.waits": Limits.calls + Limits.presenceExchanges, "calls.checksDue": parties,
            "calls.unstated": 2 * Limits.calls, "calls.messages[].facts": parties,
            "calls.messages[].facts[].mismatches": MessageFieldName.allCases.count,
            "calls.presence[].facts": parties, "calls.presence[].facts[].mismatches": MessageFieldName.allCases.count,
            "calls.presence[].answers": parties, "calls.presence[].answers[].contradictedBy": notices,
            "passing.units": Limits.units, "passing.own": notices + 2 * Limits.closedStops,
            "passing.own[].concerned": Limits.units, "passing.own[].reached": Limits.units,
            "passing.stops": 2 * Limits.closedStops, "passing.stops[]": parties,
            "passing.stops[][].units": Limits.units, "passing.due": notices,
            "watch.pending": Limits.pendingActs, "watch.unstated": Limits.pendingActs,
            "watch.handover.accepted": 2 * (Limits.calls + notices),
            "stops.stops": parties * Limits.openStops + Limits.closedStops,
            "stops.stops[].claims": parties, "stops.stops[].claims[].demands": 2 * Limits.stopMessages,
            "stops.stops[].claims[].covered": 2 * Limits.stopMessages, "stops.recorded": 4_096,
            "stops.unrecorded": Limits.openStops * Limits.stopMessages,
        ]
    }

    private static func ofPrivateChecks(_ parties: Int) -> [String: Int] {
        [
            "checks.checks": Limits.privateChecks, "checks.checks[].messages": 2,
            "checks.checks[].messages[]": PrivateCheckPart.Message.allCases.count,
            "checks.checks[].messages[][].records": Limits.privateCheckParts,
            "checks.checks[].ending.plans": Limits.sealedPlans, "checks.checks[].ending.hits": Limits.sealedPlans,
            "checks.plans": Limits.sealedPlans, "checks.plans[].checked": parties,
            "checks.deposits": Limits.privateChecks, "checks.deposits[]": parties, "checks.budgets": parties,
            "checks.budgets[].sessions": Limits.privateCheckPointsPerDay >> Limits.privateCheckClasses.lowerBound,
        ]
    }

    /// The shell's memory of its peers.
    private static func ofExchange(_ parties: Int) -> [String: Int] {
        var most = ["exchange.challenges[]": QueueLimits.challenges]
        for name in [
            "known", "waitingUntilNs", "challenges", "shown", "shown[]", "lacked", "lacked[]", "failed", "failed[]",
            "seen", "heard",
        ] {
            most["exchange." + name] = parties
        }
        return most
    }

    /// Challenges that wait for an answer, for each peer.
    static let challenges = 8
}
