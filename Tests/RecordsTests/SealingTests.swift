import JointLog
import Kernel
import Testing

@testable import Records

@Suite struct SealingTests {
    private let salt = secret("salt")
    private let body = Array("{\"a\":1}".utf8)
    private var commitment: Hash32 { SealedBody.commitment(salt: salt, body: body) }

    private func sealed(_ readers: [String], at binding: SealBinding) throws -> [UInt8] {
        try #require(SealedBody.sealing(body, salt: salt, plan: plan(readers, at: binding)))
    }

    @Test("every reader opens, with an encapsulation in the record or an earlier one")
    func roundTrip() throws {
        let names = ["azerbaijan", "israel", "turkiye"]
        for fresh in 0...3 {
            let readers = names.enumerated().map { i, name in
                SealPlan.Reader(
                    party(name),
                    i < fresh
                        ? .fresh(encapsulation(to: name, binding(9))) : .earlier(4, key: secret("key of \(name)")))
            }
            let plan = try #require(SealPlan(binding: binding(9), contentKey: secret("c"), readers: readers))
            let sealed = try #require(SealedBody.sealing(body, salt: salt, plan: plan))
            let entries = try #require(SealedBody.readers(of: sealed))
            #expect(entries.map(\.party.name) == names)
            for (name, entry) in zip(names, entries) {
                let key: Hash32?
                switch entry.source {
                case .earlier(let index):
                    #expect(index == 4)
                    key = secret("key of \(name)")
                case .fresh(let encapsulated):
                    key = sealKey(name).decapsulate(
                        encapsulated, info: binding(9).encapsulationInfo(for: party(name)))
                }
                let found = opening(
                    sealed, for: name, under: try #require(key), at: binding(9), commitment: commitment)
                #expect(found == body, "\(name), \(fresh) fresh")
            }
        }
    }

    @Test("a key that is not the reader's opens nothing, and neither does a reader's key in another's entry")
    func otherKeys() throws {
        let sealed = try sealed(["israel", "turkiye"], at: binding(9))
        func opened(_ name: String, under key: String) -> [UInt8]? {
            opening(sealed, for: name, under: secret(key), at: binding(9), commitment: commitment)
        }
        #expect(opened("israel", under: "key of israel") == body)
        #expect(opened("israel", under: "key of turkiye") == nil)
        #expect(opened("turkiye", under: "key of israel") == nil)
        #expect(opened("israel", under: "some other key") == nil)
        #expect(opened("azerbaijan", under: "key of israel") == nil)
    }

    @Test("a sealed body moved to another index, log, epoch of a log or mechanism does not open there")
    func bindings() throws {
        let here = binding(9)
        let sealed = try sealed(["israel", "turkiye"], at: here)
        let key = secret("key of israel")
        let elsewhere = [
            binding(8), binding(10), binding(9 + (1 << 32)), binding(9, log: "israel"), binding(9, log: "turkiye/1"),
            binding(9, mechanism: "another mechanism"),
        ]
        for place in elsewhere {
            #expect(opening(sealed, for: "israel", under: key, at: place, commitment: commitment) == nil)
            // Nor does its content key, which is no longer in doubt when it was disclosed.
            #expect(
                SealedBody.opening(sealed, contentKey: secret("content key"), binding: place, commitment: commitment)
                    == nil)
            // An encapsulation is bound to log and reader.
            let info = here.encapsulationInfo(for: party("israel"))
            let isSameLog = place.log == here.log && place.mechanism == here.mechanism
            #expect((place.encapsulationInfo(for: party("israel")) == info) == isSameLog)
        }
        #expect(here.encapsulationInfo(for: party("israel")) != here.encapsulationInfo(for: party("turkiye")))
        #expect(opening(sealed, for: "israel", under: key, at: here, commitment: commitment) == body)
    }

