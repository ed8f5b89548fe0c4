import Geodesy
import Kernel
import Records
import Separation

/// What an officer allows to be changed of a notice, as it is asked for: an axis without bounds stays as it is.
public struct AdviceLimits: Sendable, Hashable {
    public var earlier = Duration.zero
    public var later = Duration.zero
    public var timeStep = Duration.minutes(1)
    public var floor: Altitude?
    public var ceiling: Altitude?
    /// `nil`: a hundred feet when anything is stated in feet or flight levels, else ten metres.
    public var altitudeStepM: Double?
    /// Metres, 0 … 200 000.
    public var withinM = 0.0
    /// At least ``withinM`` / ``AdviceBounds/positionStepsMost`` is taken.
    public var positionStepM = 100.0
    public var costs = AdviceCosts.standard
    /// Whether one's own other notices are kept clear of, too.
    public var avoidsOwn = false

    public init() {}
}

/// What a node answers: see ``Mechanism/advice(for:mode:notice:limits:at:)``.
public struct AdviceAnswer: Sendable {
    public struct Option: Sendable {
        public let advice: Advice
        /// What the draft would state in place of its own volumes. The officer's words stay only where the place does.
        public let fields: NoticeFields
        public let flags: [IrregularFlag]
    }

    /// What the draft collides with as it stands.
    public let collisions: [Collision]
    public let options: [Option]
    public let searched: [AdviceSearched]
    public let blocking: [NoticeID]
    /// As used.
    public let limits: AdviceLimits
    public let isNeeded: Bool
}

public enum AdviceRefusal: Error, Hashable, Sendable {
    /// No axis is open.
    case noBounds
    /// The last window has ended: whatever is filed with it is overdue at once.
    case windowPassed
    case room(AltitudeRoom.Rejection)
    /// A limit is out of range.
    case outOfRange
}

extension Mechanism {
    /// The cheapest changes of a draft, or of one of our notices as its newest version states it, that clear all its
    /// conflicts with what this node holds, as ``collisions(of:mode:except:)`` would find them.
    ///
    /// It is computed from notices that every officer of this desk may read already, and nothing leaves the node. The
    /// windows are those stated, as a new version is judged by them; they never begin earlier than now.
    ///
    /// - Parameter notice: the notice that the fields would be a new version of; it never stands in its own way.
    public func advice(
        for fields: NoticeFields, mode: Mode, notice: NoticeID?, limits asked: AdviceLimits, at now: UTCInstant
    ) throws(AdviceRefusal) -> AdviceAnswer {
        let volumes = fields.volumes.map(\.volume)
        var limits = asked
        guard let start = volumes.map(\.window.start).min(), let end = volumes.map(\.window.end).max(), end > now else {
            throw .windowPassed
        }
        limits.earlier = max(.zero, min(asked.earlier, start.duration(since: now)))
        limits.altitudeStepM = asked.altitudeStepM ?? Self.altitudeStepM(volumes, asked)
        limits.positionStepM = max(asked.positionStepM, asked.withinM / AdviceBounds.positionStepsMost)
        let room: AltitudeRoom
        do throws(AltitudeRoom.Rejection) {
            room = try AltitudeRoom(
                of: volumes, floor: limits.floor, ceiling: limits.ceiling, withinM: limits.withinM, reference)
        } catch {
            throw .room(error)
        }
        let bounds = AdviceBounds(
            earlier: limits.earlier, later: limits.later, timeStep: limits.timeStep, downM: room.downM, upM: room.upM,
            altitudeStepM: limits.altitudeStepM ?? 10, withinM: limits.withinM, positionStepM: limits.positionStepM)
        guard let bounds else { throw .outOfRange }
        let isAsked = asked.earlier > .zero || asked.later > .zero || asked.withinM > 0
        guard isAsked || asked.floor != nil || asked.ceiling != nil else { throw .noBounds }
        let report = index.advice(
            AdviceRequest(
                volumes: volumes, kind: fields.kind, mode: mode, owner: party, notice: notice, tables: [terms.minima],
                bounds: bounds, costs: limits.costs, avoidsOwn: limits.avoidsOwn))
        let collisions = collisions(of: fields, mode: mode, except: notice)
            .filter { limits.avoidsOwn || $0.notice.party != party }
        return AdviceAnswer(
            collisions: collisions, options: report.advice.map { option($0, fields, at: now) },
            searched: report.searched, blocking: report.blocking, limits: limits, isNeeded: !report.conflicts.isEmpty)
    }

    private static func altitudeStepM(_ volumes: [Volume4D], _ limits: AdviceLimits) -> Double {
        let stated = volumes.flatMap { [$0.band.lower, $0.band.upper] }
        return stated.contains { $0.unit != .metres } ? 100 * Altitude.metresPerFoot : 10
    }

    private func option(_ advice: Advice, _ fields: NoticeFields, at now: UTCInstant) -> AdviceAnswer.Option {
        let isMoved = advice.change.axes.contains(.position)
        let volumes = zip(fields.volumes, advice.volumes).map { stated, volume in
            StatedVolume(volume: volume, original: isMoved ? nil : stated.original)
        }
        let changed = NoticeFields(
            kind: fields.kind, onBehalfOf: fields.onBehalfOf, volumes: volumes, contact: fields.contact,
            remarks: fields.remarks, reviewBy: fields.reviewBy)
        let flags = terms.kind(fields.kind).map { irregularities(of: changed, kind: $0, at: now) } ?? []
        return AdviceAnswer.Option(advice: advice, fields: changed, flags: flags)
    }
}
