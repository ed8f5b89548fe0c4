import Geodesy
import Kernel
import Records
import Separation

/// What a sentence or a picture of a conflict needs to know.
public struct ConflictAccount: Sendable {
    public struct Side: Sendable {
        public let notice: NoticeID
        public let kind: ActivityKind
        /// The party's name as the terms have it: anything may stand in it.
        public let partyName: String
        /// Whether it is the reader's own.
        public let isOwn: Bool
        /// As the conflict test sees them: open-ended once the owner's word is missing.
        public let volumes: [Volume4D]

        public init(
            notice: NoticeID, kind: ActivityKind, partyName: String, isOwn: Bool, volumes: [Volume4D]
        ) {
            self.notice = notice
            self.kind = kind
            self.partyName = partyName
            self.isOwn = isOwn
            self.volumes = volumes
        }
    }

    public let first: Side
    public let second: Side
    public let mode: Mode
    /// Such as `open`.
    public let state: String
    /// Of the newest versions; its pairs index the volumes of the two sides.
    public let why: NoticePairExplanation
    public let reference: VerticalReference

    /// - Returns: `nil` when either side has no volume.
    public init?(first: Side, second: Side, mode: Mode, state: String, minima: Minima, reference: VerticalReference) {
        guard
            let why = NoticePairExplanation(first.volumes, second.volumes, minima: minima, reference: reference)
        else { return nil }
        self.first = first
        self.second = second
        self.mode = mode
        self.state = state
        self.why = why
        self.reference = reference
    }

    var firstVolume: Volume4D { first.volumes[why.worst.first] }
    var secondVolume: Volume4D { second.volumes[why.worst.second] }
}
