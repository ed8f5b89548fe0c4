import Kernel

/// All that sealing one body takes, but for the body and its salt.
public struct SealPlan: Hashable, Sendable {
    /// Where a reader's key encryption key comes from.
    public enum ReaderKey: Hashable, Sendable {
        /// The record will carry this encapsulation.
        case fresh(Encapsulation)
        /// The record at this lower index carried the encapsulation that gave `key`.
        case earlier(LogIndex, key: Hash32)

        var keyEncryptionKey: Hash32 {
            switch self {
            case .fresh(let encapsulation): encapsulation.key
            case .earlier(_, let key): key
            }
        }
    }

    public struct Reader: Hashable, Sendable {
        public let party: PartyID
        public let key: ReaderKey

        public init(_ party: PartyID, _ key: ReaderKey) {
            self.party = party
            self.key = key
        }
    }

    public let binding: SealBinding
    /// 32 random bytes that seal this one body and no other.
    public let contentKey: Hash32
    /// Rising by party.
    public let readers: [Reader]

    /// - Returns: `nil` without readers, with more than ``Limits/peers``, with a party twice, or with a reference
    ///   that does not point to an earlier record.
    public init?(binding: SealBinding, contentKey: Hash32, readers: [Reader]) {
        let sorted = readers.sorted { $0.party < $1.party }
        guard (1...Limits.peers).contains(sorted.count),
            zip(sorted, sorted.dropFirst()).allSatisfy({ $0.party < $1.party }),
            sorted.allSatisfy({
                if case .earlier(let record, _) = $0.key { record < binding.index } else { true }
            })
        else { return nil }
        self.binding = binding
        self.contentKey = contentKey
        self.readers = sorted
    }
}

extension SealPlan: CustomStringConvertible, CustomReflectable {
    public var description: String {
        "seal of \(binding.log) \(binding.index) for \(readers.map(\.party.name).joined(separator: ", "))"
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
