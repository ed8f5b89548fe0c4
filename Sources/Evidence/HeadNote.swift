import JointLog
import Kernel
import Records

/// A head of a log with every signature that a bundle holds for it, all of them verified: the author's line first,
/// then the author's ML-DSA-65 line where there is one, then cosignatures in order of holder and key. A note with
/// any other line is refused, so that nothing unverified travels in a bundle.
struct HeadNote: Hashable, Sendable {
    struct Cosignature: Hashable, Sendable {
        let receipt: Receipt
        let publicKey: Hash32
    }

    let checkpoint: Checkpoint
    let cosignatures: [Cosignature]
    let hasPostQuantumSignature: Bool
    /// The note without its ML-DSA-65 line: what `.proof` files carry.
    let plain: String
    /// The note as it stands in the bundle.
    let full: String

    /// Which keys a head of a log may bear.
    struct Verifier {
        let terms: Terms
        let keys: BundleKeys
        let postQuantumKeys: SortedMap<PartyID, PostQuantumKey>

        /// In a fork proof, of any size: whichever of the author's keys signed, it signed two histories.
        func authorKeys(of log: LogID, size: UInt64, anyTenure: Bool) -> [Hash32] {
            anyTenure ? keys.nodeKeys(of: log) : keys.headKey(of: log, size: size).map { [$0] } ?? []
        }
    }

    /// - Parameters:
    ///   - path: for the rejection.
    ///   - anyTenure: takes every key of the log's author, not only the one in force at the head's size.
    static func reading(
        _ bytes: [UInt8], of log: LogID, path: String, by verifier: Verifier, anyTenure: Bool = false
    ) throws(BundleRejection) -> HeadNote {
        guard let text = String(validating: bytes, as: UTF8.self), let note = SignedNote(encoded: text),
            let checkpoint = Checkpoint(text: note.text), checkpoint.size > 0
        else { throw BundleRejection(path, .malformed) }
        let head = try HeadNote(
            checkpoint, lines: note.signatures, of: log, path: path, by: verifier, anyTenure: anyTenure, strict: true)
        guard head.full == text else { throw BundleRejection(path, .malformed) }
        return head
    }

    /// Merges notes over one checkpoint. Lines of unknown keys and invalid ones are left out: whoever sent a note could
    /// have added them, and must not be able to keep it from being shown.
    static func merging(
        _ notes: [String], of log: LogID, path: String, by verifier: Verifier, anyTenure: Bool = false
    ) throws(BundleRejection) -> HeadNote {
        let parsed = notes.compactMap { SignedNote(encoded: $0) }
        guard parsed.count == notes.count, let merged = SignedNote.merging(parsed),
            let checkpoint = Checkpoint(text: merged.text), checkpoint.size > 0
        else { throw BundleRejection(path, .malformed) }
        return try HeadNote(
            checkpoint, lines: merged.signatures, of: log, path: path, by: verifier, anyTenure: anyTenure,
            strict: false)
    }

    private init(
        _ checkpoint: Checkpoint, lines: [NoteSignature], of log: LogID, path: String, by verifier: Verifier,
        anyTenure: Bool, strict: Bool
    ) throws(BundleRejection) {
        let origin = Checkpoint.origin(mechanism: verifier.terms.mechanism, log: log)
        guard checkpoint.origin == origin else {
            throw BundleRejection(path, .misplaced)
        }
        var author: NoteSignature?
        var postQuantum: NoteSignature?
        var cosignatures: [(line: NoteSignature, cosignature: Cosignature)] = []
        for line in lines {
            let authors = verifier.authorKeys(of: log, size: checkpoint.size, anyTenure: anyTenure)
            switch NoteKeyMatch(line, log: log, origin: origin, authors: authors, verifier) {
            case .author(let publicKey) where author == nil:
                guard Ed25519.isValid(signature: line.signature, of: Array(checkpoint.text.utf8), by: publicKey) else {
                    guard strict else { continue }
                    throw BundleRejection(path, .headSignature(keyName: line.keyName))
                }
                author = line
            case .postQuantum(let publicKey) where postQuantum == nil:
                guard publicKey.isValid(signature: line.signature, of: Array(checkpoint.text.utf8)) else {
                    guard strict else { continue }
                    throw BundleRejection(path, .headSignature(keyName: line.keyName))
                }
                postQuantum = line
            case .holder(let holder, let publicKey):
                let single = SignedNote(text: checkpoint.text, signatures: [line]).encoded
                guard let receipt = Receipt(note: single, origin: origin, holder: holder, publicKey: publicKey) else {
                    guard strict else { continue }
                    throw BundleRejection(path, .headSignature(keyName: line.keyName))
                }
                cosignatures.append((line, Cosignature(receipt: receipt, publicKey: publicKey)))
            case .author, .postQuantum, .unknown:
                if strict { throw BundleRejection(path, .unexpectedSignature(keyName: line.keyName)) }
            }
        }
        guard let author else { throw BundleRejection(path, .headSignature(keyName: origin)) }
        cosignatures.sort { a, b in
            (a.cosignature.receipt.holder, a.cosignature.publicKey, a.cosignature.receipt.time)
                < (b.cosignature.receipt.holder, b.cosignature.publicKey, b.cosignature.receipt.time)
        }
        // Of one holder and key the first cosignature bounds best; a second one says nothing more.
        var kept: [(line: NoteSignature, cosignature: Cosignature)] = []
        for next in cosignatures {
            let last = kept.last?.cosignature
            guard last?.receipt.holder != next.cosignature.receipt.holder || last?.publicKey != next.cosignature.publicKey
            else { continue }
            kept.append(next)
        }
        self.checkpoint = checkpoint
        self.cosignatures = kept.map(\.cosignature)
        hasPostQuantumSignature = postQuantum != nil
        let cosigned = kept.map(\.line)
        plain = SignedNote(text: checkpoint.text, signatures: [author] + cosigned).encoded
        full = SignedNote(
            text: checkpoint.text, signatures: [author] + (postQuantum.map { [$0] } ?? []) + cosigned
        ).encoded
    }
}

/// Whose signature line this is, by key name and key id; nothing is verified.
private enum NoteKeyMatch {
    case author(Hash32)
    case postQuantum(PostQuantumKey)
    case holder(PartyID, Hash32)
    case unknown

    init(_ line: NoteSignature, log: LogID, origin: String, authors: [Hash32], _ verifier: HeadNote.Verifier) {
        if line.keyName == origin {
            for key in authors where NoteKey(name: origin, algorithm: .ed25519, publicKey: key).keyID == line.keyID {
                self = .author(key)
                return
            }
            if let key = verifier.postQuantumKeys[log.party], key.keyID(name: origin) == line.keyID {
                self = .postQuantum(key)
                return
            }
        }
        // Nobody receipts a log to itself.
        for party in verifier.terms.parties where party.id != log.party {
            for publicKey in verifier.keys.nodeKeys(of: party.id) {
                let key = Receipt.key(of: party.id, publicKey: publicKey)
                guard key.name == line.keyName, key.keyID == line.keyID else { continue }
                self = .holder(party.id, publicKey)
                return
            }
        }
        self = .unknown
    }
}
