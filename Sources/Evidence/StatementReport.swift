import JointLog
import Kernel
import Records

/// A statement of assurance, checked against a bundle that names the parties' keys.
public struct StatementReport: Hashable, Sendable {
    public let statement: AssuranceStatement
    /// In the statement's order.
    public let evidence: [Evidence]

    public struct Evidence: Hashable, Sendable {
        public let log: LogID
        public let size: UInt64
        /// Whether the bundle has a head of this very size: then its root is the same, and its author has signed it.
        public let isInBundle: Bool
    }

    /// - Parameters:
    ///   - note: as a node exports it.
    ///   - bundle: evidence of the same mechanism, checked first.
    ///   - mechanism: as for ``AuditReport/checking(_:mechanism:)``.
    /// - Throws: for the bundle ``BundleRejection``; for the note ``StatementRejection``.
    public static func checking(_ note: [UInt8], against bundle: [UInt8], mechanism: MechanismID?) throws -> StatementReport {
        try StatementReport(note, CheckedBundle(bundle, mechanism: mechanism))
    }

    init(_ bytes: [UInt8], _ bundle: CheckedBundle) throws(StatementRejection) {
        guard let text = String(validating: bytes, as: UTF8.self), let note = SignedNote(encoded: text),
            let statement = AssuranceStatement(text: note.text)
        else { throw .malformed }
        guard statement.mechanism == bundle.terms.mechanism else { throw .otherMechanism(statement.mechanism) }
        guard let party = bundle.terms.party(statement.party), party.role == .principal else {
            throw .notAPrincipal(statement.party)
        }
        guard let own = statement.evidence.first, note.signatures.count == 1,
            bundle.keys.headKeys(around: own.log, size: own.size).contains(where: { publicKey in
                note.signers(among: [AssuranceStatement.key(of: party.id, publicKey: publicKey)]) != nil
            })
        else { throw .signature(party.id) }
        let others = bundle.terms.principals.map(\.id).filter { $0 != party.id }
        guard statement.evidence.dropFirst().map(\.log.party) == others else { throw .incomplete }
        var found: [Evidence] = []
        for one in statement.evidence {
            let heads = bundle.logs.first { $0.id == one.log }?.heads ?? []
            let head = heads.first { $0.checkpoint.size == one.size }
            if let head, head.checkpoint.root != one.root { throw .otherHistory(one.log, size: one.size) }
            found.append(Evidence(log: one.log, size: one.size, isInBundle: head != nil))
        }
        self.statement = statement
        evidence = found
    }
}

/// Why a statement of assurance does not hold.
public enum StatementRejection: Error, Hashable, Sendable {
    case malformed
    case otherMechanism(MechanismID)
    case notAPrincipal(PartyID)
    /// Not signed, by this key alone, with the node key that was in force at the end of the party's log as stated.
    case signature(PartyID)
    /// It does not rest on the log of every other principal, in the order of the terms.
    case incomplete
    /// The bundle shows another root for this size.
    case otherHistory(LogID, size: UInt64)

    public var name: String {
        switch self {
        case .malformed: "malformed"
        case .otherMechanism: "otherMechanism"
        case .notAPrincipal: "notAPrincipal"
        case .signature: "signature"
        case .incomplete: "incomplete"
        case .otherHistory: "otherHistory"
        }
    }

    public var sentence: String {
        switch self {
        case .malformed: "the statement is malformed"
        case .otherMechanism(let found): "the statement belongs to another mechanism, \(found.hex)"
        case .notAPrincipal(let party): "the statement speaks for \(party), which is no principal of the terms"
        case .signature(let party): "the statement is not signed by the node of \(party)"
        case .incomplete: "the statement does not rest on every principal's log"
        case .otherHistory(let log, let size):
            "the statement rests on another history of \(log) than the bundle shows, at \(size) records"
        }
    }
}

extension StatementReport {
    /// For a person.
    public var text: String {
        let subject = statement.subject.map { "notice \($0.notice), version \($0.version)" } ?? "the mechanism"
        var lines = [
            "\(statement.party) stated of \(subject): \(statement.answer.rawValue)",
            "at \(statement.at.rfc3339), by its own clock, and until \(statement.validUntil.rfc3339)",
        ]
        lines += statement.conditions.map { "condition: \($0)" }
        for (stated, found) in zip(statement.evidence, evidence) {
            let heard = stated.heardAt.map { ", heard at \($0.rfc3339)" } ?? ""
            let shown = found.isInBundle ? "a head in this bundle" : "no head of this size in this bundle"
            lines.append("rests on \(stated.size) records of \(stated.log)\(heard): \(shown)")
        }
        lines += statement.gaps.map { "does not cover: \($0)" }
        lines.append(AssuranceStatement.disclaimer)
        return lines.map { $0 + "\n" }.joined()
    }

    public var json: JSONValue {
        [
            "parley": "statement audit v1", "holds": true, "party": .string(statement.party.name),
            "notice": statement.subject.map { .string($0.notice.description) } ?? .null,
            "version": statement.subject.map { .integer(Int64($0.version)) } ?? .null,
            "answer": .string(statement.answer.rawValue), "at": .string(statement.at.rfc3339),
            "validUntil": .string(statement.validUntil.rfc3339),
            "conditions": .array(statement.conditions.map(JSONValue.string)),
            "evidence": .array(
                evidence.map {
                    [
                        "log": .string($0.log.description), "size": .integer(Int64($0.size)),
                        "isInBundle": .bool($0.isInBundle),
                    ]
                }),
            "doesNotCover": .array(statement.gaps.map(JSONValue.string)),
            "disclaimer": .string(AssuranceStatement.disclaimer),
        ]
    }
}
