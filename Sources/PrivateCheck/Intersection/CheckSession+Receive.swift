import Kernel

extension CheckSession {
    /// Takes a message of the other side, whose signature has been checked.
    ///
    /// Whatever it holds, this neither traps nor throws: what is wrong with it ends the session with a reason by name.
    ///
    /// - Parameter prepared: for the initiator at ACCEPT: made earlier from the same input and parameters.
    public mutating func receive(
        _ message: [UInt8], prepared: PreparedMask? = nil, now: UTCInstant
    ) -> CheckReaction {
        let late = tick(now: now)
        guard outcome == nil else { return consent == nil ? late : opened(message) }
        let hash = Hash32(label: "message", message)
        // The record may bring a message again, and so may a peer that was restarted.
        guard !received.contains(hash) else { return CheckReaction() }
        do throws(CheckRefusal) {
            var reader = MessageReader(message)
            let kind = try reader.kind()
            if kind == .end { return try endedByPeer(&reader) }
            let expected = nextKind
            guard kind == expected else {
                throw kind.rawValue < expected.rawValue && kind != .propose
                    ? .changed(kind) : .outOfOrder(expected: expected, found: kind)
            }
            if kind == .accept {
                try takeAccept(&reader, message, prepared)
            } else {
                guard let session else { throw .outOfOrder(expected: .accept, found: kind) }
                guard try reader.hash() == session else { throw .otherSession }
                try checkLength(kind, message)
                try take(kind, &reader, message, session)
            }
            let before = sent.count
            received.append(hash)
            send(after: kind)
            return CheckReaction(outbound: sent[before...].map(\.array), outcome: outcome)
        } catch {
            return end(.refused(error), telling: error)
        }
    }

    /// What the other side has to send next.
    var nextKind: MessageKind {
        let kinds: [MessageKind] = [role == .initiator ? .accept : .propose, .commit, .mask, .seal, .remask, .result]
        return kinds[min(received.count, kinds.count - 1)]
    }

    private func checkLength(_ kind: MessageKind, _ message: [UInt8]) throws(CheckRefusal) {
        let expected =
            switch kind {
            case .propose, .accept, .end, .open: message.count
            case .commit, .result: Self.headBytes + 32
            case .seal: Self.headBytes + (parameters.output == .countThenCells ? 64 : 32)
            case .mask: Self.maskHeadBytes + parameters.pointCount * GroupPoint.byteCount
            case .remask: Self.headBytes + parameters.pointCount * CheckTag.byteCount
            }
        guard message.count == expected else { throw .length(kind, found: message.count, expected: expected) }
    }

    private mutating func takeAccept(
        _ reader: inout MessageReader, _ message: [UInt8], _ prepared: PreparedMask?
    ) throws(CheckRefusal) {
        guard try reader.hash() == CheckProposal(proposal.array).hash else { throw .otherProposal }
        _ = try reader.hash()
        try reader.end()
        guard let input else { throw .malformed }
        let session = Self.session(proposal: proposal.array, accept: message)
        self.session = session
        mask = Bytes(Self.mask(input, parameters, session, prepared))
    }

    private mutating func take(
        _ kind: MessageKind, _ reader: inout MessageReader, _ message: [UInt8], _ session: Hash32
    ) throws(CheckRefusal) {
        switch kind {
        case .commit:
            let commitment = try reader.hash()
            guard commitment != mask.map({ Self.commitment($0.array, role, session) }) else { throw .reflected }
            theirCommitment = commitment
        case .mask:
            guard Self.commitment(message, role.other, session) == theirCommitment else { throw .wrongCommitment }
            guard let input else { throw .malformed }
            _ = try reader.hash()
            let answer = try Remask(
                theirs: Self.points(reader.rest()), ours: ownPoints, seed: input.seed, session: session,
                output: parameters.output)
            var out = MessageWriter(.remask, session: session)
            out.put(CheckTag.bytes(answer.tags))
            remask = Bytes(out.bytes)
            if parameters.output == .countThenCells { answers = Bytes(CheckTag.bytes(answer.inOrder)) }
        case .seal:
            theirSeal = try reader.hash()
            if parameters.output == .countThenCells { theirOrder = try reader.hash() }
        case .remask:
            guard Self.sealHash(message, role.other, session) == theirSeal else { throw .wrongSeal }
            try find(CheckTag.list(reader.rest()))
        case .result:
            // The hash of REMASK is the last that went into ours.
            guard try reader.hash() == transcript(session) else { throw .resultsDiffer }
            guard let finding else { throw .malformed }
            outcome = .agreed(finding)
            consent = CheckConsent(self, session, finding)
            erase()
        case .propose, .accept, .end, .open: throw .malformed
        }
    }

    /// What this side has to say to a message that it has taken.
    private mutating func send(after kind: MessageKind) {
        guard let session, let mask else { return }
        switch kind {
        case .accept: sent.append(Bytes(Self.commit(mask.array, role, session)))
        case .commit: sent.append(mask)
        case .mask:
            guard let remask else { return }
            var seal = MessageWriter(.seal, session: session)
            seal.put(Self.sealHash(remask.array, role, session).bytes)
            if let answers, let input {
                seal.put(
                    Self.orderHash(answers.array, salt: CheckConsent.salt(input.seed), role, session).bytes)
            }
            sent.append(Bytes(seal.bytes))
        case .seal: if let remask { sent.append(remask) }
        case .remask: sent.append(Bytes(result(session)))
        case .result, .propose, .end, .open: break
        }
    }

    private mutating func endedByPeer(_ reader: inout MessageReader) throws(CheckRefusal) -> CheckReaction {
        let named = try reader.hash()
        guard named == session ?? Hash32(label: "none") || named == Hash32(label: "none") else { throw .otherSession }
        let reason = try reader.byte()
        try reader.end()
        return end(.endedByPeer(reason: reason), telling: nil)
    }
}
