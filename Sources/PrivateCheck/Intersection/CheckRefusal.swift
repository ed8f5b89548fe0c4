/// Why one side ends a session: what the other sent, which its signature over the message makes its own. Numbers are
/// indexes into the message, from 0.
public enum CheckRefusal: Error, Hashable, Sendable, Codable {
    /// No message of this protocol, or of another version.
    case malformed
    /// Of another session.
    case otherSession
    /// Another message was due.
    case outOfOrder(expected: MessageKind, found: MessageKind)
    /// A second message in the place of one that was taken before, and not the same.
    case changed(MessageKind)
    /// An answer to another proposal.
    case otherProposal
    /// The other side's commitment, or one of its points, is our own sent back.
    case reflected
    /// A message of another length than the size class has.
    case length(MessageKind, found: Int, expected: Int)
    case notCanonical(index: Int)
    case identity(index: Int)
    case repeatedPoint
    /// What MASK shows is not what COMMIT committed to.
    case wrongCommitment
    case repeatedTag
    /// What REMASK shows is not what SEAL committed to.
    case wrongSeal
    /// Answers to points that both put in do not agree: answers were dropped or made with another key.
    case canariesMissing(found: Int, expected: Int)
    /// The other side's result is not ours.
    case resultsDiffer
    /// What OPEN shows is not the order that was sealed, or does not sort to what was.
    case wrongOpening
    /// An opened order in which other elements are found than were counted.
    case openingDiffers(found: Int, counted: Int)
}

/// The messages, in the order in which either side sends them; PROPOSE is the initiator's only, ACCEPT the other's. END
/// may take the place of any but OPEN, which follows RESULT where a side consents.
public enum MessageKind: UInt8, Hashable, Sendable, Codable {
    case propose = 1
    case accept, commit, mask, seal, remask, result, end, open
}
