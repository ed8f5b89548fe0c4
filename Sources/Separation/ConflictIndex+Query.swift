import Geodesy
import Kernel

extension ConflictIndex {
    /// Stored volumes of the same mode that conflict with any of the given ones.
    ///
    /// - Parameters:
    ///   - volumes: not stored by the query: this is also the what-if check.
    ///   - kind: the kind of the notice that the volumes belong to.
    ///   - owner: the party whose volumes are left out, as a party's own notices do not conflict; `nil` leaves none
    ///     out.
    ///   - tables: a conflict under any of them counts. With none there are no conflicts.
    /// - Returns: in the order of key, query volume, stored volume; each pair once.
    public func query(
        _ volumes: [Volume4D], kind: ActivityKind, mode: Mode, excluding owner: PartyID?, tables: [MinimaTable]
    ) -> [Hit] {
        var rules = PairRules(kind: kind, tables: tables)
        guard let widest = rules.widest else { return [] }
        let left = owner.flatMap { owners.firstIndex(of: $0) }
        var hits: [Hit] = []
        for (i, volume) in volumes.enumerated() {
            let probe = ProbeVolume(volume, reference, widest: widest)
            let found = store.hits(
                probe, mode, excludingOwner: left, kinds: kinds, &rules, margin: widest.time)
            for (slot, proven) in found {
                guard let stored = store[slot], let key = keys[stored.notice] else { continue }
                hits.append(
                    Hit(
                        key: key, owner: owners[stored.owner], volume: stored.index, queryVolume: i, proven: proven))
            }
        }
        hits.sort { a, b in
            if a.key != b.key { return a.key < b.key }
            return (a.queryVolume, a.volume) < (b.queryVolume, b.volume)
        }
        return hits
    }

    /// Numbers behind one hit of a query made with the same arguments, under the first table that it conflicts
    /// under; `nil` when the stored volume has gone.
    public func explanation(
        of hit: Hit, _ volumes: [Volume4D], kind: ActivityKind, tables: [MinimaTable]
    ) -> Explanation? {
        guard let stored = stored(hit.volume, of: hit.key), volumes.indices.contains(hit.queryVolume) else {
            return nil
        }
        for table in tables {
            let explanation = Explanation(
                volumes[hit.queryVolume], stored.volume, minima: table[kind, kinds[stored.kind]],
                reference: reference)
            if explanation.verdict.isConflict { return explanation }
        }
        return nil
    }
}

/// The minima between one kind and others, looked up once each.
struct PairRules {
    private let kind: ActivityKind
    private let tables: [MinimaTable]
    private var known: [[Minima]?] = []
    /// On each axis the largest of all tables.
    let widest: Minima?

    init(kind: ActivityKind, tables: [MinimaTable]) {
        self.kind = kind
        self.tables = tables
        widest = tables.dropFirst().reduce(tables.first?.worst) { $0?.stricter($1.worst) }
    }

    /// - Parameter number: a small number that stands for the other kind.
    mutating func minima(with other: ActivityKind, number: Int) -> [Minima] {
        if number >= known.count { known += Array(repeating: nil, count: number + 1 - known.count) }
        if let minima = known[number] { return minima }
        var minima: [Minima] = []
        for table in tables where !minima.contains(table[kind, other]) { minima.append(table[kind, other]) }
        known[number] = minima
        return minima
    }
}
