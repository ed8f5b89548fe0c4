import Evidence
import JointLog
import Kernel
import Testing

@Suite("Archive of a bundle")
struct BundleArchiveTests {
    private let files = [
        BundleArchive.File(path: "manifest", bytes: Array("first\n".utf8)),
        BundleArchive.File(path: "policy", bytes: Array(repeating: UInt8(ascii: "0"), count: 599) + Array("7".utf8)),
    ]

    /// `tar --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644 -b1 -cf`, GNU tar 1.34.
    @Test("it is the archive that GNU tar makes of the same files")
    func isGNUTar() throws {
        let bytes = try BundleArchive(files: files).encoded()
        #expect(bytes.count == 3_584)
        #expect(
            MerkleHash.sha256(bytes).hex == "85af3512f73a8c3d545826d757531e27996fe08408fd04b3e33031e13fa1f2bd")
        #expect(try BundleArchive(bytes).files == files)
    }

    @Test("nothing of a header, of padding or of the end can differ")
    func everyBit() throws {
        let bytes = try BundleArchive(files: files).encoded()
        let contents = [512..<518, 1_536..<2_136]
        for i in bytes.indices where !contents.contains(where: { $0.contains(i) }) {
            var changed = bytes
            changed[i] ^= 1 << UInt8(i % 8)
            // Not even another name or size: the header's sum would differ too.
            #expect(throws: BundleRejection.self) { try BundleArchive(changed) }
        }
    }

    @Test("a cut or lengthened archive is refused")
    func length() throws {
        let bytes = try BundleArchive(files: files).encoded()
        for count in bytes.indices where count % 64 == 0 || count > bytes.count - 4 {
            #expect(throws: BundleRejection.self) { try BundleArchive(Array(bytes.prefix(count))) }
        }
        for tail in [1, 511, 512, 1_024, 6_656] {
            #expect(throws: BundleRejection.self) { try BundleArchive(bytes + [UInt8](repeating: 0, count: tail)) }
        }
    }

    @Test("a name that the header cannot hold is refused instead of cut")
    func longName() {
        let name = String(repeating: "a", count: BundleLimits.pathBytes - BundleArchive.folder.utf8.count)
        #expect(throws: Never.self) { try BundleArchive(files: [.init(path: name, bytes: [])]).encoded() }
        #expect(throws: BundleRejection.self) { try BundleArchive(files: [.init(path: name + "a", bytes: [])]).encoded() }
    }

    @Test("a file beyond its limit is refused by its name")
    func largeFile() throws {
        let large = BundleArchive.File(path: "policy", bytes: [UInt8](repeating: 0, count: BundleLimits.fileBytes + 1))
        let bytes = try BundleArchive(files: [large]).encoded()
        #expect(refusal(bytes, mechanism: nil) == "tooLarge policy")
    }

    @Test("every path of a bundle has one spelling")
    func paths() {
        for path in [
            "README.txt", "terms.json", "policy", "statements/israel-1", "keys/israel.ml-dsa-65",
            "logs/israel/heads/0000000000000007", "logs/israel.2/heads/0000000000000007.consistency",
            "logs/israel/records/0000000000000000.salt", "forks/israel-1", "forks/israel.1-12",
        ] { #expect(BundlePath(path)?.path == path) }
        for path in [
            "", "/", "manifest", "readme.txt", "logs", "logs/israel", "logs/israel/heads/7", "logs/israel.0/heads/0000000000000007",
            "logs/israel/records/+000000000000000.salt", "logs/israel/records/0000000000000000.txt", "forks/israel-0",
            "forks/israel-01", "statements/israel.1-1", "keys/Israel.ml-dsa-65", "logs/../heads/0000000000000007",
            "logs/israel/heads/99999999999999999999", "policy/", "logs/israel/records/0000000000000000.header.header",
        ] { #expect(BundlePath(path) == nil, "\(path)") }
    }
}
