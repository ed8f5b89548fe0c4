import Kernel
import Mechanism
import Records

/// The watch and the passing on, as this desk sees them. Nothing of it is a peer's to see but what is on record.
extension View {
    func watch() -> JSONValue {
        let watch = mechanism.watch
        let handover: JSONValue =
            watch.handover.map { handover in
                [
                    "from": .string(handover.from), "to": .string(handover.to), "remarks": .optional(handover.remarks),
                    "offeredAt": .string(handover.offeredAt.rfc3339),
                    "items": .array(mechanism.handoverItems.map(item)),
                ]
            } ?? .null
        return [
            "onDuty": watch.onDuty.map {
                ["officer": .string($0.officer), "since": .string($0.since.utc.rfc3339)]
            } ?? .null,
            "handover": handover,
            "pending": .array(watch.pending.map { pending($0.key, $0.value) }),
        ]
    }

    private func item(_ item: HandoverItem) -> JSONValue {
        [
            "id": .string(item.id), "since": .string(item.since.rfc3339), "sentence": .string(item.sentence),
            "isAccepted": .bool(item.isAccepted),
        ]
    }

    private func pending(_ id: PendingID, _ act: PendingAct) -> JSONValue {
        [
            "id": .integer(Int64(id)), "by": .string(act.by), "at": .string(act.at.rfc3339),
            "sentence": .string(act.sentence),
        ]
    }

    func passing() -> JSONValue {
        [
            "units": .array(mechanism.passing.units.map(JSONValue.string)),
            "own": .array(mechanism.passing.own.map { own($0.key, $0.value) }),
            "stops": .array(
                mechanism.passing.stops.map { stop, facts in
                    ["stop": .string(stop.hex), "parties": .array(facts.map { passedOn($0.key, $0.value) })]
                }),
        ]
    }

    private func own(_ subject: PassedOn.Subject, _ own: OwnPassing) -> JSONValue {
        let about: JSONMember =
            switch subject {
            case .notice(let version): JSONMember("notice", version.json)
            case .stop(let stop): JSONMember("stop", .string(stop.hex))
            }
        return .object([
            about,
            JSONMember("concerned", own.concerned.map { .array($0.map(JSONValue.string)) } ?? .null),
            JSONMember("notYetReached", own.missing.map { .array($0.map(JSONValue.string)) } ?? .null),
            JSONMember(
                "reached",
                .array(
                    own.reached.map { unit, fact in
                        [
                            "unit": .string(unit), "by": .string(fact.by), "at": .string(fact.at.rfc3339),
                            "isDisclosed": .bool(fact.isDisclosed),
                        ]
                    })),
        ])
    }

    func passedOn(_ party: PartyID, _ fact: PassedOnFact) -> JSONValue {
        [
            "party": .string(party.name), "reached": .integer(Int64(fact.reached)), "of": .integer(Int64(fact.of)),
            "isComplete": .bool(fact.isComplete), "units": .array(fact.units.map(JSONValue.string)),
            "officer": .optional(fact.officer), "at": .string(fact.at.rfc3339),
        ]
    }

    /// What starts within two hours or is under way.
    func board() -> [JSONValue] {
        mechanism.board(now: now).map { entry in
            [
                "notice": .string(entry.notice.id.description), "version": .integer(Int64(entry.notice.version)),
                "owner": .string(entry.notice.owner.name), "kind": .string(entry.notice.fields.kind.name),
                "mode": .string(entry.notice.mode.rawValue), "start": .string(entry.start.rfc3339),
                "end": .string(entry.end.rfc3339), "isUnderWay": .bool(entry.isUnderWay),
                "assurance": .string(entry.assurance.answer.rawValue), "shown": .string(entry.assurance.answer.shown),
                "validForS": entry.assurance.validUntil.map { .number($0.duration(since: now.monotonic).inSeconds) } ?? .null,
                "at": .string(now.utc.rfc3339),
                "conflicts": .array(entry.conflicts.map { .string($0.hex) }),
                "notAcknowledged": .array(entry.notAcknowledged.map { .string($0.name) }),
                "notPassedOn": .array(entry.notPassedOn.map { .string($0.name) }),
            ]
        }
    }
}
