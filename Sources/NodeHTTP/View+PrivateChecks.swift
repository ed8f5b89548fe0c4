import Geodesy
import Kernel
import Mechanism
import PrivateCheck
import Records

/// Plans that stay here and private checks, as this desk sees them. Nothing of the plans is a peer's to see.
extension View {
    /// Elements of a finding that are shown; the number is always whole.
    static let elementsShown = 500

    func privateChecks() -> JSONValue {
        [
            "agreed": mechanism.terms.privateCheck.map(agreed) ?? .null,
            "checks": .array(mechanism.checks.checks.values.sorted { $0.proposedAt > $1.proposedAt }.map(privateCheck)),
        ]
    }

    func sealedPlans() -> JSONValue {
        ["plans": .array(mechanism.checks.plans.values.map(sealedPlan))]
    }

    private func agreed(_ terms: TermsPrivateCheck) -> JSONValue {
        [
            "level": .integer(Int64(terms.level)), "lowestBand": .integer(Int64(terms.bands.lowerBound)),
            "highestBand": .integer(Int64(terms.bands.upperBound)), "sizeClass": .integer(Int64(terms.sizeClass)),
            "cap": .integer(Int64(terms.cap)), "output": .string(terms.output.rawValue),
            "coarseLevel": terms.coarseLevel.map { .integer(Int64($0)) } ?? .null,
            "windowS": .number(terms.window.inSeconds), "withinS": .number(terms.within.inSeconds),
            "everyS": terms.every.map { .number($0.inSeconds) } ?? .null, "perDay": .integer(Int64(terms.perDay)),
            "throughMediator": .bool(terms.throughMediator),
        ]
    }

    func sealedPlan(_ plan: SealedPlan) -> JSONValue {
        [
            "id": .integer(Int64(plan.id)), "kind": .string(plan.fields.kind.name),
            "onBehalfOf": .optional(plan.fields.onBehalfOf), "volumes": .array(plan.fields.volumes.map(\.json)),
            "contact": .string(plan.fields.contact), "remarks": .optional(plan.fields.remarks),
            "officer": .string(plan.officer), "sealedAt": .string(plan.sealedAt.rfc3339),
            "endedAt": .optional(plan.endedAt?.rfc3339),
            "checked": .array(plan.checked.map { checked($0.key, $0.value) }),
            "says": .string(standing(of: plan)),
        ]
    }

    private func checked(_ party: PartyID, _ check: SealedPlanCheck) -> JSONValue {
        [
            "party": .string(party.name), "check": .string(check.check.hex), "at": .string(check.at.rfc3339),
            "sizeClass": .integer(Int64(check.sizeClass)), "until": .string(check.until.rfc3339),
            "isHit": check.isHit.map(JSONValue.bool) ?? .null,
        ]
    }

    /// What may be said of a plan that nobody was told of. Never that it is free of conflict.
    private func standing(of plan: SealedPlan) -> String {
        guard plan.endedAt == nil else { return "Ended." }
        let checks = mechanism.counterparts.map { party -> String in
            guard let check = plan.checked[party] else { return "Not checked with \(party)." }
            let until = min(check.until, plan.endsAt)
            if check.until <= now.utc { return "The check with \(party) has lapsed." }
            let found =
                switch check.isHit {
                case true?: "A plan of \(party) meets it"
                case false?: "Nothing that \(party) put in meets it"
                case nil: "The check with \(party) shows a number only"
                }
            return "\(found), as of \(check.at.rfc3339), for what lies before \(until.rfc3339)."
        }
        return "UNKNOWN. " + (checks + ["A check without a match never shows that an area is free."]).joined(separator: " ")
    }

    func privateCheck(_ check: HeldCheck) -> JSONValue {
        let state =
            switch check.ending?.outcome {
            case .agreed?: "agreed"
            case .unknown?: check.ending?.isDeclined == true ? "declined" : "unknown"
            case nil: check.isProposed ? "proposed" : "underWay"
            }
        let slots = check.parameters?.grid.slots
        func edge(_ slot: Int64?) -> JSONValue {
            slot.map { .string(UTCInstant(microseconds: $0 * CheckGrid.slotMicroseconds).rfc3339) } ?? .null
        }
        return [
            "id": .string(check.id.hex), "initiator": .string(check.initiator.name),
            "responder": .string(check.responder.name), "proposedAt": .string(check.proposedAt.rfc3339),
            "proposedBy": .optional(check.proposedBy), "state": .string(state),
            "isAsAgreed": .bool(check.parameters != nil), "deadline": .optional(check.parameters?.deadline.rfc3339),
            "sizeClass": check.parameters.map { .integer(Int64($0.sizeClass)) } ?? .null,
            "from": edge(slots?.lowerBound), "until": edge(slots.map { $0.upperBound + 1 }),
            "messages": .array(
                check.messages.map { party, messages in
                    [
                        "party": .string(party.name),
                        "messages": .array(
                            messages.map { message in
                                [
                                    "message": .string(message.message.rawValue), "parts": .integer(Int64(message.parts)),
                                    "here": .integer(Int64(message.records.count)),
                                    "record": .optional(message.records.first?.description),
                                ]
                            }),
                    ]
                }),
            "releasedAt": .optional(check.releasedAt?.rfc3339),
            "finding": check.ending?.finding.map(finding) ?? .null,
            "why": .optional(check.ending.flatMap(why)),
            "plans": .array((check.ending?.plans ?? []).map { .integer(Int64($0)) }),
            "hits": check.ending?.hits.map { .array($0.map { .integer(Int64($0)) }) } ?? .null,
        ]
    }

    private func why(_ ending: PrivateCheckEnding) -> String? {
        guard case .unknown(let doubt) = ending.outcome else { return nil }
        return doubt.sentence
    }

    private func finding(_ finding: CheckFinding) -> JSONValue {
        switch finding {
        case .count(let count): ["count": .integer(Int64(count)), "elements": .null]
        case .elements(let elements):
            [
                "count": .integer(Int64(elements.count)),
                "elements": .array(elements.prefix(View.elementsShown).map(element)),
            ]
        }
    }

    private func element(_ element: CheckElement) -> JSONValue {
        let corners = element.cell.corners
        let ring = (corners + corners.prefix(1)).map { corner -> JSONValue in
            [.number(corner.longitudeDeg), .number(corner.latitudeDeg)]
        }
        return [
            "polygon": ["type": "Polygon", "coordinates": .array([.array(ring)])],
            "lowerFt": .integer(Int64(element.band) * 1_000), "upperFt": .integer((Int64(element.band) + 1) * 1_000),
            "from": .string(UTCInstant(microseconds: element.slot * CheckGrid.slotMicroseconds).rfc3339),
            "until": .string(UTCInstant(microseconds: (element.slot + 1) * CheckGrid.slotMicroseconds).rfc3339),
        ]
    }
}
