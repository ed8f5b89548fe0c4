extension Array where Element == UInt8 {
    /// Lower-case hexadecimal.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads lower-case hexadecimal; `nil` for anything else.
    public init?(hex: String) {
        let text = [UInt8](hex.utf8)
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
        for i in stride(from: 0, to: text.count, by: 2) {
            guard let high = nibble(text[i]), let low = nibble(text[i + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self = bytes
    }

    /// RFC 4648 base64 with padding.
    public var base64: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        var i = 0
        while i < count {
            let first = self[i]
            let second = i + 1 < count ? self[i + 1] : 0
            let third = i + 2 < count ? self[i + 2] : 0
            text.append(alphabet[Int(first >> 2)])
            text.append(alphabet[Int((first & 3) << 4 | second >> 4)])
            text.append(i + 1 < count ? alphabet[Int((second & 15) << 2 | third >> 6)] : 61)
            text.append(i + 2 < count ? alphabet[Int(third & 63)] : 61)
            i += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads canonical RFC 4648 base64 with padding; `nil` for anything that ``base64`` would not write.
    public init?(base64: String) {
        let text = [UInt8](base64.utf8)
        guard text.count % 4 == 0 else { return nil }
        func value(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 65...90: byte - 65
            case 97...122: byte - 71
            case 48...57: byte + 4
            case 43: 62
            case 47: 63
            default: nil
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for i in stride(from: 0, to: text.count, by: 4) {
            let isLast = i + 4 == text.count
            let padding = isLast && text[i + 3] == 61 ? (text[i + 2] == 61 ? 2 : 1) : 0
            guard let a = value(text[i]), let b = value(text[i + 1]) else { return nil }
            if padding == 2 {
                guard b & 15 == 0 else { return nil }
                bytes.append(a << 2 | b >> 4)
                continue
            }
            guard let c = value(text[i + 2]) else { return nil }
            bytes.append(a << 2 | b >> 4)
            bytes.append((b & 15) << 4 | c >> 2)
            if padding == 1 {
                guard c & 3 == 0 else { return nil }
                continue
            }
            guard let d = value(text[i + 3]) else { return nil }
            bytes.append((c & 3) << 6 | d)
        }
        self = bytes
    }
}

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
