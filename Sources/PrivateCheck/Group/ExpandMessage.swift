/// RFC 9380, section 5.3.1, with SHA-512: as many uniform bytes as asked for, from a message and a domain tag.
enum ExpandMessage {
    /// - Parameters:
    ///   - tag: the domain separation tag; longer than 255 bytes, it is hashed as section 5.3.3 says.
    ///   - count: 1 … 255 · 64.
    /// - Returns: `nil` when `count` is out of range.
    static func xmdSHA512(_ message: [UInt8], tag: [UInt8], count: Int) -> [UInt8]? {
        guard (1...255 * 64).contains(count) else { return nil }
        let short = tag.count <= 255 ? tag : Sodium.sha512(Array("H2C-OVERSIZE-DST-".utf8), tag)
        let tagged = short + [UInt8(short.count)]
        let length = [UInt8(count >> 8), UInt8(count & 255), 0]
        let first = Sodium.sha512([UInt8](repeating: 0, count: 128), message, length, tagged)
        var block = Sodium.sha512(first, [1], tagged)
        var bytes = block
        for i in stride(from: 2, through: (count + 63) / 64, by: 1) {
            block = Sodium.sha512(zip(first, block).map { $0 ^ $1 }, [UInt8(i)], tagged)
            bytes += block
        }
        return Array(bytes.prefix(count))
    }
}
