import Kernel

/// One batch that a client asks: at most 1,024 cells, in an order that only its seed knows, among dummies. Whoever
/// answers sees 1,024 points, each as likely as any other whatever was asked.
public struct SiteQuery: Sendable {
    public let list: SiteList
    /// To be sent: of the same length whatever is asked.
    public let request: [UInt8]
    private let cells: [Cell]
    private let seed: SecretSeed
    private let order: [UInt32]

    /// - Parameters:
    ///   - cells: of a plan (``SiteCover``), of the list's level; sorted, each once. May be none: a question that never
    ///     comes would say that there is no plan.
    ///   - seed: never used before.
    public init(_ cells: [Cell], of list: SiteList, seed: SecretSeed) throws(SiteRefusal) {
        let epoch = list.epoch
        guard cells.count <= Limits.oprfBatch else {
            throw .tooManyCells(found: cells.count, allowed: Limits.oprfBatch)
        }
        if let other = cells.first(where: { $0.level != epoch.level }) {
            throw .otherLevel(other.level, expected: epoch.level)
        }
        guard zip(cells, cells.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .cellOrder }
        var generator = SeedGenerator(seed.derived("site order"))
        let order = generator.order(Limits.oprfBatch)
        let inputs = order.map { Self.input(Int($0), cells, epoch, seed) }
        let points: [GroupPoint]
        do {
            points = try SiteEpoch.suite.blindAll(inputs) { Self.blind($0, seed) }
        } catch {
            throw SiteRefusal(error)
        }
        self.list = list
        self.cells = cells
        self.seed = seed
        self.order = order
        request = SiteMessage.request.head(epoch) + SiteMessage.bytes(points)
    }

    /// Checks an answer and holds it against the list.
    ///
    /// - Throws: what is wrong with the answer, by name; then nothing is known.
    public func finding(_ answer: [UInt8]) throws(SiteRefusal) -> SiteFinding {
        let epoch = list.epoch
        try SiteMessage.answer.check(answer, epoch)
        guard answer[34..<66] == SiteMessage.hash(request).bytes[...] else { throw .otherRequest }
        let blinded = SiteMessage.points(request[34...])
        let evaluated = SiteMessage.points(answer[66..<answer.count - 64])
        guard let proof = OprfProof(Array(answer.suffix(64))) else { throw .wrongProof }
        if let index = evaluated.firstIndex(of: GroupPoint(encoding: SIMD32())) { throw .notAPoint(index: index) }
        let suite = SiteEpoch.suite
        let seed = seed
        var matches: [Cell] = []
        do {
            try suite.verify(proof, blinded: blinded, evaluated: evaluated, publicKey: epoch.publicKey)
            // Dummies too: how long it takes says nothing about how much was asked.
            let inputs = order.map { Self.input(Int($0), cells, epoch, seed) }
            let values = try suite.finalizeAll(inputs, evaluated: evaluated) { Self.blind($0, seed) }
            for (place, value) in values.enumerated() where list.holds(value) {
                let source = Int(order[place])
                if cells.indices.contains(source) { matches.append(cells[source]) }
            }
        } catch {
            throw SiteRefusal(error)
        }
        return SiteFinding(list: epoch.number, date: epoch.date, asked: cells.count, matches: matches.sorted())
    }

    /// A cell, or secret bytes that no list has.
    private static func input(_ source: Int, _ cells: [Cell], _ epoch: SiteEpoch, _ seed: SecretSeed) -> [UInt8] {
        guard !cells.indices.contains(source) else { return epoch.input(cells[source]) }
        return Array("parley protected site dummy 1\n".utf8)
            + Sodium.sha512(seed.derived("site dummies"), UInt64(source).bigEndianBytes)
    }

    private static func blind(_ place: Int, _ seed: SecretSeed) -> SecretScalar {
        SecretScalar(reducing: Sodium.sha512(seed.derived("site blinds"), UInt64(place).bigEndianBytes))
    }
}
