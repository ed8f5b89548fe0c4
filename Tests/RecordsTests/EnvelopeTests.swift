import JointLog
import Kernel
import Testing

@testable import Records

@Suite struct EnvelopeTests {
    private let bytes = sampleRecord("link change").envelopeBytes

    @Test("an envelope cut off at any length is refused")
    func truncations() {
        for length in bytes.indices { #expect(Envelope(encoded: Array(bytes[..<length])) == nil, "length \(length)") }
    }

    @Test("an envelope with anything after it is refused")
    func extensions() {
        for extra in 1...600 { #expect(Envelope(encoded: bytes + [UInt8](repeating: 0, count: extra)) == nil) }
        #expect(Envelope(encoded: bytes + bytes) == nil)
    }

    @Test("lengths that do not fit the bytes are refused, the largest ones too")
    func lengths() throws {
        let envelope = try #require(Envelope(encoded: bytes))
        let second = 4 + envelope.signed.count + 64
        for at in [0, second] {
            for value in [0, 1, 511, 8_193, 131_073, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] as [UInt32] {
                var changed = bytes
                changed.replaceSubrange(at..<at + 4, with: bigEndian(value))
                #expect(Envelope(encoded: changed) == nil, "\(value) at \(at)")
            }
        }
    }

    @Test("an envelope is written as it was read, and withholding leaves header and signature")
    func roundTrip() throws {
        let envelope = try #require(Envelope(encoded: bytes))
        #expect(envelope.encoded == bytes)
        let withheld = try #require(Envelope(encoded: envelope.withheld.encoded))
        #expect(withheld.signed == envelope.signed)
        #expect(withheld.signature == envelope.signature)
        #expect(withheld.sealed.isEmpty)
    }

    @Test("a header of the largest length is read and a longer one is refused")
    func headerLimit() {
        let signature = [UInt8](repeating: 1, count: 64)
        for (length, isRead) in [(0, true), (Envelope.largestHeader, true), (Envelope.largestHeader + 1, false)] {
            let envelope = Envelope(signed: [UInt8](repeating: 2, count: length), signature: signature, sealed: [])
            #expect((Envelope(encoded: envelope.encoded) != nil) == isRead, "\(length)")
        }
        let largest = Envelope(
            signed: [UInt8](repeating: 2, count: Envelope.largestHeader), signature: signature,
            sealed: [UInt8](repeating: 3, count: 131_072))
        #expect(Envelope(encoded: largest.encoded) == largest)
        let more = Envelope(signed: largest.signed, signature: signature, sealed: largest.sealed + [0])
        #expect(Envelope(encoded: more.encoded) == nil)
    }
}

@Suite struct SealedBodyTests {
    private let salt = MerkleHash.sha256([7])

    @Test("a body of every length up to a few classes is sealed to the smallest class that holds it, and opens")
    func classes() throws {
        for length in [0, 1, 474, 475, 476, 987, 988, 2_011, 2_012, 30_000, 32_731, 32_732, Limits.recordBytes] {
            let body = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let sealed = try #require(SealedBody.sealing(body, salt: salt))
            #expect(SealedBody.lengthClasses.contains(sealed.count))
            #expect(sealed.count >= length + 37)
            #expect(sealed.count == 512 || sealed.count / 2 < length + 37, "\(length) in \(sealed.count)")
            #expect(SealedBody.opening(sealed, commitment: SealedBody.commitment(salt: salt, body: body)) == body)
        }
    }

    @Test("a body of the largest length is sealed and one byte more is not")
    func limit() {
        #expect(SealedBody.sealing([UInt8](repeating: 1, count: Limits.recordBytes), salt: salt) != nil)
        #expect(SealedBody.sealing([UInt8](repeating: 1, count: Limits.recordBytes + 1), salt: salt) == nil)
    }

    @Test("every change of any byte of a sealed body keeps it from opening")
    func changes() throws {
        let body = Array("{\"a\":1}".utf8)
        let commitment = SealedBody.commitment(salt: salt, body: body)
        let sealed = try #require(SealedBody.sealing(body, salt: salt))
        for i in sealed.indices {
            for flip in [1, 0x80, 0xFF] as [UInt8] {
                var changed = sealed
                changed[i] ^= flip
                #expect(SealedBody.opening(changed, commitment: commitment) == nil, "byte \(i)")
            }
        }
    }

    @Test("another salt, another body, another cipher, a length out of range or out of class does not open")
    func malformed() throws {
        let body = Array("{\"a\":1}".utf8)
        let commitment = SealedBody.commitment(salt: salt, body: body)
        let sealed = try #require(SealedBody.sealing(body, salt: salt))
        #expect(SealedBody.opening(sealed, commitment: SealedBody.commitment(salt: commitment, body: body)) == nil)
        #expect(SealedBody.opening(sealed, commitment: SealedBody.commitment(salt: salt, body: body + [0])) == nil)
        #expect(SealedBody.opening(sealed, commitment: MerkleHash.sha256(salt.bytes + body)) == nil)
        for cipher in 1...255 as ClosedRange<UInt8> {
            #expect(SealedBody.opening([cipher] + sealed.dropFirst(), commitment: commitment) == nil)
        }
        for length in [6, 8, 476, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32] {
            let changed = Array(sealed[..<33]) + bigEndian(length) + sealed[37...]
            #expect(SealedBody.opening(changed, commitment: commitment) == nil)
        }
        for count in [0, 1, 36, 37, 511] {
            #expect(SealedBody.opening(Array(sealed[..<count]), commitment: commitment) == nil)
        }
        #expect(SealedBody.opening(sealed + [0], commitment: commitment) == nil)
        // A larger class than needed is wasteful and no error.
        #expect(SealedBody.opening(sealed + [UInt8](repeating: 0, count: 512), commitment: commitment) == body)
    }

    @Test("the commitment is SHA-256 of its tag, the salt and the body")
    func commitment() {
        let body: [UInt8] = [1, 2, 3]
        let expected = MerkleHash.sha256(Array("parley/body-commitment/v1\n".utf8) + salt.bytes + body)
        #expect(SealedBody.commitment(salt: salt, body: body) == expected)
    }
}
