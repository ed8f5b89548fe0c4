import Kernel

/// What one party needs to open one sealed body: where its key encryption key comes from, and the content key
/// wrapped under it.
public struct SealReader: Hashable, Sendable {
    public enum KeySource: Hashable, Sendable {
        /// This record carries the encapsulation, 1 120 bytes.
        case fresh(encapsulated: [UInt8])
        /// An earlier record of the same log carries it.
        case earlier(LogIndex)
    }

    public let party: PartyID
    public let source: KeySource
    /// The content key and a tag, 48 bytes.
    public let wrapped: [UInt8]

    static let wrappedBytes = 48
    private static let modeEarlier: UInt8 = 0x00
    private static let modeFresh: UInt8 = 0x01

    init(party: PartyID, source: KeySource, wrapped: [UInt8]) {
        self.party = party
        self.source = source
        self.wrapped = wrapped
    }

    /// Wraps the content key for one reader.
    init(_ reader: SealPlan.Reader, contentKey: Hash32, binding: SealBinding) {
        party = reader.party
        source =
            switch reader.key {
            case .fresh(let encapsulation): .fresh(encapsulated: encapsulation.encapsulated)
            case .earlier(let record, _): .earlier(record)
            }
        wrapped = SealCipher.sealing(
            contentKey.bytes, key: reader.key.keyEncryptionKey, nonce: binding.contentKeyNonce,
            context: binding.contentKeyContext(for: reader.party))
    }

    /// - Returns: `nil` unless it was wrapped under exactly this key for exactly this place and reader.
    public func contentKey(under keyEncryptionKey: Hash32, binding: SealBinding) -> Hash32? {
        SealCipher.opening(
            wrapped[...], key: keyEncryptionKey, nonce: binding.contentKeyNonce,
            context: binding.contentKeyContext(for: party)
        ).flatMap { Hash32($0) }
    }

    var encoded: [UInt8] {
        let name = Array(party.name.utf8)
        var bytes = [UInt8(name.count)] + name
        switch source {
        case .earlier(let record): bytes += [SealReader.modeEarlier] + bigEndian(record)
        case .fresh(let encapsulated): bytes += [SealReader.modeFresh] + encapsulated
        }
        return bytes + wrapped
    }

    /// Takes one entry off the front; `nil` when there is none of this form.
    init?(parsing bytes: inout ArraySlice<UInt8>) {
        func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard bytes.count >= count else { return nil }
            defer { bytes = bytes.dropFirst(count) }
            return bytes.prefix(count)
        }
        guard let length = take(1)?.first, let name = take(Int(length)),
            let text = String(validating: name, as: UTF8.self), let party = PartyID(text), let mode = take(1)?.first
        else { return nil }
        self.party = party
        switch mode {
        case SealReader.modeEarlier:
            guard let index = take(8).map(readBigEndian64), index < Limits.largestInteger else { return nil }
            source = .earlier(index)
        case SealReader.modeFresh:
            guard let encapsulated = take(Encapsulation.byteCount) else { return nil }
            source = .fresh(encapsulated: Array(encapsulated))
        default: return nil
        }
        guard let wrapped = take(SealReader.wrappedBytes) else { return nil }
        self.wrapped = Array(wrapped)
    }
}

extension SealReader: CustomStringConvertible {
    public var description: String {
        switch source {
        case .fresh: "\(party) by an encapsulation here"
        case .earlier(let record): "\(party) by the encapsulation of record \(record)"
        }
    }
}
