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
            let probe = Probe(volume, reference, widest)
            forEachMeeting(probe, mode, widest.time) { entry in
                guard entry.owner != left else { return }
                let verdict = probe.test(entry, rules.minima(with: kinds[entry.kind], number: entry.kind))
                guard let proven = verdict else { return }
                hits.append(
                    Hit(
                        key: entry.key, owner: owners[entry.owner], volume: entry.volumeIndex, queryVolume: i,
                        proven: proven))
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
        guard let stored = entry(hit.volume, of: hit.key), volumes.indices.contains(hit.queryVolume) else { return nil }
        for table in tables {
            let explanation = Explanation(
                volumes[hit.queryVolume], stored.volume, minima: table[kind, kinds[stored.kind]],
                reference: reference)
            if explanation.verdict.isConflict { return explanation }
        }
        return nil
    }

    @inline(__always)
    private func forEachMeeting(_ probe: Probe, _ mode: Mode, _ margin: Duration, _ visit: (Entry) -> Void) {
        for level in 0...TimeBuckets.openLevel {
            let keys = TimeBuckets.keys(mode, level, near: probe.window, margin: margin)
            for (_, bucket) in buckets.elements(in: keys) {
                bucket.boxes.withUnsafeBufferPointer { boxes in
                    for place in boxes.indices where boxes[place].meets(probe.box) {
                        if let entry = entries[bucket.slots[place]] { visit(entry) }
                    }
                }
            }
        }
    }

    /// One volume of a query, in the forms in which it is compared.
    private struct Probe {
        let window: TimeWindow
        let prepared: PreparedFootprint
        let extent: VerticalExtent
        let box: IndexBox

        init(_ volume: Volume4D, _ reference: VerticalReference, _ widest: Minima) {
            window = volume.window
            prepared = PreparedFootprint(volume.footprint)
            extent = VerticalExtent(volume.band, over: volume.footprint, reference)
            let verticalM: Double? =
                switch widest.vertical {
                case .all: nil
                case .metres(let metres): metres + VerticalExtent.roundingM
                }
            box = IndexBox(query: prepared, extent, horizontalM: widest.horizontalM + 1, verticalM: verticalM)
        }

        /// `nil` when separate under every one of the minima; else whether the conflict is proven under any.
        func test(_ entry: Entry, _ minima: [Minima]) -> Bool? {
            var found: Bool?
            for each in minima {
                guard ConflictTest.areWithin(each.time, window, entry.volume.window) else { continue }
                let vertical = ConflictTest.vertical(extent, entry.extent, each.vertical)
                guard vertical != .farther else { continue }
                let horizontal = prepared.closeness(to: entry.prepared, thresholdM: each.horizontalM)
                guard horizontal != .farther else { continue }
                found = found == true || (vertical == .closer && horizontal == .closer)
            }
            return found
        }
    }
}

/// The minima between one kind and others, looked up once each.
private struct PairRules {
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
