import Evidence

/// What a bundle of evidence is about, and how much of the bodies it shows.
public struct EvidenceChoice: Sendable {
    public enum Bodies: String, Sendable, Hashable, CaseIterable {
        /// Body and salt of everything that this node can read.
        case open
        /// Nothing: order, time and receipt are proven all the same.
        case withheld
        /// The sealed bytes with the key of each one record.
        case sealed
    }

    public var records: RecordChoice
    public var bodies: Bodies

    public init(records: RecordChoice, bodies: Bodies = .open) {
        self.records = records
        self.bodies = bodies
    }
}
