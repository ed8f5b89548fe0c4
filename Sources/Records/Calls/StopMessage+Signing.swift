import JointLog
import Kernel

extension StopMessage {
    /// The name of a party's key for STOP.
    public static func keyName(mechanism: MechanismID, party: PartyID) -> String {
        "parley/\(mechanism.hex)/\(party.name)/stop"
    }

    /// The signed note as it is sent.
    ///
    /// - Parameters:
    ///   - publicKey: of the author's stop key, as the terms name it.
    ///   - sign: signs bytes with that key.
    public func signed(publicKey: Hash32, sign: ([UInt8]) -> [UInt8]) -> String {
        let name = StopMessage.keyName(mechanism: mechanism, party: author)
        let key = NoteKey(name: name, algorithm: .ed25519, publicKey: publicKey)
        let text = text
        return SignedNote(text: text, signatures: [key.signing(text, sign: sign)]).encoded
    }

    /// The only way in for a note from a peer.
    ///
    /// - Throws: the first thing that is wrong; what is not of this mechanism or not of a party is never verified.
    public static func read(note: String, terms: Terms) throws(StopRejection) -> StopMessage {
        let (message, signed) = try parsed(note)
        guard message.mechanism == terms.mechanism else { throw .otherMechanism(message.mechanism) }
        guard let author = terms.party(message.author) else { throw .unknownAuthor(message.author) }
        let name = keyName(mechanism: message.mechanism, party: author.id)
        let key = NoteKey(name: name, algorithm: .ed25519, publicKey: author.stopKey)
        guard signed.signers(among: [key]) != nil else { throw .badSignature(author.id) }
        return message
    }

    /// Of what a note says that it is the receipt, and whose: unverified, only to pass over a copy of a receipt that is
    /// known. `nil` for a note of another kind.
    public static func claimedReceipt(note: String) -> (message: Hash32, by: PartyID)? {
        let lines = note.utf8.split(separator: 0x0A, maxSplits: 7, omittingEmptySubsequences: false)
        guard note.utf8.count <= largestBytes, lines.count == 8, lines[5].elementsEqual("received".utf8),
            let by = PartyID(String(decoding: lines[2], as: UTF8.self)),
            let message = Hash32(hex: String(decoding: lines[6].dropFirst(12).dropLast(2), as: UTF8.self))
        else { return nil }
        return (message, by)
    }

    /// A note of this node's own file, which was verified when it came, perhaps by a key that is no longer in the terms.
    public static func trusted(note: String) throws(StopRejection) -> StopMessage { try parsed(note).0 }

    private static func parsed(_ note: String) throws(StopRejection) -> (StopMessage, SignedNote) {
        guard note.utf8.count <= largestBytes else { throw .tooLarge }
        // One line and no more: a note has one form, so that a flipped byte anywhere is found.
        guard let signed = SignedNote(encoded: note), signed.signatures.count == 1 else { throw .notANote }
        guard let message = StopMessage(text: signed.text) else { throw .malformed }
        return (message, signed)
    }
}

/// Why a note is not a message of the STOP path.
public enum StopRejection: Error, Hashable, Sendable {
    case tooLarge
    /// Not a text with exactly one signature line.
    case notANote
    /// Not the text of a STOP message, or not as it would be written, or a field beyond its limits.
    case malformed
    case otherMechanism(MechanismID)
    case unknownAuthor(PartyID)
    /// Not signed by the stop key that the terms name for its author.
    case badSignature(PartyID)

    public var name: String {
        switch self {
        case .tooLarge: "tooLarge"
        case .notANote: "notANote"
        case .malformed: "malformed"
        case .otherMechanism: "otherMechanism"
        case .unknownAuthor: "unknownAuthor"
        case .badSignature: "badSignature"
        }
    }

    /// One sentence for a person.
    public var sentence: String {
        switch self {
        case .tooLarge: "the message is longer than \(StopMessage.largestBytes) bytes"
        case .notANote: "the text is not a note with one signature"
        case .malformed: "the text is not a STOP message as it would be written"
        case .otherMechanism: "the message is of another mechanism"
        case .unknownAuthor(let party): "the terms know no party \(party)"
        case .badSignature(let party): "the signature is not of the STOP key of \(party)"
        }
    }
}
