import Geodesy
import Kernel
import Mechanism
import NodeRuntime
import Notation
import Records

/// The desk's JSON of committed state, at one moment.
struct View {
    let mechanism: Mechanism
    let now: Now

    static let disclaimer = "A notice is neither permission nor immunity."

    func wall(_ instant: MonotonicInstant) -> UTCInstant {
        now.utc.advanced(by: instant.duration(since: now.monotonic))
    }

    func status() -> JSONValue {
        let terms = mechanism.terms
        let own = terms.party(mechanism.party)
        return [
            "party": [
                "id": .string(mechanism.party.name), "name": .string(own?.name ?? ""),
                "role": .string(mechanism.role.rawValue),
            ],
            "mechanism": [
                "id": .string(terms.mechanism.hex), "name": .string(terms.name),
                "termsVersion": .integer(Int64(terms.version)), "termsFingerprint": .string(terms.fingerprint.hex),
            ],
            "utc": .string(now.utc.rfc3339),
            "clockScale": .integer(Int64(ClockScale.ofThisProcess?.factor ?? 1)),
            "parties": .array(
                terms.parties.map {
                    ["id": .string($0.id.name), "name": .string($0.name), "role": .string($0.role.rawValue)]
                }),
            "links": .array(links()),
            "assurance": assurance(mechanism.assurance(now: now)),
            "suspended": .bool(mechanism.suspendedBy.contains(mechanism.party)),
            "signing": .string(signing),
            "alarms": [
                "ringing": .integer(Int64(mechanism.alarms.values.count { $0.state == .ringing }))
            ],
            "disclaimer": .string(View.disclaimer),
        ]
    }

    private var signing: String {
        if mechanism.ownLog.fork != nil { return "frozen" }
        return switch mechanism.signing {
        case .confirmed: "confirmed"
        case .unconfirmed: "unconfirmed"
        case .behind: "behind"
        }
    }

    /// What a snapshot has beside its long lists, which are ``SnapshotLists``.
    ///
    /// - Parameter stops: of the STOP path, which stands beside the mechanism.
    func snapshotHead(stops: [JSONValue]) -> [JSONMember] {
        [
            JSONMember("stops", .array(stops)),
            JSONMember(
                "calls", .array(mechanism.openCalls.compactMap { mechanism.calls.messages[$0.id] }.map(call))),
            JSONMember(
                "presence", .array(mechanism.openCalls.compactMap { mechanism.calls.presence[$0.id] }.map(presence))),
            JSONMember("watch", watch()), JSONMember("status", status()),
        ]
    }

    // MARK: Notices

    func notice(_ notice: Notice) -> JSONValue {
        var members = [
            JSONMember("id", .string(notice.id.description)), JSONMember("owner", .string(notice.owner.name)),
            JSONMember("version", .integer(Int64(notice.version))), JSONMember("mode", .string(notice.mode.rawValue)),
            JSONMember("kind", .string(notice.fields.kind.name)),
            JSONMember("onBehalfOf", .optional(notice.fields.onBehalfOf)),
            JSONMember("volumes", .array(notice.fields.volumes.map(\.json))),
            JSONMember("contact", .string(notice.fields.contact)),
            JSONMember("remarks", .optional(notice.fields.remarks)),
            JSONMember("reviewBy", .optional(notice.fields.reviewBy?.rfc3339)),
            JSONMember("status", .string(notice.status.rawValue)),
            JSONMember("flags", .array(notice.flags.map { .string($0.rawValue) })),
            JSONMember("precedence", .string(notice.precedence.rawValue)),
            JSONMember("filedAt", .string(notice.filedAt.rfc3339)),
            JSONMember("createdAt", .string(notice.createdAt.rfc3339)),
            JSONMember("officer", .optional(notice.officer)), JSONMember("record", .string(notice.record.description)),
            JSONMember("audience", .array(notice.audience.map { .string($0.name) })),
        ]
        members.append(JSONMember("facts", .array(notice.facts.map { facts($0.key, $0.value) })))
        // Who is not named has not said that any of its units has it.
        members.append(JSONMember("passedOn", .array(notice.passedOn.map { passedOn($0.key, $0.value) })))
        members.append(JSONMember("readBacks", .array(notice.readBacks.map(readBack))))
        let ended: JSONValue =
            notice.ended.map { ["reason": .string($0.reason.rawValue), "at": .string($0.at.rfc3339)] } ?? .null
        members.append(JSONMember("ended", ended))
        members.append(JSONMember("conflicts", .array(notice.conflicts.map { .string($0.hex) })))
        members.append(JSONMember("referencePosition", position(notice.content.firstVolume.volume.footprint.referencePoint)))
        let answer = mechanism.assurance(of: notice.id, now: now)?.answer ?? .unknown
        members.append(JSONMember("assurance", .string(answer.rawValue)))
        return .object(members)
    }

