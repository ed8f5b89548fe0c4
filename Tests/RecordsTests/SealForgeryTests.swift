import JointLog
import Kernel
import Testing

@testable import Records

/// AES-256-GCM does not commit to its key. An author who chooses two content keys can make one cipher text that opens
/// to two bodies, and show one reader an attack and the other a drill under a single signature. The commitment in the
/// header is what stops it.
@Suite struct SealForgeryTests {
    private let place = binding(9)
    private let names = ["israel", "turkiye"]
    private let salt = secret("first salt")
    private let words = [Array("{\"altitude\":\"FL100\"".utf8), Array("{\"altitude\":\"FL350\"".utf8)]

    private struct Forgery {
        let sealed: [UInt8]
        let keys: [Hash32]
        /// As each key opens it: salt, length, body, zeros.
        let plains: [[UInt8]]
        let bodies: [[UInt8]]
    }

    /// Israel's content key opens the first body and Türkiye's the second; each reader's wrapped key is its own.
    ///
    /// The first body fills the text, so that it needs no zeros; its last part and the second's zeros lie in the same
    /// cipher text, and so it ends in noise. The second key is searched for one under which the length makes sense.
    private func forge() throws -> Forgery {
        let length = 32_768
        let head = { (keys: [Hash32]) in
            SealedBody.head(
                of: zip(self.names, keys).map { name, key in
                    SealReader(
                        SealPlan.Reader(party(name), .earlier(4, key: secret("key of \(name)"))), contentKey: key,
                        binding: self.place)
                })
        }
        let first = GCMKey(secret("first content key"), nonce: SealCipher.bodyNonce)
        let size = length - head([first.key, first.key]).count - SealCipher.tagBytes
        let firstLength = size - 36
        let firstStream = first.keyStream(size)
        let wantedLength = zip(bigEndian(UInt32(firstLength)), firstStream[32..<36]).map { $0 ^ $1 }
        // About one key in 2³² / 32 768.
        var found: (key: Hash32, length: Int)?
        for attempt in UInt64(0)..<4_000_000 {
            guard let key = Hash32([UInt8](repeating: 0x5A, count: 24) + bigEndian(attempt)) else { break }
            let stream = SealCipher.sealing(
                [UInt8](repeating: 0, count: 36), key: key, nonce: SealCipher.bodyNonce, context: [])
            let claimed = Int(readBigEndian(zip(stream[32..<36], wantedLength).map { $0 ^ $1 }[...]))
            if (1_000..<firstLength).contains(claimed) {
                found = (key, claimed)
                break
            }
        }
        let (key, secondLength) = try #require(found)
        let second = GCMKey(key, nonce: SealCipher.bodyNonce)
        let secondStream = second.keyStream(size)

        // Each byte makes sense under one of the keys. The second salt is what comes out, which does as well.
        var text = [UInt8](repeating: 0, count: size)
        func put(_ bytes: [UInt8], at: Int, _ stream: [UInt8]) {
            for (i, byte) in bytes.enumerated() { text[at + i] = byte ^ stream[at + i] }
        }
        put(salt.bytes + bigEndian(UInt32(firstLength)) + words[0], at: 0, firstStream)
        put(words[1], at: 160, secondStream)
        put([UInt8](repeating: 0, count: size - 36 - secondLength), at: 36 + secondLength, secondStream)
        let forged = SealForgery.forged(text, free: 6, context: self.place.bodyContext, under: first, and: second)
        let plains = [firstStream, secondStream].map { stream in
            zip(forged, stream).map { $0 ^ $1 }
        }
        return Forgery(
            sealed: head([first.key, second.key]) + forged, keys: [first.key, second.key], plains: plains,
            bodies: [Array(plains[0][36...]), Array(plains[1][36..<36 + secondLength])])
    }

    @Test("one cipher text that AES-256-GCM opens to two bodies is refused for at least one of its readers")
    func twoBodies() throws {
        let forgery = try forge()
        #expect(SealedBody.lengthClasses.contains(forgery.sealed.count))
        let entries = try #require(SealedBody.readers(of: forgery.sealed))
        let text = forgery.sealed[entries.map(\.encoded.count).reduce(2, +)...]
        var found: [[UInt8]] = []
        for (i, entry) in entries.enumerated() {
            // Each reader unwraps its key, and the cipher alone accepts under each, to different plain texts.
            let key = try #require(
                entry.contentKey(under: secret("key of \(names[i])"), binding: place))
            #expect(key == forgery.keys[i])
            let plain = try #require(
                SealCipher.opening(text, key: key, nonce: SealCipher.bodyNonce, context: place.bodyContext))
            #expect(plain == forgery.plains[i])
            // Length and zeros are in order under each: nothing but the commitment is left to refuse.
            let salt = try #require(Hash32(plain.prefix(32)))
            #expect(Int(readBigEndian(plain[32..<36])) == forgery.bodies[i].count)
            #expect(plain[(36 + forgery.bodies[i].count)...].allSatisfy { $0 == 0 })
            let own = SealedBody.commitment(salt: salt, body: forgery.bodies[i])
            let opened = SealedBody.opening(forgery.sealed, contentKey: key, binding: place, commitment: own)
            found.append(try #require(opened))
        }
        #expect(found == forgery.bodies)
        #expect(found[0].starts(with: words[0]))
        #expect(found[1][(160 - 36)...].starts(with: words[1]))
        #expect(found[0] != found[1])

        // A header has one commitment. To the first, to the second, or to anything else: never two readers.
        let commitments = zip(forgery.plains, forgery.bodies).compactMap { plain, body in
            Hash32(plain.prefix(32)).map { SealedBody.commitment(salt: $0, body: body) }
        }
        #expect(commitments.count == 2)
        for (i, commitment) in (commitments + [secret("another")]).enumerated() {
            let opened = names.map {
                opening(
                    forgery.sealed, for: $0, under: secret("key of \($0)"), at: place, commitment: commitment)
            }
            #expect(opened == [i == 0 ? forgery.bodies[0] : nil, i == 1 ? forgery.bodies[1] : nil])
        }
    }

    @Test("the arithmetic that forges is GCM's: tags computed from found hash keys are the cipher's")
    func arithmetic() {
        for i in 0..<8 {
            let key = GCMKey(secret("key \(i)"), nonce: SealCipher.bodyNonce)
            let context = [UInt8](repeating: 3, count: i * 7)
            let plain = (0..<i * 11).map { UInt8(truncatingIfNeeded: $0) }
            let sealed = SealCipher.sealing(plain, key: key.key, nonce: key.nonce, context: context)
            let blocks = GCMKey.blocks(context: context, text: Array(sealed.dropLast(16)))
            #expect(key.tag(blocks).bytes == Array(sealed.suffix(16)))
            #expect(key.h * key.h.inverse == .one)
            #expect(key.h.power(5) == key.h * key.h * key.h * key.h * key.h)
        }
    }
}
