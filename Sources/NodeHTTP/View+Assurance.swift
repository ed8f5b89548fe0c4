import Geodesy
import Kernel
import Mechanism
import NodeRuntime
import Notation
import Records

/// Assurance as JSON: every reason and gap as its name and values, for a reader of any language, beside the sentence.
extension View {
    func assurance(_ assurance: Assurance) -> JSONValue {
        [
            "notice": .optional(assurance.notice?.description), "answer": .string(assurance.answer.rawValue),
            "shown": .string(assurance.answer.shown),
            "validUntil": .optional(assurance.validUntil.map { wall($0).rfc3339 }),
            "validForS": assurance.validUntil.map { .number($0.duration(since: now.monotonic).inSeconds) } ?? .null,
            "reasons": .array(assurance.reasons.map { named($0) }),
            "conditions": .array(assurance.conditions.map(JSONValue.string)),
            "evidence": .array(
                assurance.evidence.map { evidence in
                    [
                        "party": .string(evidence.party.name), "size": .integer(Int64(evidence.size)),
                        "root": .string(evidence.root.hex),
                        "heardS": evidence.age.map { .number($0.inSeconds) } ?? .null,
                    ]
                }),
            "doesNotCover": .array(assurance.gaps.map { .string($0.sentence) } + [.string(View.disclaimer)]),
            "gaps": .array(assurance.gaps.map { named($0) }),
            "at": .string(now.utc.rfc3339),
        ]
    }

    private func named(_ reason: AssuranceReason) -> JSONValue {
        [
            "name": .string(reason.name), "party": .optional(reason.party?.name),
            "record": .optional(reason.record?.description), "values": .object(reason.values),
            "sentence": .string(reason.sentence), "endsBy": .string(reason.endsBy),
        ]
    }

    private func named(_ gap: CoverageGap) -> JSONValue {
        let (name, party, record, values): (String, PartyID?, RecordID?, [JSONMember]) =
            switch gap {
            case .notAddressedToUs(let party, let records):
                ("notAddressedToUs", party, nil, [JSONMember("records", .integer(Int64(clamping: records)))])
            case .notAcknowledged(let party, let notice): ("notAcknowledged", party, notice, [])
            case .dangerNotAcknowledged(let party, let record): ("dangerNotAcknowledged", party, record, [])
            case .plansNotFiled: ("plansNotFiled", nil, nil, [])
            }
        return [
            "name": .string(name), "party": .optional(party?.name), "record": .optional(record?.description),
            "values": .object(values), "sentence": .string(gap.sentence),
        ]
    }
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}

extension AssuranceReason {
    /// What its sentence says beside party and record: counts, ages and differences in seconds, and states.
    fileprivate var values: [JSONMember] {
        switch self {
        case .conflict(_, let with, let state):
            [JSONMember("with", .string(with.description)), JSONMember("state", .string(state.rawValue))]
        case .evidenceStale(_, let age): [JSONMember("ageS", .integer(Int64(age.inSeconds)))]
        case .headLarger(_, let theirs, let ours), .headSmaller(_, let theirs, let ours):
            [JSONMember("theirs", .integer(Int64(clamping: theirs))), JSONMember("ours", .integer(Int64(clamping: ours)))]
        case .headNotCompared(_, let size): [JSONMember("size", .integer(Int64(clamping: size)))]
        case .clockDiffers(_, let difference): [JSONMember("differenceS", .number(difference.inSeconds))]
        case .pastItsTime(_, let status): [JSONMember("status", .string(status.rawValue))]
        case .neverHeard, .notReceipted, .notEvaluated, .unreadableHere, .unreadableThere, .waiting, .notSigning,
            .suspended, .unstaffed, .termsDiffer, .logFrozen, .clockStepped, .storageDegraded, .needsAcknowledgement,
            .needsPassingOn, .ended, .stopOpen, .judgesNothing:
            []
        }
    }
}
