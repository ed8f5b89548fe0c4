import Geodesy
import Kernel
import Mechanism
import Notation
import Records
import Separation

extension View {
    func conflict(_ conflict: Conflict) -> JSONValue { .object(members(of: conflict, why: why(conflict))) }

    /// A conflict with its explanation, for whoever looks at this one.
    func explained(_ conflict: Conflict) -> JSONValue {
        let account = account(of: conflict)
        let explanation = account.map(explanation) ?? .null
        return .object(members(of: conflict, why: account?.why) + [JSONMember("explanation", explanation)])
    }

    private func members(of conflict: Conflict, why: NoticePairExplanation?) -> [JSONMember] {
        [
            JSONMember("id", .string(conflict.id.hex)), JSONMember("mode", .string(conflict.mode.rawValue)),
            JSONMember("state", .string(conflict.state.rawValue)), JSONMember("first", side(conflict.first)),
            JSONMember("second", side(conflict.second)),
            JSONMember("foundBy", .array(foundBy(conflict).map { .string($0.name) })),
            JSONMember("proven", .bool(conflict.ownProof == .proven)),
            JSONMember("positions", .array(conflict.positions.map { stance(conflict, $0.key, $0.value) })),
            JSONMember(
                "conditions",
                .array(
                    conflict.state == .settled
                        ? (conflict.positions[conflict.first.party]?.conditions ?? []).map(JSONValue.string) : [])),
            JSONMember("openedAt", .string(conflict.openedAt.rfc3339)),
            JSONMember("clearedAt", .optional(conflict.clearedAt?.rfc3339)),
            JSONMember("closest", why.map(closest) ?? .null),
        ]
    }

    private func side(_ id: NoticeID) -> JSONValue {
        let notice = mechanism.notices[id]
        return [
            "notice": .string(id.description), "owner": .string(id.party.name),
            "version": notice.map { .integer(Int64($0.version)) } ?? .null,
            "kind": .optional(notice?.fields.kind.name),
        ]
    }

    /// Parties whose finding is bound to both current versions, and we if our own geometry agrees.
    private func foundBy(_ conflict: Conflict) -> [PartyID] {
        let first = mechanism.notices[conflict.first]?.version
        let second = mechanism.notices[conflict.second]?.version
        var parties = SortedSet(
            conflict.findings.filter { $0.value.firstVersion == first && $0.value.secondVersion == second }
                .map(\.key))
        if conflict.ownProof != nil { parties.insert(mechanism.party) }
        return parties.elements
    }

    private func stance(_ conflict: Conflict, _ party: PartyID, _ fact: PositionFact) -> JSONValue {
        let isCurrent =
            mechanism.notices[conflict.first]?.version == fact.firstVersion
            && mechanism.notices[conflict.second]?.version == fact.secondVersion
        return [
            "party": .string(party.name), "stance": .string(fact.stance.rawValue),
            "conditions": .array(fact.conditions.map(JSONValue.string)), "remarks": .optional(fact.remarks),
            "officer": .optional(fact.officer), "at": .string(fact.at.rfc3339), "current": .bool(isCurrent),
        ]
    }

    // MARK: Why

    private static let pairsTestedInLists = 64

    /// For lists and events. `nil` of a conflict that is cleared, whose versions no longer collide.
    private func why(_ conflict: Conflict) -> NoticePairExplanation? {
        guard conflict.state != .cleared, let first = mechanism.notices[conflict.first],
            let second = mechanism.notices[conflict.second]
        else { return nil }
        return NoticePairExplanation(
            first.volumes, second.volumes, minima: mechanism.terms.minima[first.fields.kind, second.fields.kind],
            reference: mechanism.reference, testedMost: View.pairsTestedInLists)
    }

    /// What a sentence and a picture need; `nil` of a conflict that is cleared.
    func account(of conflict: Conflict) -> ConflictAccount? {
        guard conflict.state != .cleared, let first = mechanism.notices[conflict.first],
            let second = mechanism.notices[conflict.second]
        else { return nil }
        func side(_ notice: Notice) -> ConflictAccount.Side {
            ConflictAccount.Side(
                notice: notice.id, kind: notice.fields.kind,
                partyName: mechanism.terms.party(notice.owner)?.name ?? notice.owner.name,
                isOwn: notice.owner == mechanism.party, volumes: notice.volumes)
        }
        return ConflictAccount(
            first: side(first), second: side(second), mode: conflict.mode, state: conflict.state.rawValue,
            minima: mechanism.terms.minima[first.fields.kind, second.fields.kind], reference: mechanism.reference)
    }

