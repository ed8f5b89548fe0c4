
import EvidenceSamples
import JointLog
import Kernel
import Records

@testable import Evidence

/// Bundles of evidence: an inquiry opens what a stranger hands it.
let evidenceTargets: [FuzzTarget] = [
    FuzzTarget("archive", longest: 16_384, words: ["parley-evidence/", "ustar\u{0}00", "manifest"], seeds: { archiveSeeds }) { bytes in
        guard let archive = try? BundleArchive(bytes) else { return }
        let written = try? archive.encoded()
        require(written == bytes, "one list of files has one archive")
        _ = try? AuditReport.checking(bytes, mechanism: nil)
    },
    FuzzTarget("manifest", longest: 16_384, words: ["file ", "mechanism ", "exported ", "by ", "\n\n\u{2014} "], seeds: { manifestSeeds }) {
        if let (manifest, line) = BundleManifest.reading($0) {
            require(manifest.text + [0x0A] + line == $0, "a manifest has one form")
            _ = manifest.isSigned(by: [MerkleHash.empty], line: line)
        }
        guard let text = text($0) else { return }
        if let path = BundlePath(text) { require(path.path.utf8.elementsEqual(text.utf8), "a file has one path") }
    },
    // A real bundle with its files changed, listed and signed anew: behind the manifest, everything is checked.
    FuzzTarget("bundle", longest: 2_048, seeds: { editSeeds }) { bytes in
        var files = sampleBundle.files
        var input = InputBytes(bytes)
        while !input.isEmpty, !files.isEmpty { edit(&files, &input) }
        let listed = files.filter { $0.path != BundlePath.manifest }
        let manifest = BundleManifest(
            mechanism: sampleBundle.terms.mechanism, exported: sampleBundle.exported, exporter: sampleBundle.exporter,
            lines: listed.map { BundleManifest.Line(path: $0.path, size: $0.bytes.count, hash: MerkleHash.sha256($0.bytes)) })
        let signed = manifest.signed(publicKey: sampleBundle.key.publicKey) { sampleBundle.key.sign($0) }
        let archive = BundleArchive(files: [BundleArchive.File(path: BundlePath.manifest, bytes: signed)] + listed)
        guard let encoded = try? archive.encoded() else { return }
        guard let report = try? AuditReport.checking(encoded, mechanism: sampleBundle.terms.mechanism) else { return }
        _ = (report.text, report.json.bytes)
    },
]

private struct SampleFiles: Sendable {
    let files: [BundleArchive.File]
    let terms: Terms
    let exported: UTCInstant
    let exporter: PartyID
    let key: Ed25519PrivateKey
}

/// What Türkiye's node exports of its own log after the founding case. Without the keys of the second signatures, whose
/// check would take nearly all of a run's time.
private let sampleBundle: SampleFiles = {
    let sample = SampleMechanism.foundingCase()
    var contents = sample.contents(by: "turkiye")
    contents.logs.removeAll { $0.id.party.name != "turkiye" }
    contents.postQuantumKeys = SortedMap()
    guard let bytes = try? sample.archive(contents), let archive = try? BundleArchive(bytes) else {
        preconditionFailure("a sample bundle is read")
    }
    return SampleFiles(
        files: archive.files, terms: sample.terms, exported: contents.exported, exporter: contents.exporter,
        key: sample.party("turkiye").node)
}()

/// One change of some files: of a byte, of a run of bytes, of a length, or of which files there are.
private func edit(_ files: inout [BundleArchive.File], _ input: inout InputBytes) {
    let operation = input.byte()
    let place = (Int(input.byte()) << 8 | Int(input.byte())) % files.count
    let file = files[place]
    let offset = file.bytes.isEmpty ? 0 : (Int(input.byte()) << 8 | Int(input.byte())) % file.bytes.count
    var bytes = file.bytes
    switch operation % 8 {
    case 0: if !bytes.isEmpty { bytes[offset] ^= max(input.byte(), 1) }
    case 1: bytes.removeSubrange(offset...)
    case 2: bytes.insert(contentsOf: input.take(Int(input.byte())), at: offset)
    case 3: bytes.replaceSubrange(offset..<min(bytes.count, offset + 4), with: input.take(4))
    case 4:
        files.remove(at: place)
        return
    case 5: bytes = files[Int(input.byte()) % files.count].bytes
    case 6:
        files.swapAt(place, Int(input.byte()) % files.count)
        return
    default: bytes = input.take(Int(input.byte()))
    }
    files[place] = BundleArchive.File(path: file.path, bytes: bytes)
}

private let editSeeds: [[UInt8]] = [[]] + (0..<24).map { [UInt8($0 % 8), 0, UInt8($0), 0, UInt8($0 * 3), 1, 65] }

private let archiveSeeds: [[UInt8]] = {
    let some = BundleArchive(files: [
        BundleArchive.File(path: "manifest", bytes: Array("x".utf8)), BundleArchive.File(path: "README.txt", bytes: []),
        BundleArchive.File(path: "logs/israel/records/0.body", bytes: [UInt8](repeating: 65, count: 513)),
    ])
    let small = sampleBundle.files.filter { $0.bytes.count < 700 }.prefix(4)
    return [try? some.encoded(), try? BundleArchive(files: Array(small)).encoded()].compactMap { $0 }
}()

private let manifestSeeds: [[UInt8]] = {
    let manifest = sampleBundle.files.first { $0.path == BundlePath.manifest }?.bytes ?? []
    return [manifest, Array(manifest.suffix(800))] + sampleBundle.files.prefix(60).map { Array($0.path.utf8) }
}()
