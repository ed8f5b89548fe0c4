import Geodesy
import Kernel

/// Why the volumes of a notice are refused. Volumes are counted from 0.
public enum VolumeRejection: Error, Hashable, Sendable {
    case noVolume
    case tooManyVolumes(found: Int, allowed: Int)
    /// Over all footprints of the notice.
    case tooManyVertices(found: Int, allowed: Int)
    case geometry(volume: Int, GeometryRejection)
    case band(volume: Int, BandRejection)
    /// The window ends before it starts.
    case windowReversed(volume: Int)
    /// Longer than ``Limits/windowLongest``.
    case windowTooLong(volume: Int, allowed: Duration)
}

/// What the volumes of one notice must keep to together.
public enum NoticeShape {
    /// - Throws: the first thing that is wrong: the counts, then volume by volume geometry, band and window.
    public static func check(
        _ volumes: [Volume4D], reference: VerticalReference
    ) throws(VolumeRejection) {
        guard !volumes.isEmpty else { throw .noVolume }
        guard volumes.count <= Limits.volumesPerNotice else {
            throw .tooManyVolumes(found: volumes.count, allowed: Limits.volumesPerNotice)
        }
        let vertices = volumes.reduce(0) { $0 + $1.footprint.vertices.count }
        guard vertices <= Limits.verticesPerNotice else {
            throw .tooManyVertices(found: vertices, allowed: Limits.verticesPerNotice)
        }
        for (i, volume) in volumes.enumerated() {
            guard !volume.band.isReversed(over: volume.footprint, reference) else {
                throw .band(volume: i, .lowerAboveUpper)
            }
            try check(volume.window, volume: i)
        }
    }

    /// - Throws: `windowTooLong` when the window spans more than ``Limits/windowLongest``; exactly that is allowed.
    public static func check(_ window: TimeWindow, volume: Int) throws(VolumeRejection) {
        let (span, overflow) = window.end.microseconds.subtractingReportingOverflow(window.start.microseconds)
        guard !overflow, span <= Limits.windowLongest.wholeMicroseconds else {
            throw .windowTooLong(volume: volume, allowed: Limits.windowLongest)
        }
    }
}