    private func explanation(_ account: ConflictAccount) -> JSONValue {
        [
            "sentence": .string(account.sentence), "pairCount": .integer(Int64(account.why.count)),
            "pairs": .array(account.why.pairs.map(\.json)),
        ]
    }

    /// Where the two come closest.
    private func closest(_ why: NoticePairExplanation) -> JSONValue {
        let best = why.worst.explanation
        let vertical: JSONValue = best.minima.vertical == .all ? .null : .number(max(0, best.verticalGapM.lowerBound))
        return [
            "first": best.nearestOnFirst.json, "second": best.nearestOnSecond.json,
            "distanceM": .number(best.horizontal.lowerM), "requiredM": .number(best.minima.horizontalM),
            "verticalGapM": vertical, "timeGapS": .integer(best.timeGap.wholeMicroseconds / 1_000_000),
            "timeRequiredS": .integer(best.minima.time.wholeMicroseconds / 1_000_000),
        ]
    }

    // MARK: What-if

    func collision(_ collision: Collision, of fields: NoticeFields) -> JSONValue {
        let other = mechanism.notices[collision.notice]
        var members = [
            JSONMember("notice", .string(collision.notice.description)),
            JSONMember("owner", .string(collision.notice.party.name)),
            JSONMember("kind", .optional(other?.fields.kind.name)),
            JSONMember("conflict", .optional(collision.conflict?.hex)), JSONMember("proven", .bool(collision.proven)),
            JSONMember("volume", .integer(Int64(collision.volume))),
            JSONMember("otherVolume", .integer(Int64(collision.otherVolume))),
        ]
        if let other, let mine = fields.volumes[checked: collision.volume]?.volume,
            let theirs = other.volumes[checked: collision.otherVolume]
        {
            let why = Explanation(
                mine, theirs, minima: mechanism.terms.minima[fields.kind, other.fields.kind], reference: mechanism.reference)
            members += [
                JSONMember("distanceM", .number(why.horizontal.lowerM)),
                JSONMember("requiredM", .number(why.minima.horizontalM)),
                JSONMember("nearest", .array([why.nearestOnFirst.json, why.nearestOnSecond.json])),
            ]
        } else {
            members += [JSONMember("distanceM", .null), JSONMember("requiredM", .null), JSONMember("nearest", .null)]
        }
        return .object(members)
    }
}

extension NoticePairExplanation.Pair {
    fileprivate var json: JSONValue {
        let why = explanation
        return [
            "firstVolume": .integer(Int64(first)), "secondVolume": .integer(Int64(second)),
            "verdict": .string(why.verdict.word),
            "horizontal": [
                "broken": .bool(why.isBroken(.horizontal)), "first": why.nearestOnFirst.json, "second": why.nearestOnSecond.json,
                "distanceM": .number(why.horizontal.lowerM), "distanceAtMostM": .number(why.horizontal.upperM),
                "requiredM": .number(why.minima.horizontalM), "lackM": .number(why.horizontalLackM),
            ],
            "vertical": [
                "broken": .bool(why.isBroken(.vertical)), "gapM": .number(why.verticalGapM.lowerBound),
                "gapAtMostM": .number(why.verticalGapM.upperBound), "requiredM": why.minima.vertical.json,
                "lackM": why.verticalLackM.map(JSONValue.number) ?? .null,
            ],
            "time": [
                "broken": .bool(why.isBroken(.time)), "gapS": .number(why.timeGap.inSeconds),
                "overlap": why.timeOverlap.map { overlap in
                    [
                        "start": .string(overlap.start.rfc3339),
                        "end": overlap.end == .distantFuture ? .null : .string(overlap.end.rfc3339),
                    ]
                } ?? .null,
                "requiredS": .number(why.minima.time.inSeconds),
                "lackS": why.timeLack.map { .number($0.inSeconds) } ?? .null,
            ],
        ]
    }
}

extension Minima.Vertical {
    /// `null` when altitude does not separate.
    fileprivate var json: JSONValue {
        switch self {
        case .all: .null
        case .metres(let metres): .number(metres)
        }
    }
}

extension Verdict {
    fileprivate var word: String {
        switch self {
        case .conflict(proven: true): "proven"
        case .conflict(proven: false): "undecided"
        case .separate: "separate"
        }
    }
}

extension Array {
    fileprivate subscript(checked index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
