/// A POSIX ustar archive in the one form that bundles have: regular files under `parley-evidence/`, mode 0644,
/// owner 0 without a name, time 0, exactly two zero blocks at the end. One list of files has one archive, and
/// nothing else is read, so that whoever can list the files has seen every byte.
public struct BundleArchive: Hashable, Sendable {
    public struct File: Hashable, Sendable {
        /// Relative to ``folder``.
        public let path: String
        public let bytes: [UInt8]

        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    public static let folder = "parley-evidence/"
    private static let block = 512

    /// In the order in which they stand in the archive.
    public let files: [File]

    public init(files: [File]) { self.files = files }

    /// - Throws: ``BundleRejection/Reason/tooLarge(limit:)`` for a name or file beyond its limit.
    public func encoded() throws(BundleRejection) -> [UInt8] {
        guard files.count <= BundleLimits.files else {
            throw BundleRejection("", .tooLarge(limit: BundleLimits.files))
        }
        var out: [UInt8] = []
        out.reserveCapacity(files.reduce(1_024) { $0 + $1.bytes.count + 2 * BundleArchive.block })
        for file in files {
            guard let header = BundleArchive.header(path: file.path, size: file.bytes.count) else {
                throw BundleRejection(file.path, .tooLarge(limit: BundleLimits.pathBytes))
            }
            out += header
            out += file.bytes
            out += [UInt8](repeating: 0, count: BundleArchive.padding(file.bytes.count))
        }
        out += [UInt8](repeating: 0, count: 2 * BundleArchive.block)
        guard out.count <= BundleLimits.archiveBytes else {
            throw BundleRejection("", .tooLarge(limit: BundleLimits.archiveBytes))
        }
        return out
    }

    /// Reads exactly what ``encoded()`` writes.
    public init(_ bytes: [UInt8]) throws(BundleRejection) {
        guard bytes.count <= BundleLimits.archiveBytes else {
            throw BundleRejection("", .tooLarge(limit: BundleLimits.archiveBytes))
        }
        let block = BundleArchive.block
        var files: [File] = []
        var at = 0
        while true {
            guard bytes.count - at >= block else { throw BundleRejection("", .archiveNotCanonical(offset: at)) }
            if bytes[at] == 0 {
                guard bytes.count - at == 2 * block, bytes[at...].allSatisfy({ $0 == 0 }) else {
                    throw BundleRejection("", .archiveNotCanonical(offset: at))
                }
                break
            }
            guard let (path, size) = BundleArchive.nameAndSize(bytes[at..<at + block]),
                let header = BundleArchive.header(path: path, size: size),
                header.elementsEqual(bytes[at..<at + block])
            else { throw BundleRejection("", .archiveNotCanonical(offset: at)) }
            let start = at + block
            let end = start + size
            let next = end + BundleArchive.padding(size)
            guard next <= bytes.count, bytes[end..<next].allSatisfy({ $0 == 0 }) else {
                throw BundleRejection("", .archiveNotCanonical(offset: start))
            }
            guard files.count < BundleLimits.files else {
                throw BundleRejection("", .tooLarge(limit: BundleLimits.files))
            }
            let limit = path == BundlePath.manifest ? BundleLimits.manifestBytes : BundleLimits.fileBytes
            guard size <= limit else { throw BundleRejection(path, .tooLarge(limit: limit)) }
            files.append(File(path: path, bytes: Array(bytes[start..<end])))
            at = next
        }
        self.files = files
    }

    private static func padding(_ size: Int) -> Int { (block - size % block) % block }

    /// - Returns: `nil` when the name field cannot hold the path, or the size field the size.
    private static func header(path: String, size: Int) -> [UInt8]? {
        let name = Array((folder + path).utf8)
        guard !path.isEmpty, name.count <= BundleLimits.pathBytes, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            size >= 0, size < 1 << 33
        else { return nil }
        var header = [UInt8](repeating: 0, count: block)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            header.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        }
        put(name, at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put(Array("        0".utf8), at: 148)
        put(Array("ustar\u{0}00".utf8), at: 257)
        put(octal(0, digits: 7), at: 329)
        put(octal(0, digits: 7), at: 337)
        // The sum of all bytes, with the field itself taken as blanks.
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + [0], at: 148)
        return header
    }

    private static func octal(_ value: Int, digits: Int) -> [UInt8] {
        (0..<digits).map { UInt8(48 + (value >> (3 * (digits - 1 - $0)) & 7)) }
    }

    private static func nameAndSize(_ header: ArraySlice<UInt8>) -> (path: String, size: Int)? {
        let name = header.prefix(BundleLimits.pathBytes).prefix { $0 != 0 }
        guard name.starts(with: folder.utf8), let path = String(validating: name.dropFirst(folder.utf8.count), as: UTF8.self)
        else { return nil }
        var size = 0
        for byte in header.dropFirst(124).prefix(11) {
            guard (48...55).contains(byte) else { return nil }
            size = size << 3 | Int(byte - 48)
        }
        return (path, size)
    }
}
