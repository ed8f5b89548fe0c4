import JointLog
import Kernel

/// Proposes a next version of the terms; changes nothing until every party has accepted it and its time has
/// come.
public struct TermsProposal: Hashable, Sendable {
    /// The file, exactly.
    public let terms: String

    public init(terms: String) { self.terms = terms }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        terms = try reader.string("terms", limit: Limits.termsBytes)
    }

    var json: JSONValue { ["terms": .string(terms)] }
}

/// Index 0 of every log, and one for each later version: this party accepts these terms.
public struct TermsAcceptance: Hashable, Sendable {
    public let fingerprint: Hash32
    /// The file, exactly.
    public let terms: String
    /// The ML-DSA-65 public key, 1,952 bytes, whose hash the terms give for the author; the terms hold the hash only
    /// because sixteen such keys would not fit a record.
    public let postQuantumKey: [UInt8]?

    public static let postQuantumKeyBytes = 1_952

    public init(fingerprint: Hash32, terms: String, postQuantumKey: [UInt8]? = nil) {
        self.fingerprint = fingerprint
        self.terms = terms
        self.postQuantumKey = postQuantumKey
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        fingerprint = try reader.hash("fingerprint")
        terms = try reader.string("terms", limit: Limits.termsBytes)
        guard let text = try reader.optionalString("postQuantumKey", limit: 4_096) else {
            postQuantumKey = nil
            return
        }
        guard let key = [UInt8](base64: text), key.count == TermsAcceptance.postQuantumKeyBytes else {
            throw reader.rejection(
                "postQuantumKey", .notAllowed(rule: "an ML-DSA-65 public key, 1952 bytes in base64"))
        }
        postQuantumKey = key
    }

    /// Whether the acceptance carries exactly the key that the terms promise of its author, or none where they
    /// promise none.
    public func carriesKey(of author: TermsParty) -> Bool {
        postQuantumKey.map(MerkleHash.sha256) == author.postQuantumKeyHash
    }

    var json: JSONValue {
        var members = [JSONMember("fingerprint", .string(fingerprint.hex)), JSONMember("terms", .string(terms))]
        if let postQuantumKey { members.append(JSONMember("postQuantumKey", .string(postQuantumKey.base64))) }
        return .object(members)
    }
}

/// The author's node has opened and judged another party's records below `size`, with these exceptions.
public struct Evaluated: Hashable, Sendable {
    public let party: PartyID
    public let size: UInt64
    /// Indices of records that were addressed to the author and could not be opened or understood.
    public let unreadable: [LogIndex]

    public init(party: PartyID, size: UInt64, unreadable: [LogIndex]) {
        self.party = party
        self.size = size
        self.unreadable = unreadable
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        party = try reader.party("party")
        size = UInt64(try reader.integer("size", in: 0...Int64(Limits.largestInteger)))
        var unreadable: [LogIndex] = []
        for element in try reader.array("unreadable", count: 0...1_000) {
            guard case .integer(let index) = element, index >= 0, unreadable.last.map({ $0 < UInt64(index) }) ?? true
            else { throw reader.rejection("unreadable", .notAllowed(rule: "rising indices")) }
            unreadable.append(UInt64(index))
        }
        self.unreadable = unreadable
    }

    var json: JSONValue {
        [
            "party": .string(party.name), "size": .integer(Int64(size)),
            "unreadable": .array(unreadable.map { .integer(Int64($0)) }),
        ]
    }
}

/// How a link to another party stands, as its observer sees it; these words are never confused.
public enum LinkState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Fresh, both ways.
    case up
    /// A heartbeat is overdue, the evidence is not yet stale.
    case late
    /// Nothing fresh within `staleAfter`.
    case down
    /// Its node answers; no officer has acted there within the terms' time.
    case unstaffed
    /// Its node answers, and does not take our records.
    case notReceipting
    /// It has suspended the mechanism.
    case suspended
}

/// The author's view of its link to another party changed.
public struct LinkChange: Hashable, Sendable {
    public let party: PartyID
    public let state: LinkState

    public init(party: PartyID, state: LinkState) {
        self.party = party
        self.state = state
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        party = try reader.party("party")
        state = try reader.word("state", LinkState.self)
    }

    var json: JSONValue { ["party": .string(party.name), "state": .string(state.rawValue)] }
}

/// The author suspends the mechanism, or resumes it. STOP, heartbeats and reports of entry go on.
public struct Suspension: Hashable, Sendable {
    public let suspended: Bool
    public let reason: String?

    public init(suspended: Bool, reason: String?) {
        self.suspended = suspended
        self.reason = reason
    }

    init(_ reader: inout FieldReader) throws(FieldRejection) {
        suspended = try reader.bool("suspended")
        reason = try reader.optionalString("reason")
    }

    var json: JSONValue { ["suspended": .bool(suspended), "reason": reason.map(JSONValue.string) ?? .null] }
}
