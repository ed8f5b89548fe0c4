import Kernel

/// The messages that a session makes: each follows from the input and what came before, so that a session taken up
/// after a crash makes the same again.
extension CheckSession {
    static func session(proposal: [UInt8], accept: [UInt8]) -> Hash32 {
        Hash32(label: "session", Sodium.sha256(proposal), Sodium.sha256(accept))
    }

    static func mask(
        _ input: CheckInput, _ parameters: CheckParameters, _ session: Hash32, _ prepared: PreparedMask?
    ) -> [UInt8] {
        let points = PreparedMask.canaries(session: session, seed: input.seed)
            + (prepared ?? PreparedMask(input, parameters: parameters)).points
        let order = MaskOrder(seed: input.seed, count: parameters.pointCount)
        var message = MessageWriter(.mask, session: session)
        message.put(input.inner.bytes)
        return order.sources.reduce(into: message.bytes) { bytes, source in
            points[Int(source)].withBytes { bytes += UnsafeBufferPointer(start: $0, count: GroupPoint.byteCount) }
        }
    }

    /// What COMMIT shows: a hash of everything that MASK will, with the role, so that one side's is never the other's.
    static func commit(_ mask: [UInt8], _ role: Role, _ session: Hash32) -> [UInt8] {
        var message = MessageWriter(.commit, session: session)
        message.put(commitment(mask, role, session).bytes)
        return message.bytes
    }

    static func commitment(_ mask: [UInt8], _ role: Role, _ session: Hash32) -> Hash32 {
        Hash32(label: "commitment", session.bytes, [role.rawValue], mask)
    }

    static func sealHash(_ remask: [UInt8], _ role: Role, _ session: Hash32) -> Hash32 {
        Hash32(label: "seal", session.bytes, [role.rawValue], remask)
    }

    /// To the order of the answers, which their sorted form does not show; hidden by a salt.
    static func orderHash(_ answers: [UInt8], salt: [UInt8], _ role: Role, _ session: Hash32) -> Hash32 {
        Hash32(label: "order", session.bytes, [role.rawValue], salt, answers)
    }

    /// Over every message of both sides up to REMASK, in one order.
    func transcript(_ session: Hash32) -> Hash32 {
        let ours = sent.map { Hash32(label: "message", $0.array) }
        let (first, second) = role == .initiator ? (ours, received) : (received, ours)
        // PROPOSE or ACCEPT, COMMIT, MASK, SEAL, REMASK.
        return Hash32(
            label: "transcript", session.bytes, (first.prefix(5) + second.prefix(5)).flatMap(\.bytes))
    }

    func result(_ session: Hash32) -> [UInt8] {
        var message = MessageWriter(.result, session: session)
        message.put(transcript(session).bytes)
        return message.bytes
    }

    /// Points of our own MASK.
    var ownPoints: [GroupPoint] { Self.points((mask?.array ?? []).dropFirst(Self.maskHeadBytes)) }

    static func points(_ bytes: ArraySlice<UInt8>) -> [GroupPoint] {
        stride(from: bytes.startIndex, to: bytes.endIndex, by: GroupPoint.byteCount).map {
            GroupPoint(unchecked: bytes[$0..<$0 + GroupPoint.byteCount])
        }
    }

    /// Version, kind, session, inner commitment.
    static let maskHeadBytes = 66
    /// Version, kind, session.
    static let headBytes = 34
}

extension CheckRefusal {
    /// What END says; nothing of what was put in.
    var number: UInt8 {
        switch self {
        case .malformed: 1
        case .otherSession: 2
        case .outOfOrder: 3
        case .changed: 4
        case .otherProposal: 5
        case .reflected: 6
        case .length: 7
        case .notCanonical: 8
        case .identity: 9
        case .repeatedPoint: 10
        case .wrongCommitment: 11
        case .repeatedTag: 12
        case .wrongSeal: 13
        case .canariesMissing: 14
        case .resultsDiffer: 15
        case .wrongOpening: 16
        case .openingDiffers: 17
        }
    }
}
