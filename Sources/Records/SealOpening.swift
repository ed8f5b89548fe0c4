import Kernel

extension VerifiedRecord {
    public enum OpenedBody: Hashable, Sendable {
        case open(RecordBody)
        /// Not sent to us, or sealed for others.
        case withheld
        /// Sent to us, and it cannot be opened, parsed or understood.
        case unreadable(reason: String)
    }

    /// The body of a record that is not sealed. A sealed one is unreadable here: see
    /// ``opened(by:in:sealing:epochs:decapsulate:)``.
    public var body: OpenedBody {
        if envelope.sealed.isEmpty { return .withheld }
        if SealedBody.cipher(of: envelope.sealed) == .xWing { return .unreadable(reason: "the body is sealed") }
        return understood(SealedBody.opening(envelope.sealed, commitment: header.commitment))
    }

    /// The body, by whatever cipher, for one party of the mechanism.
    /// - Parameters:
    ///   - reader: ourselves.
    ///   - log: where the record stands.
    ///   - sealing: what the terms say; a body that is sealed otherwise is unreadable.
    ///   - epochs: what earlier records brought us; changed when this record begins a sealing epoch for us.
    ///   - decapsulate: with our own key: the encapsulated bytes and HPKE's `info`. Called at most once.
    public func opened(
        by reader: PartyID, in log: LogID, sealing: Sealing, epochs: inout OpenedEpochs,
        decapsulate: ([UInt8], [UInt8]) -> Hash32?
    ) -> OpenedBody {
        if envelope.sealed.isEmpty { return .withheld }
        switch (SealedBody.cipher(of: envelope.sealed), sealing) {
        case (.unsealed, .none): return body
        case (.xWing, .xWing): break
        case (nil, _): return .unreadable(reason: "its cipher is not known")
        case (.unsealed, .xWing): return .unreadable(reason: "it is not sealed, as the terms ask")
        case (.xWing, .none): return .unreadable(reason: "it is sealed, and the terms do not provide for that")
        }
        guard sealReaders.contains(reader) else { return .withheld }
        guard let entry = sealEntry(for: reader) else {
            return .unreadable(reason: "it is not sealed for exactly its audience")
        }
        let binding = sealBinding(in: log)
        guard let key = epochs.key(for: entry, binding: binding, decapsulate: decapsulate) else {
            return .unreadable(reason: "the key that seals it is not one we were given")
        }
        guard let contentKey = entry.contentKey(under: key, binding: binding) else {
            return .unreadable(reason: "its content key is not wrapped for us")
        }
        return opened(contentKey: contentKey, in: log)
    }

    /// With the content key of this one record, such as one that was disclosed.
    public func opened(contentKey: Hash32, in log: LogID) -> OpenedBody {
        if envelope.sealed.isEmpty { return .withheld }
        return understood(
            SealedBody.opening(
                envelope.sealed, contentKey: contentKey, binding: sealBinding(in: log), commitment: header.commitment))
    }

    /// The content key, to be disclosed: it opens this record and no other.
    /// - Parameters:
    ///   - earlier: the record of the same log at an index, which our entry may refer to.
    ///   - decapsulate: with our own key: the encapsulated bytes and HPKE's `info`. Called at most once.
    /// - Returns: `nil` for a body that is not sealed for us, or not with X-Wing.
    public func contentKey(
        for reader: PartyID, in log: LogID, earlier: (LogIndex) -> VerifiedRecord?,
        decapsulate: ([UInt8], [UInt8]) -> Hash32?
    ) -> Hash32? {
        guard let entry = sealEntry(for: reader) else { return nil }
        let binding = sealBinding(in: log)
        let encapsulated: [UInt8]
        switch entry.source {
        case .fresh(let bytes): encapsulated = bytes
        case .earlier(let index):
            guard index < header.index, let source = earlier(index)?.sealEntry(for: reader)?.source,
                case .fresh(let bytes) = source
            else { return nil }
            encapsulated = bytes
        }
        return decapsulate(encapsulated, binding.encapsulationInfo(for: reader)).flatMap {
            entry.contentKey(under: $0, binding: binding)
        }
    }

    public func sealBinding(in log: LogID) -> SealBinding {
        SealBinding(mechanism: header.mechanism, log: log, index: header.index)
    }

    /// Our entry; `nil` also when the readers are not exactly audience and author.
    public func sealEntry(for reader: PartyID) -> SealReader? {
        guard let readers = SealedBody.readers(of: envelope.sealed), readers.map(\.party) == sealReaders else {
            return nil
        }
        return readers.first { $0.party == reader }
    }

    private var sealReaders: [PartyID] { SealPlan.readers(audience: header.audience, author: header.author) }

    private func understood(_ bytes: [UInt8]?) -> OpenedBody {
        guard let bytes else { return .unreadable(reason: "the body does not match its commitment") }
        do throws(BodyRejection) {
            return .open(try RecordBody.read(bytes))
        } catch {
            return .unreadable(reason: error.sentence)
        }
    }
}

extension SealPlan {
    /// Who must be able to open a record, rising: its audience and its author.
    public static func readers(audience: [PartyID], author: PartyID) -> [PartyID] {
        SortedSet(audience + [author]).elements
    }
}

extension VerifiedRecord {
    /// What to show of this record to somebody who holds only its header.
    ///
    /// - Parameter contentKey: of a sealed body.
    public func disclosure(contentKey: Hash32?, in log: LogID) -> BodyDisclosure? {
        guard SealedBody.cipher(of: envelope.sealed) == .xWing else {
            return SealedBody.disclosure(of: envelope.sealed, commitment: header.commitment)
        }
        return contentKey.flatMap {
            SealedBody.disclosure(
                of: envelope.sealed, contentKey: $0, binding: sealBinding(in: log), commitment: header.commitment)
        }
    }
}
