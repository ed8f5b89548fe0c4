import Hummingbird
import Kernel
import Mechanism
import NodeRuntime
import Records

/// The lists of a snapshot, made and written in parts: all that a node holds may be larger than what it has memory for
/// beside itself.
private struct SnapshotLists: Sendable {
    let notices: [NoticeID]
    let conflicts: [ConflictID]
    let alarms: [AlarmID]

    init(_ mechanism: Mechanism) {
        notices = mechanism.notices.filter { $0.value.status != .ended }.map(\.key)
        conflicts = mechanism.conflicts.filter { $0.value.state != .cleared }.map(\.key)
        alarms = mechanism.alarms.filter { $0.value.state != .cleared }.map(\.key)
    }
}

extension DeskAPI {
    /// Elements of a list that are made at once.
    private static let part = 64

    /// Writes one JSON object. Each of its elements is as it was when its part was made.
    func writeSnapshot(to writer: inout any ResponseBodyWriter) async throws {
        let stops = await stopViews()
        let (head, lists) = await view { (JSONValue.object($0.snapshotHead(stops: stops)).text, SnapshotLists($0.mechanism)) }
        try await writer.write(ByteBuffer(string: String(head.dropLast())))
        try await write("notices", lists.notices, to: &writer) { view, id in view.mechanism.notices[id].map(view.notice) }
        try await write("conflicts", lists.conflicts, to: &writer) { view, id in
            view.mechanism.conflicts[id].map(view.conflict)
        }
        try await write("alarms", lists.alarms, to: &writer) { view, id in view.mechanism.alarms[id].map(view.alarm) }
        try await writer.write(ByteBuffer(string: "}"))
    }

    private func write<ID: Sendable>(
        _ name: String, _ ids: [ID], to writer: inout any ResponseBodyWriter,
        _ element: @Sendable (View, ID) -> JSONValue?
    ) async throws {
        var text = ",\"\(name)\":["
        var isFirst = true
        for start in stride(from: 0, to: ids.count, by: DeskAPI.part) {
            let part = ids[start..<min(start + DeskAPI.part, ids.count)]
            for value in await view({ view in part.compactMap { element(view, $0)?.text } }) {
                text += isFirst ? value : "," + value
                isFirst = false
            }
            try await writer.write(ByteBuffer(string: text))
            text = ""
        }
        try await writer.write(ByteBuffer(string: text + "]"))
    }
}
