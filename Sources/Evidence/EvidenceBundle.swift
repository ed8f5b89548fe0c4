import JointLog
import Kernel
import Records

/// The files of a bundle, sorted by what they are; nothing but their names and the manifest's list is checked yet.
struct EvidenceBundle: Sendable {
    let manifest: BundleManifest
    let manifestSignature: [UInt8]
    let readme: [UInt8]
    let terms: [UInt8]
    let policy: [UInt8]
    /// In order of party and sequence.
    let statements: [(party: PartyID, sequence: UInt64, note: [UInt8])]
    let postQuantumKeys: SortedMap<PartyID, [UInt8]>
    let logs: SortedMap<LogID, LogFiles>
    let forks: [(log: LogID, number: UInt64, text: [UInt8])]

    struct LogFiles: Sendable {
        var heads = SortedMap<UInt64, [UInt8]>()
        var consistency = SortedMap<UInt64, [UInt8]>()
        var records = SortedMap<LogIndex, RecordFiles>()
    }

    struct RecordFiles: Sendable {
        var parts = SortedMap<BundlePath.RecordPart, [UInt8]>()
    }

    init(_ archive: BundleArchive) throws(BundleRejection) {
        guard let first = archive.files.first, first.path == BundlePath.manifest else {
            throw BundleRejection(BundlePath.manifest, .missingFile)
        }
        guard let (manifest, signature) = BundleManifest.reading(first.bytes) else {
            throw BundleRejection(BundlePath.manifest, .malformed)
        }
        let files = Array(archive.files.dropFirst())
        try EvidenceBundle.requireListed(files, in: manifest)
        self.manifest = manifest
        manifestSignature = signature

        var single = SortedMap<String, [UInt8]>()
        var statements = SortedMap<RecordID, [UInt8]>()
        var keys = SortedMap<PartyID, [UInt8]>()
        var logs = SortedMap<LogID, LogFiles>()
        var forks: [(LogID, UInt64, [UInt8])] = []
        for file in files {
            guard let path = BundlePath(file.path) else { throw BundleRejection(file.path, .unknownFile) }
            switch path {
            case .readme, .terms, .policy: single[file.path] = file.bytes
            case .statement(let party, let sequence): statements[RecordID(party: party, index: sequence)] = file.bytes
            case .postQuantumKey(let party): keys[party] = file.bytes
            case .head(let log, let size): logs[log, default: LogFiles()].heads[size] = file.bytes
            case .consistency(let log, let size): logs[log, default: LogFiles()].consistency[size] = file.bytes
            case .record(let log, let index, let part):
                logs[log, default: LogFiles()].records[index, default: RecordFiles()].parts[part] = file.bytes
            case .fork(let log, let number): forks.append((log, number, file.bytes))
            }
        }
        guard statements.count <= BundleLimits.statements else {
            throw BundleRejection("statements", .tooLarge(limit: BundleLimits.statements))
        }
        guard forks.count <= BundleLimits.forks else {
            throw BundleRejection("forks", .tooLarge(limit: BundleLimits.forks))
        }
        func required(_ path: BundlePath) throws(BundleRejection) -> [UInt8] {
            guard let bytes = single[path.path] else { throw BundleRejection(path.path, .missingFile) }
            return bytes
        }
        readme = try required(.readme)
        terms = try required(.terms)
        policy = try required(.policy)
        self.statements = statements.map { ($0.key.party, $0.key.index, $0.value) }
        postQuantumKeys = keys
        self.logs = logs
        self.forks = forks
    }

    /// The manifest lists exactly these files, in this order, which is that of the paths' bytes.
    private static func requireListed(
        _ files: [BundleArchive.File], in manifest: BundleManifest
    ) throws(BundleRejection) {
        var last = ""
        for (i, file) in files.enumerated() {
            guard i < manifest.lines.count, manifest.lines[i].path.utf8.elementsEqual(file.path.utf8),
                last.utf8.lexicographicallyPrecedes(file.path.utf8)
            else { throw BundleRejection(file.path, .notListed) }
            guard manifest.lines[i].size == file.bytes.count,
                manifest.lines[i].hash == MerkleHash.sha256(file.bytes)
            else { throw BundleRejection(file.path, .notAsSigned) }
            last = file.path
        }
        guard manifest.lines.count == files.count else {
            throw BundleRejection(manifest.lines[files.count].path, .missingFile)
        }
    }
}

extension BundlePath.RecordPart: Comparable {
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
