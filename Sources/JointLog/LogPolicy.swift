import Kernel

/// Which logs are known, and whose cosignatures make a checkpoint acceptable: C2SP `tlog-policy`.
public struct LogPolicy: Hashable, Sendable {
    public struct Log: Hashable, Sendable {
        /// Its name is the log's origin.
        public let key: VerifierKey
        public let url: String?

        public init(key: VerifierKey, url: String? = nil) {
            self.key = key
            self.url = url
        }
    }

    public struct Witness: Hashable, Sendable {
        /// In this policy only.
        public let name: String
        public let key: VerifierKey
        public let url: String?

        public init(name: String, key: VerifierKey, url: String? = nil) {
            self.name = name
            self.key = key
            self.url = url
        }
    }

    public struct Group: Hashable, Sendable {
        public let name: String
        public let threshold: Threshold
        /// Names of witnesses and groups before this one.
        public let members: [String]

        public init(name: String, threshold: Threshold, members: [String]) {
            self.name = name
            self.threshold = threshold
            self.members = members
        }

        /// How many members have to witness a checkpoint.
        var needed: Int {
            switch threshold {
            case .any: 1
            case .all: members.count
            case .atLeast(let count): count
            }
        }
    }

    public enum Threshold: Hashable, Sendable {
        case any
        case all
        case atLeast(Int)
    }

    /// Logs, witnesses or groups of one policy; the specification recommends at least 32 of each.
    public static let mostOfEach = 256
    /// The quorum that needs no cosignature.
    public static let noQuorum = "none"

    public let logs: [Log]
    public let witnesses: [Witness]
    public let groups: [Group]
    /// Name of a witness or group, or ``noQuorum``.
    public let quorum: String

    /// - Returns: `nil` when a name is missing, used twice, not allowed or not defined before its use; a key stands
    ///   there twice or is of a type that the specification gives to the other role; a witness or group is in two
    ///   groups; a threshold is outside 1 ... members; or there are too many.
    public init?(logs: [Log], witnesses: [Witness], groups: [Group], quorum: String) {
        self.logs = logs
        self.witnesses = witnesses
        self.groups = groups
        self.quorum = quorum
        let urls = logs.map(\.url) + witnesses.map(\.url)
        guard max(logs.count, witnesses.count, groups.count) <= LogPolicy.mostOfEach, hasUsableKeys, hasUsableNames,
            urls.allSatisfy({ $0.map(LogPolicy.isWord) != false })
        else { return nil }
    }

    /// Keys are the same when their public keys are, whatever name or type they have. A log's key signs notes; a
    /// witness's cosigns them.
    private var hasUsableKeys: Bool {
        let logKeys = logs.map { Array($0.key.material.dropFirst()) }
        let witnessKeys = witnesses.map { Array($0.key.material.dropFirst()) }
        return logKeys.hasNoRepetition && witnessKeys.hasNoRepetition
            && logs.allSatisfy { $0.key.type != NoteKey.Algorithm.cosignature.rawValue }
            && witnesses.allSatisfy { $0.key.type != NoteKey.Algorithm.ed25519.rawValue }
            && (logs.map(\.key.name) + witnesses.map(\.key.name)).allSatisfy(LogPolicy.isWord)
    }

    private var hasUsableNames: Bool {
        var defined = witnesses.map { Array($0.name.utf8) }
        var used: [[UInt8]] = []
        for group in groups {
            let members = group.members.map { Array($0.utf8) }
            guard (1...(2 * LogPolicy.mostOfEach)).contains(members.count),
                (1...members.count).contains(group.needed), members.allSatisfy(defined.contains)
            else { return false }
            used += members
            defined.append(Array(group.name.utf8))
        }
        let names = witnesses.map(\.name) + groups.map(\.name)
        return defined.hasNoRepetition && used.hasNoRepetition
            && names.allSatisfy { LogPolicy.isWord($0) && !$0.hasSameBytes(as: LogPolicy.noQuorum) }
            && (quorum.hasSameBytes(as: LogPolicy.noQuorum) || defined.contains(Array(quorum.utf8)))
    }

    /// One item of a line.
    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}

extension Array where Element == [UInt8] {
    fileprivate var hasNoRepetition: Bool { SortedSet(map { $0.hex }).count == count }
}
