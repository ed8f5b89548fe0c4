import JointLog
import Kernel

/// A root statement with signature lines, of which nothing is known yet. Nothing acts on one.
public struct SignedRootStatement: Hashable, Sendable {
    public let statement: RootStatement
    private let note: SignedNote

    /// A statement takes under 3 KiB, eight signatures under 2.
    public static let largestBytes = 8_192

    /// Without any signature yet.
    public init(_ statement: RootStatement) {
        self.statement = statement
        note = SignedNote(text: statement.text, signatures: [])
    }

    /// - Returns: `nil` unless the text is a signed note, strictly, whose text is a statement, strictly.
    public init?(note encoded: String) {
        guard encoded.utf8.count <= SignedRootStatement.largestBytes, let note = SignedNote(encoded: encoded),
            let statement = RootStatement(text: note.text)
        else { return nil }
        self.statement = statement
        self.note = note
    }

    private init(_ statement: RootStatement, _ note: SignedNote) {
        self.statement = statement
        self.note = note
    }

    /// The note; without a signature it is no note yet, and ``init(note:)`` refuses it.
    public var encoded: String { note.encoded }

    /// How many signature lines there are, valid or not.
    public var signatureCount: Int { note.signatures.count }

    /// The note with one signature line more.
    ///
    /// - Parameter sign: signs bytes with the root key.
    public func signed(by publicKey: Hash32, sign: ([UInt8]) -> [UInt8]) -> SignedRootStatement {
        let key = NoteKey(name: keyName, algorithm: .ed25519, publicKey: publicKey)
        let line = NoteSignature(keyName: key.name, keyID: key.keyID, signature: sign(Array(note.text.utf8)))
        return SignedRootStatement(statement, SignedNote(text: note.text, signatures: note.signatures + [line]))
    }

    /// Which of these keys have signed. Lines of other keys are skipped, as `signed-note` has it.
    ///
    /// - Throws: ``RootStatementRejection/badSignature`` for a line of one of these keys that does not hold.
    public func signers(among keys: [Hash32]) throws(RootStatementRejection) -> [Hash32] {
        let message = Array(note.text.utf8)
        var found = SortedSet<Hash32>()
        for line in note.signatures where line.keyName == keyName {
            let named = keys.filter {
                NoteKey(name: keyName, algorithm: .ed25519, publicKey: $0).keyID == line.keyID
            }
            let signer = named.first { Ed25519.isValid(signature: line.signature, of: message, by: $0) }
            guard let signer else {
                if named.isEmpty { continue }
                throw .badSignature
            }
            found.insert(signer)
        }
        return found.elements
    }

    private var keyName: String { RootKeys.keyName(mechanism: statement.mechanism, party: statement.party) }

    /// The only way from a peer's text to a ``VerifiedRootStatement``.
    public func verified(by terms: Terms) throws(RootStatementRejection) -> VerifiedRootStatement {
        guard statement.mechanism == terms.mechanism else { throw .wrongMechanism(statement.mechanism) }
        guard let party = terms.party(statement.party) else { throw .unknownParty(statement.party) }
        guard let roots = party.roots else { throw .noRoots(party.id) }
        guard Ed25519.isUsable(statement.keys.node) else { throw .unusableNodeKey }
        guard (statement.keys.seal != nil) == (terms.sealing == .xWing) else { throw .sealingDiffers }
        guard !terms.isElsewhere(statement.keys, than: party.id) else { throw .keyOfAnother }
        let signers = try signers(among: roots.keys)
        guard signers.count >= roots.threshold else {
            throw .tooFewSignatures(needed: roots.threshold, found: signers.count)
        }
        return VerifiedRootStatement(statement: statement, note: note.encoded, signers: signers)
    }
}

/// A statement that enough root keys of its party have signed. Whether it may take effect, ``KeyHistory`` says.
public struct VerifiedRootStatement: Hashable, Sendable {
    public let statement: RootStatement
    /// Exactly as it came.
    public let note: String
    /// In rising order, each once.
    public let signers: [Hash32]

    fileprivate init(statement: RootStatement, note: String, signers: [Hash32]) {
        self.statement = statement
        self.note = note
        self.signers = signers
    }
}

/// Why a root statement is not one of its party.
public enum RootStatementRejection: Error, Hashable, Sendable {
    case wrongMechanism(MechanismID)
    case unknownParty(PartyID)
    /// The terms name no root keys of this party: nothing can change its keys.
    case noRoots(PartyID)
    /// Not canonical, or of small order.
    case unusableNodeKey
    /// A sealing key where the terms do not seal, or none where they do.
    case sealingDiffers
    /// The new key is another party's, or a root key.
    case keyOfAnother
    /// A line of a root key does not hold.
    case badSignature
    case tooFewSignatures(needed: Int, found: Int)

    public var name: String {
        switch self {
        case .wrongMechanism: "wrongMechanism"
        case .unknownParty: "unknownParty"
        case .noRoots: "noRoots"
        case .unusableNodeKey: "unusableNodeKey"
        case .sealingDiffers: "sealingDiffers"
        case .keyOfAnother: "keyOfAnother"
        case .badSignature: "badSignature"
        case .tooFewSignatures: "tooFewSignatures"
        }
    }

    /// One sentence for a person.
    public var sentence: String {
        switch self {
        case .wrongMechanism: "the statement is of another mechanism"
        case .unknownParty(let party): "the terms know no party \(party)"
        case .noRoots(let party): "the terms name no root keys of \(party)"
        case .unusableNodeKey: "the new node key is not a usable Ed25519 key"
        case .sealingDiffers: "the statement has a sealing key where the terms do not seal, or none where they do"
        case .keyOfAnother: "a new key is a root key or belongs to another party"
        case .badSignature: "a root key's signature line does not match the text"
        case .tooFewSignatures(let needed, let found):
            "\(found) root keys have signed and \(needed) are needed"
        }
    }
}

extension Terms {
    /// Whether one of the keys is another party's, or anybody's root key, by these terms.
    fileprivate func isElsewhere(_ keys: NodePublicKeys, than party: PartyID) -> Bool {
        parties.contains { other in
            if other.roots?.keys.contains(keys.node) == true { return true }
            guard other.id != party else { return false }
            return other.nodeKey == keys.node || other.tlsKeyHash == keys.tls
                || (keys.seal != nil && other.sealKey == keys.seal)
        }
    }
}