    @Test("every flipped byte changes the hash that is signed, and none makes a reader open anything else")
    func flippedBytes() throws {
        let sealed = try sealed(["israel", "turkiye"], at: binding(9))
        let hash = MerkleHash.sha256(sealed)
        // Cipher and count, then Israel's entry (length, name, mode, index, wrapped key), then Türkiye's, then the text.
        let reference = 2 + 1 + 6 + 1..<2 + 1 + 6 + 1 + 8
        let others = 2 + 1 + 6 + 1 + 8 + 48..<2 + 1 + 6 + 1 + 8 + 48 + 1 + 7 + 1 + 8 + 48
        for i in sealed.indices {
            for flip in [1, 0x80] as [UInt8] {
                var changed = sealed
                changed[i] ^= flip
                #expect(MerkleHash.sha256(changed) != hash)
                let found = opening(
                    changed, for: "israel", under: secret("key of israel"), at: binding(9), commitment: commitment)
                // The index that an entry refers to says which key to take, which this test gives; another's entry is
                // not ours to judge. Those are held by the hash that the author signed, and tested with whole records.
                if reference.contains(i) || others.contains(i) {
                    #expect(found == nil || found == body, "byte \(i)")
                } else {
                    #expect(found == nil, "byte \(i)")
                }
            }
        }
    }

    @Test("salt and body come out together, and suffice for the commitment without any cipher")
    func disclosures() throws {
        let sealed = try sealed(["israel"], at: binding(9))
        let unsealed = try #require(SealedBody.sealing(body, salt: salt))
        let opened = [
            SealedBody.disclosure(
                of: sealed, contentKey: secret("content key"), binding: binding(9), commitment: commitment),
            SealedBody.disclosure(of: unsealed, commitment: commitment),
        ]
        for disclosure in opened {
            #expect(disclosure?.salt == salt)
            #expect(disclosure?.body == body)
        }
        #expect(SealedBody.disclosure(of: sealed, commitment: commitment) == nil)
    }

