extension Array where Element == UInt8 {
    /// Lower-case hexadecimal.
    public var hex: String {
        String(unsafeUninitializedCapacity: count * 2) { text in
            for (i, byte) in enumerated() {
                text[2 * i] = digit(byte >> 4)
                text[2 * i + 1] = digit(byte & 15)
            }
            return count * 2
        }
    }

    /// Reads lower-case hexadecimal; `nil` for anything else.
    public init?(hex: String) { self.init(hex: Array(hex.utf8)[...]) }

    /// The same from the bytes of a text.
    public init?(hex text: ArraySlice<UInt8>) {
        guard text.count % 2 == 0 else { return nil }
        func nibble(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 48...57: byte - 48
            case 97...102: byte - 87
            default: nil
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        for i in stride(from: text.startIndex, to: text.endIndex, by: 2) {
            guard let high = nibble(text[i]), let low = nibble(text[i + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self = bytes
    }

    /// RFC 4648 base64 with padding.
    public var base64: String {
        let length = (count + 2) / 3 * 4
        let alphabet = base64Alphabet.utf8Start
        return withUnsafeBufferPointer { bytes in
            String(unsafeUninitializedCapacity: length) { text in
                var (i, at) = (0, 0)
                while i < bytes.count {
                    let first = bytes[i]
                    let second = i + 1 < bytes.count ? bytes[i + 1] : 0
                    let third = i + 2 < bytes.count ? bytes[i + 2] : 0
                    text[at] = alphabet[Int(first >> 2)]
                    text[at + 1] = alphabet[Int((first & 3) << 4 | second >> 4)]
                    text[at + 2] = i + 1 < bytes.count ? alphabet[Int((second & 15) << 2 | third >> 6)] : 61
                    text[at + 3] = i + 2 < bytes.count ? alphabet[Int(third & 63)] : 61
                    i += 3
                    at += 4
                }
                return length
            }
        }
    }

    /// Reads canonical RFC 4648 base64 with padding; `nil` for anything that ``base64`` would not write.
    public init?(base64: String) {
        let text = [UInt8](base64.utf8)
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).count { $0 == 61 }
        let length = text.count / 4 * 3 - padding
        var isCanonical = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { bytes, written in
            base64Values.withUnsafeBufferPointer { values in
                for quad in 0..<text.count / 4 {
                    let at = 4 * quad
                    // Padding counts as zero bits, and only where it may stand.
                    let isLast = at + 4 == text.count
                    let c = isLast && padding == 2 ? 0 : values[Int(text[at + 2])]
                    let d = isLast && padding > 0 ? 0 : values[Int(text[at + 3])]
                    let (a, b) = (values[Int(text[at])], values[Int(text[at + 1])])
                    // An equals sign before another character is no padding.
                    let isMisplaced = isLast && padding > 0 && text[at + 3] != 61
                    if (a | b | c | d) & 0xC0 != 0 || isMisplaced { isCanonical = false }
                    bytes[3 * quad] = a << 2 | b >> 4
                    bytes[3 * quad + 1] = b << 4 | c >> 2
                    bytes[3 * quad + 2] = c << 6 | d
                    // Bits that no byte takes are zero.
                    if isLast, bytes[3 * quad..<3 * quad + 3].dropFirst(3 - padding).contains(where: { $0 != 0 }) {
                        isCanonical = false
                    }
                }
            }
            written = length
        }
        guard isCanonical else { return nil }
        self = bytes
    }
}

/// The value of each character of ``base64Alphabet``; 255 for any other.
private let base64Values: [UInt8] = base64Alphabet.withUTF8Buffer { alphabet in
    (0..<256).map { byte in alphabet.firstIndex(of: UInt8(byte)).map(UInt8.init) ?? 255 }
}

extension String {
    /// Whether every byte of the text's UTF-8 satisfies `rule`. Nearly every text lies in one piece of memory, which is
    /// read much faster than by way of its characters' indices.
    @inlinable public func allBytes(satisfy rule: (UInt8) -> Bool) -> Bool {
        utf8.withContiguousStorageIfAvailable { $0.allSatisfy(rule) } ?? utf8.allSatisfy(rule)
    }
}

private let base64Alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

private func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble + 48 : nibble + 87 }

/// Opaque bytes that encode as one base64 string wherever the node writes its own state.
public struct Bytes: Hashable, Sendable, Codable {
    public let array: [UInt8]

    public init(_ array: [UInt8]) { self.array = array }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let array = [UInt8](base64: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "base64"))
        }
        self.array = array
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(array.base64)
    }
}