    private func facts(_ party: PartyID, _ facts: DeliveryFacts) -> JSONValue {
        [
            "party": .string(party.name), "receiptedAt": .optional(facts.receiptedAt?.rfc3339),
            "lodgedAt": .optional(facts.lodgedAt?.rfc3339), "lodgedWith": .optional(facts.lodgedWith?.name),
            "evaluatedAt": .optional(facts.evaluatedAt?.rfc3339),
            "acknowledgedAt": .optional(facts.acknowledgedAt?.rfc3339),
            "acknowledgedBy": .optional(facts.acknowledgedBy), "attestedBy": .string(party.name),
        ]
    }

    private func readBack(_ fact: ReadBackFact) -> JSONValue {
        [
            "party": .string(fact.party.name), "officer": .optional(fact.officer), "at": .string(fact.at.rfc3339),
            "version": .integer(Int64(fact.version)), "accepted": .bool(fact.mismatches.isEmpty),
            "mismatches": .array(fact.mismatches.map { .string($0.rawValue) }),
        ]
    }

    func position(_ position: Position) -> JSONValue {
        ["position": position.json, "notations": View.notations(position)]
    }

    static func notations(_ position: Position) -> JSONValue {
        .object(
            CoordinateNotation.allCases.map {
                JSONMember($0.rawValue, .string(CoordinateText.format(position, as: $0)))
            })
    }

    // MARK: Alarms and links

    func alarm(_ alarm: Alarm) -> JSONValue {
        [
            "id": .string(alarm.id), "kind": .string(alarm.kind.rawValue),
            "card": .string(alarm.kind.card.rawValue),
            "precedence": .string(alarm.precedence.rawValue), "subject": .string(alarm.subject),
            "party": .optional(alarm.party?.name), "raisedAt": .string(alarm.raisedAt.rfc3339),
            "rangAt": .string(alarm.rangAt.rfc3339), "dueAt": .optional(alarm.dueUTC?.rfc3339),
            "rung": .integer(Int64(alarm.rung)),
            "roles": .array(alarm.roles.map { .string($0.rawValue) }), "state": .string(alarm.state.rawValue),
            "acknowledgedBy": .optional(alarm.acknowledgedBy), "sentence": .string(alarm.sentence),
        ]
    }

    func links() -> [JSONValue] { mechanism.links.values.map(link) }

    func link(_ link: Link) -> JSONValue {
        let log = mechanism.logs[link.party]
        let name = mechanism.terms.party(link.party)?.name ?? link.party.name
        return [
            "party": .string(link.party.name), "name": .string(name), "state": .string(link.state.rawValue),
            "lastHeardS": link.freshAt.map { .number(now.monotonic.duration(since: $0).inSeconds) } ?? .null,
            "holdsOfOurs": .integer(Int64(link.receipted)), "ourSize": .integer(Int64(mechanism.ownLog.size)),
            "holdsOfTheirs": .integer(Int64(log?.size ?? 0)),
            "theirSize": link.answer.map { .integer(Int64(max($0.logSize, log?.size ?? 0))) } ?? .null,
            "clockDifferenceS": link.clockDifference.map { .number($0.inSeconds) } ?? .null,
            "withheld": .integer(Int64(log?.withheld ?? 0)),
        ]
    }
}