    @Test("a disclosed content key opens its own record and no other")
    func disclosure() throws {
        let keys = (0..<4).map { secret("content key \($0)") }
        let records = try keys.enumerated().map { i, key in
            try #require(
                SealedBody.sealing(
                    body, salt: salt, plan: plan(["israel", "turkiye"], at: binding(UInt64(i) + 1), contentKey: key)))
        }
        for (i, key) in keys.enumerated() {
            for (j, sealed) in records.enumerated() {
                let found = SealedBody.opening(
                    sealed, contentKey: key, binding: binding(UInt64(j) + 1), commitment: commitment)
                #expect(found == (i == j ? body : nil), "key \(i), record \(j)")
            }
        }
    }

    @Test("what opens is held to the commitment: another salt, body or tag of the hash is refused")
    func commitments() throws {
        let sealed = try sealed(["israel"], at: binding(9))
        let others = [
            SealedBody.commitment(salt: secret("another salt"), body: body),
            SealedBody.commitment(salt: salt, body: body + [0]), MerkleHash.sha256(salt.bytes + body), secret("none"),
        ]
        for other in others {
            let key = secret("key of israel")
            #expect(opening(sealed, for: "israel", under: key, at: binding(9), commitment: other) == nil)
        }
    }

    @Test("zeros are zeros and the length is the body's: a plain text of another form is refused under the right key")
    func plainTexts() throws {
        let plan = plan(["israel"], at: binding(9))
        let head = SealedBody.head(
            of: plan.readers.map { SealReader($0, contentKey: plan.contentKey, binding: plan.binding) })
        func opened(_ plain: [UInt8]) -> [UInt8]? {
            let sealed =
                head
                + SealCipher.sealing(
                    plain, key: plan.contentKey, nonce: SealCipher.bodyNonce, context: plan.binding.bodyContext)
            return SealedBody.opening(
                sealed, contentKey: plan.contentKey, binding: plan.binding, commitment: commitment)
        }
        let size = 512 - head.count - 16
        let plain = SealedBody.padded(body, salt: salt, to: size)
        #expect(opened(plain) == body)
        // The next class is longer than needed and no error; between the classes nothing is read.
        #expect(opened(SealedBody.padded(body, salt: salt, to: size + 512)) == body)
        for size in [size - 1, size + 1, size + 511, size + 513] {
            #expect(opened(SealedBody.padded(body, salt: salt, to: size)) == nil)
        }
        for i in [36 + body.count, 36 + body.count + 1, size - 1] {
            var changed = plain
            changed[i] = 1
            #expect(opened(changed) == nil, "byte \(i)")
        }
        let lengths = [0, 6, 8, UInt32(size - 36), UInt32(size - 35), 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] as [UInt32]
        for length in lengths {
            #expect(opened(plain[..<32] + bigEndian(length) + plain[36...]) == nil, "\(length)")
        }
    }

    @Test("bodies of every length across the edges of the classes give lengths of classes only, and the smallest")
    func classes() throws {
        let names = ["azerbaijan", "israel", "turkiye"]
        let plan = plan(names, at: binding(9))
        let outside = 2 + names.map { 1 + $0.utf8.count + 1 + 8 + 48 }.reduce(0, +) + 16 + 36
        var seen = SortedSet<Int>()
        for length in SealedBody.lengthClasses.flatMap({ ($0 - outside - 2)...($0 - outside + 2) })
        where length <= Limits.recordBytes {
            let body = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let sealed = try #require(SealedBody.sealing(body, salt: salt, plan: plan))
            let expected = SealedBody.lengthClasses.first { $0 >= length + outside }
            #expect(sealed.count == expected, "\(length)")
            let found = SealedBody.opening(
                sealed, contentKey: plan.contentKey, binding: plan.binding,
                commitment: SealedBody.commitment(salt: salt, body: body))
            #expect(found == body)
            seen.insert(sealed.count)
        }
        #expect(seen.elements == Array(SealedBody.lengthClasses.dropLast()))
    }

    @Test("the largest body fits for sixteen readers with longest names, each with an encapsulation of its own")
    func largest() throws {
        let made = encapsulation(to: "israel", binding(9))
        let readers = (0..<16).map { i in
            SealPlan.Reader(party("a" + String(repeating: "b", count: 29) + "\(i + 10)"), .fresh(made))
        }
        let plan = try #require(SealPlan(binding: binding(9), contentKey: secret("c"), readers: readers))
        let body = [UInt8](repeating: 0x7B, count: Limits.recordBytes)
        let sealed = try #require(SealedBody.sealing(body, salt: salt, plan: plan))
        #expect(sealed.count == 131_072)
        let found = SealedBody.opening(
            sealed, contentKey: secret("c"), binding: binding(9),
            commitment: SealedBody.commitment(salt: salt, body: body))
        #expect(found == body)
        #expect(SealedBody.sealing(body + [0x7D], salt: salt, plan: plan) == nil)
        let envelope = Envelope(
            signed: [UInt8](repeating: 2, count: Envelope.largestHeader), signature: [UInt8](repeating: 1, count: 64),
            sealed: sealed)
        #expect(Envelope(encoded: envelope.encoded) == envelope)
        #expect(envelope.encoded.count == Envelope.largestBytes)
    }

    @Test("neither words of a body nor salt nor content key stand in what is sealed")
    func hiding() throws {
        let marker = Array("MARKER-WORD-IN-A-BODY".utf8)
        let body = Array("{\"text\":\"".utf8) + marker + Array("\"}".utf8)
        let sealed = try #require(SealedBody.sealing(body, salt: salt, plan: plan(["israel"], at: binding(9))))
        let unsealed = try #require(SealedBody.sealing(body, salt: salt))
        func holds(_ bytes: [UInt8], _ word: [UInt8]) -> Bool {
            bytes.indices.contains { bytes[$0...].starts(with: word) }
        }
        #expect(holds(unsealed, marker))
        #expect(!holds(sealed, marker))
        #expect(!holds(sealed, salt.bytes))
        #expect(!holds(sealed, secret("content key").bytes))
    }

    @Test("a plan is for 1 to 16 parties, each once, and refers to earlier records only")
    func plans() {
        func made(_ readers: [SealPlan.Reader]) -> SealPlan? {
            SealPlan(binding: binding(5), contentKey: secret("c"), readers: readers)
        }
        let key = secret("key")
        let many = (0..<17).map { SealPlan.Reader(party("p\($0)"), .earlier(0, key: key)) }
        #expect(made([]) == nil)
        #expect(made(Array(many.prefix(16))) != nil)
        #expect(made(many) == nil)
        #expect(made([many[0], many[1], many[0]]) == nil)
        for (index, isAllowed) in [(0, true), (4, true), (5, false), (6, false)] as [(UInt64, Bool)] {
            #expect((made([SealPlan.Reader(party("a"), .earlier(index, key: key))]) != nil) == isAllowed)
        }
        let sorted = made([many[2], many[0], many[1]])?.readers.map(\.party.name)
        #expect(sorted == ["p0", "p1", "p2"])
    }
}
