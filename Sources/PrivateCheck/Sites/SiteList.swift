import Kernel

/// The list of one epoch as a client downloads it: for every cell, the shortened value of a function that only the
/// custodian can compute, among dummies that nothing tells from them. It shows how many entries the class has, and
/// nothing of where a site is.
public struct SiteList: Hashable, Sendable {
    public let epoch: SiteEpoch
    /// 2 to the power of the class's, sorted, each once.
    let tags: [CheckTag]

    /// - Parameters:
    ///   - bytes: 16 for each entry, sorted, as downloaded.
    ///   - epoch: as logged.
    /// - Throws: `length`; `otherList` when it is not the list whose hash was logged; `order` when it is, and yet not
    ///   sorted or an entry stands there twice.
    public init(_ bytes: [UInt8], epoch: SiteEpoch) throws(SiteRefusal) {
        let expected = epoch.entryCount * CheckTag.byteCount
        guard bytes.count == expected else { throw .length(found: bytes.count, expected: expected) }
        guard Self.hash(bytes) == epoch.listHash else { throw .otherList }
        let tags = CheckTag.list(bytes[...])
        guard zip(tags, tags.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .order }
        self.epoch = epoch
        self.tags = tags
    }

    static func hash(_ bytes: [UInt8]) -> Hash32 { Hash32(label: "site list", bytes) }

    /// - Parameter value: the function's, 64 bytes, of which the list has the first 16.
    func holds(_ value: [UInt8]) -> Bool {
        let tag = CheckTag(value[...])
        var (low, high) = (0, tags.count)
        while low < high {
            let middle = (low + high) / 2
            if tags[middle] < tag { low = middle + 1 } else { high = middle }
        }
        return low < tags.count && tags[low] == tag
    }
}
