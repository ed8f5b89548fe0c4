import Kernel

@testable import Records

/// An element of GF(2¹²⁸) as GCM writes it (SP 800-38D, section 6.3): the first bit of the first byte is the
/// coefficient of 1, and x¹²⁸ = 1 + x + x² + x⁷.
struct GCMElement: Equatable {
    var value: UInt128

    init(_ value: UInt128) { self.value = value }

    init(_ bytes: some Sequence<UInt8>) { value = bytes.reduce(0) { $0 << 8 | UInt128($1) } }

    static let zero = GCMElement(0)
    static let one = GCMElement(1 << 127)

    var bytes: [UInt8] { (0..<16).map { UInt8(truncatingIfNeeded: value >> (120 - 8 * UInt128($0))) } }

    static func + (a: Self, b: Self) -> Self { GCMElement(a.value ^ b.value) }

    static func * (a: Self, b: Self) -> Self {
        var sum: UInt128 = 0
        var shifted = b.value
        for bit in 0..<128 {
            if a.value >> (127 - UInt128(bit)) & 1 == 1 { sum ^= shifted }
            shifted = shifted & 1 == 1 ? shifted >> 1 ^ (0xE1 << 120) : shifted >> 1
        }
        return GCMElement(sum)
    }

    func power(_ exponent: Int) -> Self {
        var result = GCMElement.one
        var square = self
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = result * square }
            square = square * square
            rest >>= 1
        }
        return result
    }

    /// Squaring 128 times gives the element itself, so 127 times gives its root.
    var squareRoot: Self { (0..<127).reduce(self) { x, _ in x * x } }

    /// x^(2¹²⁸ - 2).
    var inverse: Self {
        var result = GCMElement.one
        var square = self
        for _ in 0..<127 {
            square = square * square
            result = result * square
        }
        return result
    }
}

/// What AES-256-GCM computes with under one key and one nonce, found by asking it to seal chosen texts.
struct GCMKey {
    let key: Hash32
    let nonce: [UInt8]
    /// The hash key H.
    let h: GCMElement
    /// What the final hash is masked with, to give the tag.
    let mask: GCMElement

    init(_ key: Hash32, nonce: [UInt8]) {
        func tag(_ context: [UInt8]) -> GCMElement {
            GCMElement(SealCipher.sealing([], key: key, nonce: nonce, context: context))
        }
        self.key = key
        self.nonce = nonce
        // Of nothing at all the hash is zero.
        mask = tag([])
        // Two contexts of one block that differ by the element 1 have tags that differ by H².
        h = (tag(GCMElement.zero.bytes) + tag(GCMElement.one.bytes)).squareRoot
    }

    func keyStream(_ count: Int) -> [UInt8] {
        SealCipher.sealing([UInt8](repeating: 0, count: count), key: key, nonce: nonce, context: []).dropLast(16)
    }

    static func blocks(context: [UInt8], text: [UInt8]) -> [GCMElement] {
        func padded(_ bytes: [UInt8]) -> [GCMElement] {
            stride(from: 0, to: bytes.count, by: 16).map { at in
                let block = Array(bytes[at..<min(at + 16, bytes.count)])
                return GCMElement(block + [UInt8](repeating: 0, count: 16 - block.count))
            }
        }
        return padded(context) + padded(text)
            + [GCMElement(UInt128(context.count * 8) << 64 | UInt128(text.count * 8))]
    }

    func tag(_ blocks: [GCMElement]) -> GCMElement {
        blocks.reduce(GCMElement.zero) { ($0 + $1) * h } + mask
    }
}

/// One cipher text that two keys accept: every block but one is free, and the one is the solution of a linear equation,
/// because the tags under both keys are linear in it.
enum SealForgery {
    /// - Parameters:
    ///   - text: a cipher text, whose block at `free` (counted from 0, whole) will be replaced.
    /// - Returns: the text and its tag, valid under both.
    static func forged(
        _ text: [UInt8], free: Int, context: [UInt8], under first: GCMKey, and second: GCMKey
    ) -> [UInt8] {
        var text = text
        text.replaceSubrange(free * 16..<free * 16 + 16, with: GCMElement.zero.bytes)
        let blocks = GCMKey.blocks(context: context, text: text)
        let at = (context.count + 15) / 16 + free
        // The block at place `at` of n is multiplied by H^(n - at).
        let exponent = blocks.count - at
        let coefficient = first.h.power(exponent) + second.h.power(exponent)
        let solution = (first.tag(blocks) + second.tag(blocks)) * coefficient.inverse
        text.replaceSubrange(free * 16..<free * 16 + 16, with: solution.bytes)
        return text + first.tag(GCMKey.blocks(context: context, text: text)).bytes
    }
}
