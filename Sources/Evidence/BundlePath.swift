import Kernel

/// The files that a bundle can hold, by their paths relative to `parley-evidence/`.
public enum BundlePath: Hashable, Sendable {
    case readme
    case terms
    case policy
    /// A note signed by root keys.
    case statement(PartyID, sequence: UInt64)
    case postQuantumKey(PartyID)
    case head(LogID, size: UInt64)
    case consistency(LogID, size: UInt64)
    case record(LogID, LogIndex, RecordPart)
    /// Counts from 1 within its log.
    case fork(LogID, number: UInt64)

    /// The files of one record; the name is the ending.
    public enum RecordPart: String, Hashable, Sendable, CaseIterable {
        case body, header, key, proof, salt, sealed, signature
    }

    public static let manifest = "manifest"

    /// - Returns: `nil` when no file is called so; one file has one path.
    public init?(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let found: BundlePath? =
            switch (parts.count, parts[0]) {
            case (1, "README.txt"): .readme
            case (1, "terms.json"): .terms
            case (1, "policy"): .policy
            case (2, "statements"):
                BundlePath.numbered(parts[1]).flatMap { log, number in
                    log.epoch == 0 ? .statement(log.party, sequence: number) : nil
                }
            case (2, "keys"):
                BundlePath.dropping(".ml-dsa-65", parts[1]).flatMap { PartyID($0) }.map { .postQuantumKey($0) }
            case (2, "forks"): BundlePath.numbered(parts[1]).map { .fork($0, number: $1) }
            case (4, "logs"): BundlePath.inLog(parts)
            default: nil
            }
        guard let found, found.path == path else { return nil }
        self = found
    }

    public var path: String {
        switch self {
        case .readme: "README.txt"
        case .terms: "terms.json"
        case .policy: "policy"
        case .statement(let party, let sequence): "statements/\(party.name)-\(sequence)"
        case .postQuantumKey(let party): "keys/\(party.name).ml-dsa-65"
        case .head(let log, let size): "logs/\(BundlePath.folder(log))/heads/\(BundlePath.digits(size))"
        case .consistency(let log, let size): BundlePath.head(log, size: size).path + ".consistency"
        case .record(let log, let index, let part):
            "logs/\(BundlePath.folder(log))/records/\(BundlePath.digits(index)).\(part.rawValue)"
        case .fork(let log, let number): "forks/\(BundlePath.folder(log))-\(number)"
        }
    }

    /// `turkiye`, or `turkiye.1` in epoch 1: a file's name holds no slash.
    static func folder(_ log: LogID) -> String { log.epoch == 0 ? log.party.name : "\(log.party.name).\(log.epoch)" }

    /// 16 decimal digits, so that the order of bytes is that of numbers.
    static func digits(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }

    private static func inLog(_ parts: [String]) -> BundlePath? {
        guard let log = log(parts[1]) else { return nil }
        if parts[2] == "heads" {
            if let size = dropping(".consistency", parts[3]).flatMap(UInt64.init(_:)) {
                return .consistency(log, size: size)
            }
            return UInt64(parts[3]).map { .head(log, size: $0) }
        }
        guard parts[2] == "records", let dot = parts[3].firstIndex(of: "."), let index = UInt64(parts[3][..<dot]),
            index <= Limits.largestInteger,
            let part = RecordPart(rawValue: String(parts[3][parts[3].index(after: dot)...]))
        else { return nil }
        return .record(log, index, part)
    }

    private static func log(_ folder: String) -> LogID? {
        guard let dot = folder.firstIndex(of: ".") else { return PartyID(folder).map { LogID(party: $0) } }
        guard let party = PartyID(String(folder[..<dot])),
            let epoch = UInt64(folder[folder.index(after: dot)...]), epoch <= Limits.epochs
        else { return nil }
        return LogID(party: party, epoch: epoch)
    }

    private static func numbered(_ name: String) -> (LogID, UInt64)? {
        guard let dash = name.lastIndex(of: "-"), let log = log(String(name[..<dash])),
            let number = UInt64(name[name.index(after: dash)...]), (1...Limits.largestInteger).contains(number)
        else { return nil }
        return (log, number)
    }

    private static func dropping(_ ending: String, _ name: String) -> String? {
        name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : nil
    }
}
