/// Text by its bytes. Swift compares and splits strings by character, which takes differently encoded texts for equal
/// and a space with a mark on it for no space; what is signed and what names a key is bytes.
extension String {
    func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        // Nearly every text lies in one piece of memory, which is compared much faster than character by character.
        let isSame = utf8.withContiguousStorageIfAvailable { own in
            other.utf8.withContiguousStorageIfAvailable { own.elementsEqual($0) }
        }
        return isSame.flatMap { $0 } ?? utf8.elementsEqual(other.utf8)
    }

    /// The parts between the separators, empty ones included.
    func byteSplit(_ separator: UInt8) -> [String] {
        var text = self
        return text.withUTF8 { bytes in
            var parts: [String] = []
            var start = 0
            for i in 0...bytes.count where i == bytes.count || bytes[i] == separator {
                parts.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<i]), as: UTF8.self))
                start = i + 1
            }
            return parts
        }
    }

    /// The parts between newlines: one more than there are newlines.
    var byteLines: [String] { byteSplit(0x0A) }

    /// What stands before the first empty line, with its newline, and what stands after it.
    var byteSplitAtFirstEmptyLine: (head: String, rest: String)? {
        let bytes = Array(utf8)
        guard let i = bytes.indices.dropLast().first(where: { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }) else {
            return nil
        }
        return (String(decoding: bytes[...i], as: UTF8.self), String(decoding: bytes[(i + 2)...], as: UTF8.self))
    }

    /// A decimal without leading zeros.
    var canonicalDecimal: UInt64? {
        guard let value = UInt64(self), String(value).hasSameBytes(as: self) else { return nil }
        return value
    }
}

extension String {
    /// What stands after `prefix`; `nil` when the text does not begin with it.
    func value(after prefix: String) -> String? {
        utf8.starts(with: prefix.utf8) ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }
}
