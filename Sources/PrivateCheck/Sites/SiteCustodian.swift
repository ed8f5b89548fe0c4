import Kernel

/// Who holds a list of protected sites: one epoch's key and list, and the answers to those who ask. It sees neither
/// what is asked nor what matches.
public struct SiteCustodian: Sendable {
    /// To be logged, before anybody asks.
    public let epoch: SiteEpoch
    /// The list as clients download it, 16 bytes an entry.
    public let list: [UInt8]
    private let seed: SecretSeed

    public enum Rejection: Error, Hashable, Sendable {
        /// Day, level or class out of range.
        case outOfRange
        /// More cells than the class has entries.
        case tooManyCells(found: Int, allowed: Int)
        /// A cell of another level than the list's.
        case otherLevel(Int)
        /// Cells that are not sorted, or one twice.
        case cellOrder
        /// No key follows from this seed; another will do.
        case seed
    }

    /// - Parameters:
    ///   - cells: of every site, grown by its margin (``SiteCover``); sorted, each once.
    ///   - day: UTC days from 1970-01-01, when the list was drawn up.
    ///   - sizeClass: entries that the list is padded to, as a power of two. All that a client learns of how many there
    ///     are, so one that does not change from epoch to epoch.
    ///   - seed: of this epoch alone: two epochs under one seed would let what leaks of one open the other.
    public init(
        cells: [Cell], context: Hash32, number: UInt64, day: UInt32, level: Int, sizeClass: Int, seed: SecretSeed
    ) throws(Rejection) {
        guard let key = Self.key(context: context, number: number, seed),
            let publicKey = try? SiteEpoch.suite.publicKey(of: key)
        else { throw .seed }
        let none = Hash32(label: "none")
        guard
            let open = SiteEpoch(
                context: context, number: number, day: day, level: level, sizeClass: sizeClass, publicKey: publicKey,
                listHash: none)
        else { throw .outOfRange }
        guard cells.count <= open.entryCount else { throw .tooManyCells(found: cells.count, allowed: open.entryCount) }
        if let other = cells.first(where: { $0.level != level }) { throw .otherLevel(other.level) }
        guard zip(cells, cells.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .cellOrder }
        let secret = seed.derived("site dummies")
        let dummies = (cells.count..<open.entryCount).map { i in
            CheckTag(Sodium.sha256(secret, open.input(Cell.faces[0]), UInt64(i).bigEndianBytes)[...])
        }
        guard let values = try? SiteEpoch.suite.evaluateAll(cells.map(open.input), key: key) else { throw .seed }
        list = CheckTag.bytes((values.map { CheckTag($0[...]) } + dummies).sorted())
        guard
            let epoch = SiteEpoch(
                context: context, number: number, day: day, level: level, sizeClass: sizeClass, publicKey: publicKey,
                listHash: SiteList.hash(list))
        else { throw .outOfRange }
        self.epoch = epoch
        self.seed = seed
    }

    /// Answers a request: every point multiplied by the epoch's key, and one proof for all that it was this key.
    ///
    /// - Parameters:
    ///   - client: whose signature the request bears.
    ///   - allowance: is charged, and has to be durable before the answer leaves.
    /// - Throws: what is wrong with the request, by name; then nothing is charged.
    public func answer(
        _ request: [UInt8], from client: PartyID, allowance: inout SiteAllowance
    ) throws(SiteRefusal) -> [UInt8] {
        try SiteMessage.request.check(request, epoch)
        let hash = SiteMessage.hash(request)
        var charged = allowance
        try charged.charge(client, request: hash)
        let blinded = SiteMessage.points(request[34...])
        guard let key = Self.key(context: epoch.context, number: epoch.number, seed) else { throw .malformed }
        let suite = SiteEpoch.suite
        let evaluated: [GroupPoint]
        let proof: OprfProof
        do {
            evaluated = try suite.multiplyAll(blinded, by: key)
            // Another request has another nonce, and the same one the same: no two proofs share one.
            let nonce = SecretScalar(reducing: Sodium.sha512(seed.derived("site proof"), hash.bytes))
            proof = try suite.prove(blinded: blinded, evaluated: evaluated, key: key, nonce: nonce)
        } catch {
            throw SiteRefusal(error)
        }
        allowance = charged
        return SiteMessage.answer.head(epoch) + hash.bytes + SiteMessage.bytes(evaluated) + proof.bytes
    }

    private static func key(context: Hash32, number: UInt64, _ seed: SecretSeed) -> SecretScalar? {
        try? SiteEpoch.suite.deriveKey(
            seed: seed.derived("site key"), info: context.bytes + number.bigEndianBytes)
    }
}
