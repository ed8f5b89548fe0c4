import Kernel

/// What a custodian publishes of a list of protected sites for one epoch. It stands in the joint record, so that every
/// client is held to the same key and the same list.
public struct SiteEpoch: Hashable, Sendable {
    /// Of the mechanism: lists of two mechanisms have nothing in common.
    public let context: Hash32
    /// Rises by one with each list and key.
    public let number: UInt64
    /// When the list was drawn up, by its UTC day, counted from 1970-01-01; the years 1970 … 9999.
    public let day: UInt32
    /// Of every cell, ``Limits/privateCheckLevels``.
    public let level: Int
    /// The list has 2 to the power of this entries, real and dummy: ``Limits/siteListClasses``.
    public let sizeClass: Int
    /// That every answer of the epoch is proven to be made with.
    public let publicKey: GroupPoint
    /// Of the sorted, shortened outputs: ``SiteList``.
    public let listHash: Hash32

    public var entryCount: Int { 1 << sizeClass }

    /// One form: version, then every field in order, big-endian; ``byteCount`` bytes.
    public var bytes: [UInt8] {
        var out = MessageWriter()
        out.put(Self.version)
        out.put(context.bytes)
        out.put(number)
        out.put(UInt64(day))
        out.put(UInt8(level))
        out.put(UInt8(sizeClass))
        out.put(publicKey.bytes)
        out.put(listHash.bytes)
        return out.bytes
    }

    /// SHA-256 over a label and ``bytes``: what is logged, and what every message of the epoch names.
    public var hash: Hash32 { Hash32(label: "site epoch", bytes) }

    /// `2026-11-24`.
    public var date: String {
        String(UTCInstant(microseconds: Int64(day) * 86_400_000_000).rfc3339.prefix { $0 != "T" })
    }

    public static let byteCount = 115
    private static let version: UInt8 = 1
    static let lastDay: UInt32 = 2_932_896

    /// Reads what a custodian has published.
    ///
    /// - Parameter logged: the hash that stands in the joint record for this epoch.
    /// - Throws: `otherList` when these bytes are not those that were logged: another key or list than the others got;
    ///   `malformed` when they are no epoch within every limit, although logged.
    public init(_ bytes: [UInt8], logged: Hash32) throws(SiteRefusal) {
        guard Hash32(label: "site epoch", bytes) == logged else { throw .otherList }
        guard let epoch = Self.read(bytes) else { throw .malformed }
        self = epoch
    }

    private static func read(_ bytes: [UInt8]) -> SiteEpoch? {
        var reader = MessageReader(bytes)
        guard bytes.count == byteCount, (try? reader.byte()) == version, let context = try? reader.hash(),
            let number = try? reader.number(), let day = (try? reader.number()).flatMap(UInt32.init(exactly:)),
            let level = try? reader.byte(), let sizeClass = try? reader.byte(), let key = try? reader.hash(),
            let publicKey = try? GroupPoint(key.bytes[...]), let listHash = try? reader.hash()
        else { return nil }
        return SiteEpoch(
            context: context, number: number, day: day, level: Int(level), sizeClass: Int(sizeClass),
            publicKey: publicKey, listHash: listHash)
    }

    /// - Returns: `nil` when a number is out of range.
    init?(
        context: Hash32, number: UInt64, day: UInt32, level: Int, sizeClass: Int, publicKey: GroupPoint,
        listHash: Hash32
    ) {
        guard day <= Self.lastDay, Limits.privateCheckLevels.contains(level),
            Limits.siteListClasses.contains(sizeClass)
        else { return nil }
        self.context = context
        self.number = number
        self.day = day
        self.level = level
        self.sizeClass = sizeClass
        self.publicKey = publicKey
        self.listHash = listHash
    }

    /// What the function is asked for a cell: of this mechanism and epoch alone.
    func input(_ cell: Cell) -> [UInt8] {
        var out = MessageWriter()
        out.put(Array("parley protected site 1\n".utf8))
        out.put(context.bytes)
        out.put(number)
        out.put(cell.id)
        return out.bytes
    }

    static let suite = OprfSuite(.voprf)
}
