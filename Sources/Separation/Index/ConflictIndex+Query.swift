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
        var probe = ConflictProbe(tables: tables)
        return query(volumes, kind: kind, mode: mode, excluding: owner, &probe)
    }

    /// As ``query(_:kind:mode:excluding:tables:)`` with the memory and the tables of a probe that was used before.
    public func query(
        _ volumes: [Volume4D], kind: ActivityKind, mode: Mode, excluding owner: PartyID?, _ probe: inout ConflictProbe
    ) -> [Hit] {
        var hits: [Hit] = []
        for (i, volume) in volumes.enumerated() {
            search(volume, kind: kind, mode: mode, excluding: owner, &probe)
            for found in probe.found {
                guard let stored = stored(found.slot) else { continue }
                hits.append(
                    Hit(
                        key: stored.key, owner: stored.owner, volume: stored.volume, queryVolume: i,
                        proven: found.isProven))
            }
        }
        hits.sort { a, b in
            if a.key != b.key { return a.key < b.key }
            return (a.queryVolume, a.volume) < (b.queryVolume, b.volume)
        }
        return hits
    }

    /// Finds the stored volumes that conflict with one; they are in the probe's ``ConflictProbe/found``. Allocates
    /// nothing once the probe has seen volumes of this size, unless a distance has to be measured in full.
    public func search(
        _ volume: Volume4D, kind: ActivityKind, mode: Mode, excluding owner: PartyID?, _ probe: inout ConflictProbe
    ) {
        probe.load(volume, kind: kind, kinds, reference)
        let left = owner.flatMap { owners.firstIndex(of: $0) }.map(Int32.init)
        probe.search(store, mode: mode, footprint: volume.footprint, excludingOwner: left, after: -1)
    }

    /// Numbers behind one hit of a query made with the same arguments, under the first table that it conflicts
    /// under; `nil` when the stored volume has gone.
    public func explanation(
        of hit: Hit, _ volumes: [Volume4D], kind: ActivityKind, tables: [MinimaTable]
    ) -> Explanation? {
        guard let slot = slot(hit.volume, of: hit.key), let stored = store.volumes[slot],
            volumes.indices.contains(hit.queryVolume)
        else { return nil }
        let other = kinds[Int(store.stored[slot].kind)]
        for table in tables {
            let explanation = Explanation(
                volumes[hit.queryVolume], stored, minima: table[kind, other], reference: reference)
            if explanation.verdict.isConflict { return explanation }
        }
        return nil
    }
}
