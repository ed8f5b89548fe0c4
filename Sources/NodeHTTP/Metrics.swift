import Kernel
import Mechanism

/// Prometheus text of committed state.
enum Metrics {
    static func text(_ mechanism: Mechanism, now: Now) -> String {
        var lines: [String] = []
        func family(_ name: String, _ help: String, _ samples: [(labels: String, value: Double)]) {
            lines += ["# HELP parley_\(name) \(help)", "# TYPE parley_\(name) gauge"]
            lines += samples.map { "parley_\(name)\($0.labels.isEmpty ? "" : "{\($0.labels)}") \($0.value)" }
        }
        family("log_records", "Records held, by author.", mechanism.logs.map { ("party=\"\($0.key)\"", Double($0.value.size)) })
        family("notices", "Notices held, by status.", NoticeStatus.allCases.map { status in
            ("status=\"\(status.rawValue)\"", Double(mechanism.notices.values.count { $0.status == status }))
        })
        family("conflicts", "Conflicts, by state.", ConflictState.allCases.map { state in
            ("state=\"\(state.rawValue)\"", Double(mechanism.conflicts.values.count { $0.state == state }))
        })
        family("alarms_ringing", "Alarms that nobody has acknowledged.", [
            ("", Double(mechanism.alarms.values.count { $0.state == .ringing }))
        ])
        family("link_age_seconds", "Since the challenge that the newest answer echoes.", mechanism.links.compactMap { link in
            link.value.freshAt.map { ("party=\"\(link.key)\"", now.monotonic.duration(since: $0).inSeconds) }
        })
        family("link_unreceipted_records", "Our records that a peer has not receipted.", mechanism.links.map {
            ("party=\"\($0.key)\"", Double(mechanism.ownLog.size - min(mechanism.ownLog.size, $0.value.receipted)))
        })
        family("storage_degraded", "1 while the disk refuses writes.", [("", mechanism.storageDegraded ? 1 : 0)])
        return lines.joined(separator: "\n") + "\n"
    }
}
