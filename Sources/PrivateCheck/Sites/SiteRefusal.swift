/// Why a list, a request or an answer about protected sites is refused. Indexes are into the batch, from 0.
public enum SiteRefusal: Error, Hashable, Sendable {
    /// No message of this kind, or of another version.
    case malformed
    case length(found: Int, expected: Int)
    /// Of another list or key than the one that was logged.
    case otherList
    /// A list that is not sorted, or has an entry twice.
    case order
    /// An answer to another request.
    case otherRequest
    /// No encoding of a point, or the identity.
    case notAPoint(index: Int)
    /// The answers were not made with the logged key.
    case wrongProof
    /// More cells than one batch has.
    case tooManyCells(found: Int, allowed: Int)
    /// A cell of another level than the list's.
    case otherLevel(Int, expected: Int)
    /// Cells that are not sorted, or one twice.
    case cellOrder
    /// The client has asked as much as it may of this list: `left` of `allowed` cells, less than a batch.
    case allowanceSpent(list: UInt64, left: Int, allowed: Int)
    /// More clients than ``Limits/siteClients``.
    case tooManyClients
}

extension SiteRefusal {
    init(_ failure: OprfSuite.Failure) {
        switch failure {
        case .input, .keyDerivation, .count: self = .malformed
        case .element(let index): self = .notAPoint(index: index)
        case .proof: self = .wrongProof
        }
    }
}
