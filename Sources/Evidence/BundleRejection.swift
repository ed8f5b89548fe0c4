import Kernel

/// Why a bundle does not hold, and which of its files says so.
public struct BundleRejection: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        case tooLarge(limit: Int)
        /// The bytes are not the one archive that these files make; the offset counts from the start of the bundle.
        case archiveNotCanonical(offset: Int)
        /// No file of a bundle is called so, or not in this place.
        case unknownFile
        case missingFile
        case malformed
        /// The manifest is not signed by the node of the party that it names.
        case manifestSignature
        /// The manifest does not list exactly the files of the archive, in order.
        case notListed
        /// The file is not the one that the manifest was signed over.
        case notAsSigned
        case wrongMechanism(found: MechanismID)
        case unknownParty(PartyID)
        case termsRefused(sentence: String)
        case readmeChanged
        /// The policy is not the one that follows from the terms and the statements.
        case policyDiffers
        case statementRefused(sentence: String)
        /// The key is not the one that the terms name.
        case wrongKey
        /// A signature line of a head: by whom it claims to be.
        case headSignature(keyName: String)
        /// A signature line of a key that is none of the mechanism's, or out of its place.
        case unexpectedSignature(keyName: String)
        /// The head and the newest head of the bundle are not of one history.
        case inconsistent
        /// The record's header speaks of another mechanism, log or place.
        case misplaced
        case recordSignature
        /// The proof rests on another head than the newest one of the bundle.
        case proofHead
        case notIncluded
        /// The body and its salt are not what the header commits to.
        case commitment
        /// The sealed bytes are not those that the header names.
        case sealedHash
        /// The content key does not open the sealed body.
        case contentKey
        /// The two heads of a fork proof can stand in one history.
        case notAFork
    }

    /// Relative to `parley-evidence/`; empty for the archive as a whole.
    public let path: String
    public let reason: Reason

    public init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// A short stable name.
    public var name: String {
        switch reason {
        case .tooLarge: "tooLarge"
        case .archiveNotCanonical: "archiveNotCanonical"
        case .unknownFile: "unknownFile"
        case .missingFile: "missingFile"
        case .malformed: "malformed"
        case .manifestSignature: "manifestSignature"
        case .notListed: "notListed"
        case .notAsSigned: "notAsSigned"
        case .wrongMechanism: "wrongMechanism"
        case .unknownParty: "unknownParty"
        case .termsRefused: "termsRefused"
        case .readmeChanged: "readmeChanged"
        case .policyDiffers: "policyDiffers"
        case .statementRefused: "statementRefused"
        case .wrongKey: "wrongKey"
        case .headSignature: "headSignature"
        case .unexpectedSignature: "unexpectedSignature"
        case .inconsistent: "inconsistent"
        case .misplaced: "misplaced"
        case .recordSignature: "recordSignature"
        case .proofHead: "proofHead"
        case .notIncluded: "notIncluded"
        case .commitment: "commitment"
        case .sealedHash: "sealedHash"
        case .contentKey: "contentKey"
        case .notAFork: "notAFork"
        }
    }

    /// One sentence for a person.
    public var sentence: String { path.isEmpty ? "the bundle \(predicate)" : "\(path) \(predicate)" }

    private var predicate: String {
        switch reason {
        case .tooLarge(let limit): "is larger than the limit of \(limit)"
        case .archiveNotCanonical(let offset): "is not a canonical archive, from byte \(offset) on"
        case .unknownFile: "is no file of a bundle"
        case .missingFile: "is missing"
        case .malformed: "is malformed"
        case .manifestSignature: "is not signed by the node of the party that it names"
        case .notListed: "is not listed, or not in its place, in the manifest"
        case .notAsSigned: "is not the file that the manifest was signed over"
        case .wrongMechanism(let found): "belongs to another mechanism, \(found.hex)"
        case .unknownParty(let party): "names \(party), which is no party of the terms"
        case .termsRefused(let sentence): "cannot be read: \(sentence)"
        case .readmeChanged: "is not the text that every bundle carries"
        case .policyDiffers: "does not follow from the terms and the statements"
        case .statementRefused(let sentence): "is refused: \(sentence)"
        case .wrongKey: "is not the key that the terms name"
        case .headSignature(let keyName): "has an invalid signature of \(keyName)"
        case .unexpectedSignature(let keyName): "has a signature of \(keyName) that does not belong there"
        case .inconsistent: "does not prove one history with the newest head"
        case .misplaced: "speaks of another mechanism, log or index than its place says"
        case .recordSignature: "is not signed by its author"
        case .proofHead: "rests on another head than the newest of its log"
        case .notIncluded: "does not prove that the record is in its log"
        case .commitment: "is not what the record commits to"
        case .sealedHash: "is not the sealed body that the record names"
        case .contentKey: "does not open the sealed body"
        case .notAFork: "does not show two histories"
        }
    }
}
