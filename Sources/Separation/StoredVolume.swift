import Geodesy
import Kernel

/// A volume as an index holds it. Notices, owners and kinds are numbers of the index.
struct StoredVolume: Sendable {
    let notice: Int
    let owner: Int
    let kind: Int
    /// Which of the notice's volumes.
    let index: Int
    let volume: Volume4D
    let extent: VerticalExtent
    let prepared: PreparedFootprint
    let address: TimeBuckets.Address
}

/// One volume of a query, in the forms in which it is compared.
struct ProbeVolume {
    let window: TimeWindow
    let prepared: PreparedFootprint
    let extent: VerticalExtent
    let box: IndexBox

    /// - Parameter widest: no minima of the query are larger on any axis.
    init(_ volume: Volume4D, _ reference: VerticalReference, widest: Minima) {
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
    func test(_ stored: StoredVolume, _ minima: [Minima]) -> Bool? {
        var found: Bool?
        for each in minima {
            guard ConflictTest.areWithin(each.time, window, stored.volume.window) else { continue }
            let vertical = ConflictTest.vertical(extent, stored.extent, each.vertical)
            guard vertical != .farther else { continue }
            let horizontal = prepared.closeness(to: stored.prepared, thresholdM: each.horizontalM)
            guard horizontal != .farther else { continue }
            found = found == true || (vertical == .closer && horizontal == .closer)
        }
        return found
    }
}
