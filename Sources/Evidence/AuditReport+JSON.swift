import JointLog
import Kernel
import Records

extension AuditReport {
    /// For programs. Times are RFC 3339 UTC, hashes hexadecimal, records `turkiye-4`.
    public var json: JSONValue {
        [
            "parley": "audit v1", "holds": true, "mechanism": .string(mechanism.hex),
            "mechanismGiven": .bool(isMechanismGiven), "terms": .string(termsName),
            "parties": .array(parties.map { .string($0.name) }),
            "principals": .array(principals.map { .string($0.name) }),
            "exported": .string(exported.rfc3339), "by": .string(exporter.name), "complete": .bool(isComplete),
            "logs": .array(logs.map(\.json)), "keyChanges": .array(keyChanges.map(\.json)),
            "forks": .array(forks.map(\.json)),
            "contradictions": .array(contradictions.map { .string($0.sentence) }),
            "records": .array(entries.map(\.json)), "timeline": .array(timeline.map(\.json)),
            "notices": .array(notices.map(\.json)),
        ]
    }
}

extension Checkpoint {
    fileprivate var headJSON: JSONValue { ["size": .integer(Int64(size)), "root": .string(root.hex)] }
}

extension AuditReport.Log {
    fileprivate var json: JSONValue {
        [
            "log": .string(id.description), "newest": newest.headJSON, "heads": .integer(Int64(heads)),
            "records": .integer(Int64(records)), "cosigned": .array(cosigned.map(\.json)),
            "postQuantumHeads": .integer(Int64(postQuantumHeads)),
        ]
    }
}

extension AuditReport.Cosigned {
    fileprivate var json: JSONValue {
        [
            "log": .string(log.description), "holder": .string(holder.name), "time": .string(time.rfc3339), "size": .integer(Int64(size)),
            "keyRevoked": .bool(isKeyRevoked),
        ]
    }
}

extension AuditReport.KeyChange {
    fileprivate var json: JSONValue {
        [
            "log": .string(log.description), "sequence": .integer(Int64(sequence)), "from": .integer(Int64(from)),
            "reason": .string(reason), "old": .string(old.hex), "new": .string(new.hex),
        ]
    }
}

extension AuditReport.Fork {
    fileprivate var json: JSONValue {
        ["log": .string(log.description), "first": first.headJSON, "second": second.headJSON]
    }
}

extension AuditReport.Entry {
    fileprivate var json: JSONValue {
        var members: [JSONMember] = [
            JSONMember("record", .string(place.description)),
            JSONMember("audience", .array(header.audience.map { .string($0.name) })),
            JSONMember("claimed", claimed.map { .string($0.rfc3339) } ?? .null),
            JSONMember("held", .array(bracket.held.map(\.json))),
            JSONMember("lacked", .array(bracket.lacked.map(\.json))),
            JSONMember("citedLacked", .array(bracket.cited.map(\.json))),
            JSONMember("notBefore", bracket.notBefore?.json ?? .null),
            JSONMember("notAfter", bracket.notAfter?.json ?? .null),
            JSONMember("cites", .array(header.seen.map(\.json))),
        ]
        switch body {
        case .withheld: members.append(JSONMember("body", "withheld"))
        case .unreadable(let sentence):
            members += [JSONMember("body", "unreadable"), JSONMember("reason", .string(sentence))]
        case .open(let body): members += [JSONMember("body", "open"), JSONMember("content", body.json)]
        }
        return .object(members)
    }
}

extension RecordHeader.SeenHead {
    fileprivate var json: JSONValue {
        ["party": .string(party.name), "size": .integer(Int64(size)), "root": .string(root.hex)]
    }
}

extension AuditReport.TimelineRow {
    fileprivate var json: JSONValue {
        [
            "record": .string(place.description), "group": .integer(Int64(group)),
            "concurrent": .array(
                concurrent.map {
                    [
                        "log": .string($0.log.description), "first": .integer(Int64($0.first)),
                        "last": .integer(Int64($0.last)),
                    ]
                }),
        ]
    }
}

extension NoticeHistory {
    fileprivate var json: JSONValue {
        [
            "notice": .string(notice.description), "versions": .array(versions.map(\.json)),
            "findings": .array(
                findings.map {
                    [
                        "by": $0.by.json, "conflict": .string($0.finding.conflict.hex), "first": $0.finding.first.json,
                        "second": $0.finding.second.json, "proven": .bool($0.finding.proven),
                    ]
                }),
            "positions": .array(
                positions.map {
                    [
                        "by": $0.by.json, "conflict": .string($0.position.conflict.hex),
                        "stance": .string($0.position.stance.rawValue),
                        "conditions": .array($0.position.conditions.map { .string($0) }),
                    ]
                }),
            "ends": .array(
                ends.map {
                    [
                        "by": $0.by.json, "version": .integer(Int64($0.version)),
                        "reason": .string($0.reason.rawValue),
                    ]
                }),
        ]
    }
}

extension NoticeHistory.Version {
    fileprivate var json: JSONValue {
        [
            "version": .integer(Int64(version)), "mode": .string(mode.rawValue), "kind": .string(content.kind.name),
            "filed": filed.json, "receipted": .array(receipts.map(\.json)),
            "lodged": .array(
                lodged.map {
                    [
                        "by": $0.by.json, "silent": .string($0.silent.name), "attempts": .integer(Int64($0.attempts)),
                    ]
                }),
            "evaluated": .array(evaluated.map { ["by": $0.by.json, "exception": .bool($0.isException)] }),
            "acknowledged": .array(acknowledged.map { ["by": $0.by.json, "readBack": $0.readBack.json] }),
        ]
    }
}

extension NoticeHistory.Statement {
    fileprivate var json: JSONValue {
        [
            "record": .string(place.description), "claimed": .string(claimed.rfc3339),
            "officer": officer.map { .string($0) } ?? .null, "attestedBy": .string(attestedBy.name),
        ]
    }
}
