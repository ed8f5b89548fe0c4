import Kernel

/// Between a count and its cells: what a side needs after RESULT to open the order of its answers, and to read the
/// other's.
///
/// Sorted answers say how many both have, and not which of our points they answer. Who consents sends them in the order
/// of the other side's points; that is what SEAL has committed to, before either knew what would be found, and has to
/// sort to what was sent. Encoded it holds seed and elements: seal it.
public struct CheckConsent: Sendable, Codable {
    let role: CheckSession.Role
    let session: Hash32
    let counted: Int
    private let pointCount: Int
    private let input: CheckInput
    /// Ours, in the order of the other side's points.
    private let answers: Bytes
    private let theirSeal: Hash32
    private let theirOrder: Hash32
    /// Whether this side has opened.
    public internal(set) var hasOpened = false
    /// Whether the other side has, and what it showed was true.
    public internal(set) var hasBeenShown = false

    /// Why nothing is opened.
    public enum Rejection: Error, Hashable, Sendable {
        /// No count has been agreed on, the output wants no consent, or it was declined.
        case nothingToOpen
        case deadlinePassed
    }

    /// - Returns: `nil` when the output wants no consent.
    init?(_ over: CheckSession, _ session: Hash32, _ finding: CheckFinding) {
        guard over.parameters.output == .countThenCells, case .count(let counted) = finding, let input = over.input,
            let answers = over.answers, let theirSeal = over.theirSeal, let theirOrder = over.theirOrder
        else { return nil }
        role = over.role
        self.session = session
        self.counted = counted
        pointCount = over.parameters.pointCount
        self.input = input
        self.answers = answers
        self.theirSeal = theirSeal
        self.theirOrder = theirOrder
    }

    static func salt(_ seed: SecretSeed) -> [UInt8] { seed.derived("order salt") }

    /// OPEN: salt, and our answers in order.
    var opening: [UInt8] {
        var message = MessageWriter(.open, session: session)
        message.put(Self.salt(input.seed))
        message.put(answers.array)
        return message.bytes
    }

    /// Checks the other side's OPEN.
    ///
    /// - Returns: our elements that both have, sorted.
    func elements(openedBy message: [UInt8]) throws(CheckRefusal) -> [CheckElement] {
        var reader = MessageReader(message)
        guard try reader.kind() == .open else { throw .malformed }
        guard try reader.hash() == session else { throw .otherSession }
        let expected = CheckSession.headBytes + 32 + pointCount * CheckTag.byteCount
        guard message.count == expected else { throw .length(.open, found: message.count, expected: expected) }
        let salt = try reader.hash().bytes
        let shown = reader.rest()
        guard CheckSession.orderHash(Array(shown), salt: salt, role.other, session) == theirOrder else {
            throw .wrongOpening
        }
        let tags = CheckTag.list(shown)
        var sealed = MessageWriter(.remask, session: session)
        sealed.put(CheckTag.bytes(tags.sorted()))
        guard CheckSession.sealHash(sealed.bytes, role.other, session) == theirSeal else { throw .wrongOpening }
        let (matched, canaries) = CheckSession.matched(
            tags, ours: CheckTag.list(answers.array[...]).sorted(),
            order: MaskOrder(seed: input.seed, count: pointCount), input.elements)
        guard canaries == Limits.privateCheckCanaries else {
            throw .canariesMissing(found: canaries, expected: Limits.privateCheckCanaries)
        }
        guard matched.count == counted else { throw .openingDiffers(found: matched.count, counted: counted) }
        return matched.sorted()
    }
}
