import JointLog
import Kernel

/// What one principal's node could say of a notice, or of the mechanism, at one moment: that it knew of no conflict,
/// on which evidence and until when. Signed by that node, for whoever has to show later what was known.
///
/// It is neither permission nor immunity, and says so in its own text.
public struct AssuranceStatement: Hashable, Sendable {
    /// Only these two can be stated; of the others there is nothing to show.
    public enum Answer: String, Hashable, Sendable, CaseIterable {
        case clear = "NO KNOWN CONFLICT"
        case conditions = "NO KNOWN CONFLICT UNDER CONDITIONS"
    }

    public struct Subject: Hashable, Sendable {
        public let notice: NoticeID
        /// From 1.
        public let version: UInt64
        /// The record that holds this version.
        public let record: RecordID

        public init(notice: NoticeID, version: UInt64, record: RecordID) {
            self.notice = notice
            self.version = version
            self.record = record
        }
    }

    /// A log up to a size, as the signing node held it.
    public struct Evidence: Hashable, Sendable {
        public let log: LogID
        public let size: UInt64
        /// Of the tree of `size` leaves.
        public let root: Hash32
        /// When its party's node was last asked what it holds and answered, by the signing node's clock; `nil` for
        /// the signing party's own log.
        public let heardAt: UTCInstant?

        public init(log: LogID, size: UInt64, root: Hash32, heardAt: UTCInstant?) {
            self.log = log
            self.size = size
            self.root = root
            self.heardAt = heardAt
        }
    }

    public let mechanism: MechanismID
    public let party: PartyID
    /// `nil` for the mechanism as a whole.
    public let subject: Subject?
    public let answer: Answer
    /// By the signing node's clock.
    public let at: UTCInstant
    /// From when on the node would have answered UNKNOWN, had it heard nothing more.
    public let validUntil: UTCInstant
    /// As both sides signed them; some for ``Answer/conditions``, none otherwise.
    public let conditions: [String]
    /// The signing party's own log first, then every other principal's.
    public let evidence: [Evidence]
    /// What the answer does not cover, in sentences.
    public let gaps: [String]

    /// - Returns: `nil` when the parts do not make a statement: conditions without agreement or the reverse, an end
    ///   before its beginning, or evidence that does not begin with the party's own log.
    public init?(
        mechanism: MechanismID, party: PartyID, subject: Subject?, answer: Answer, at: UTCInstant,
        validUntil: UTCInstant, conditions: [String], evidence: [Evidence], gaps: [String]
    ) {
        guard conditions.isEmpty == (answer == .clear), at <= validUntil, let own = evidence.first, own.log.party == party,
            own.heardAt == nil, evidence.count > 1, evidence.dropFirst().allSatisfy({ $0.heardAt != nil })
        else { return nil }
        self.mechanism = mechanism
        self.party = party
        self.subject = subject
        self.answer = answer
        self.at = at
        self.validUntil = validUntil
        self.conditions = conditions
        self.evidence = evidence
        self.gaps = gaps
    }

    /// Stands in every statement, and is signed with it.
    public static let disclaimer = "This is neither permission nor immunity: it says what one node knew, and for how long."

    /// The name of the key that signs: as in cosignatures, of the node's Ed25519 key.
    public static func key(of party: PartyID, publicKey: Hash32) -> NoteKey {
        NoteKey(name: "parley/\(party.name)", algorithm: .ed25519, publicKey: publicKey)
    }

    /// - Parameter sign: signs bytes with the node's key.
    public func note(publicKey: Hash32, sign: ([UInt8]) -> [UInt8]) -> SignedNote {
        SignedNote(
            text: text,
            signatures: [AssuranceStatement.key(of: party, publicKey: publicKey).signing(text, sign: sign)])
    }
}

extension AssuranceStatement {
    /// Longest text in UTF-8 bytes.
    public static let longestBytes = 64 * 1024

    private static let title = "parley assurance v1"

    /// The signed text: one field a line, each ended by a newline; what people wrote as JSON strings.
    public var text: String {
        var lines = [
            AssuranceStatement.title, "mechanism \(mechanism.hex)", "party \(party.name)",
            "notice \(subject.map { "\($0.notice) \($0.version) \($0.record)" } ?? "-")", "answer \(answer.rawValue)",
            "at \(at.rfc3339)", "until \(validUntil.rfc3339)",
        ]
        lines += conditions.map { "condition \(JSONValue.string($0).text)" }
        lines += evidence.map { "evidence \($0.log) \($0.size) \($0.root.hex) \($0.heardAt?.rfc3339 ?? "-")" }
        lines += gaps.map { "uncovered \(JSONValue.string($0).text)" }
        lines.append(AssuranceStatement.disclaimer)
        return lines.map { $0 + "\n" }.joined()
    }

    /// - Returns: `nil` unless ``text`` would write the same bytes.
    public init?(text: String) {
        guard text.utf8.count <= AssuranceStatement.longestBytes else { return nil }
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard parts.last == "", parts.dropLast().last.map(String.init) == AssuranceStatement.disclaimer,
            parts.first.map(String.init) == AssuranceStatement.title
        else { return nil }
        var lines = parts.dropFirst().dropLast(2)
        func value(_ name: String) -> String? {
            guard let line = lines.first, line.hasPrefix(name + " ") else { return nil }
            lines.removeFirst()
            return String(line.dropFirst(name.count + 1))
        }
        func words(_ name: String) -> [String]? {
            var found: [String] = []
            while let line = value(name) {
                guard case .string(let words)? = try? StrictJSON.read(
                    Array(line.utf8), limit: AssuranceStatement.longestBytes)
                else { return nil }
                found.append(words)
            }
            return found
        }
        guard let mechanism = value("mechanism").flatMap(Hash32.init(hex:)), let party = value("party").flatMap(PartyID.init),
            let notice = value("notice"), let answer = value("answer").flatMap(Answer.init),
            let at = value("at").flatMap(UTCInstant.init(rfc3339:)),
            let until = value("until").flatMap(UTCInstant.init(rfc3339:)), let conditions = words("condition")
        else { return nil }
        var evidence: [Evidence] = []
        while let line = value("evidence") {
            guard let one = Evidence(line: line) else { return nil }
            evidence.append(one)
        }
        guard let gaps = words("uncovered"), lines.isEmpty else { return nil }
        let subject = Subject(line: notice)
        guard subject != nil || notice == "-" else { return nil }
        self.init(
            mechanism: mechanism, party: party, subject: subject, answer: answer, at: at, validUntil: until,
            conditions: conditions, evidence: evidence, gaps: gaps)
        guard Array(self.text.utf8) == Array(text.utf8) else { return nil }
    }
}

extension AssuranceStatement.Subject {
    fileprivate init?(line: String) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, let notice = NoticeID(words[0]), let version = UInt64(words[1]),
            (1...Limits.largestInteger).contains(version), let record = RecordID(words[2])
        else { return nil }
        self.init(notice: notice, version: version, record: record)
    }
}

extension AssuranceStatement.Evidence {
    fileprivate init?(line: String) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, let log = LogID(words[0]), let size = UInt64(words[1]), size <= Limits.largestInteger,
            let root = Hash32(hex: words[2])
        else { return nil }
        let heard = UTCInstant(rfc3339: words[3])
        guard heard != nil || words[3] == "-" else { return nil }
        self.init(log: log, size: size, root: root, heardAt: heard)
    }
}
