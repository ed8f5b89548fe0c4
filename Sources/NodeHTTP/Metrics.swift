import Kernel
import Mechanism
import NodeRuntime

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

extension Metrics {
    /// What lies at the ports, by port.
    static func text(_ ports: [(name: String, table: ConnectionTable)]) -> String {
        let counts = ports.map { ($0.name, $0.table.counts) }
        var lines = ["# HELP parley_connections Open connections, by port and by whether the other end is known.", "# TYPE parley_connections gauge"]
        for (port, count) in counts {
            lines.append("parley_connections{port=\"\(port)\",known=\"false\"} \(count.unknown)")
            lines.append("parley_connections{port=\"\(port)\",known=\"true\"} \(count.known)")
        }
        lines += [
            "# HELP parley_connections_closed_total Closed by this node: too many, or too slow or idle.",
            "# TYPE parley_connections_closed_total counter",
        ]
        for (port, count) in counts {
            lines.append("parley_connections_closed_total{port=\"\(port)\",reason=\"number\"} \(count.evicted)")
            lines.append("parley_connections_closed_total{port=\"\(port)\",reason=\"time\"} \(count.expired)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The metrics of this second: counting all that a node holds takes time, and anybody may ask.
actor MetricsPage {
    private var text = ""
    private var madeAt: MonotonicInstant?
    private var making: Task<String, Never>?

    func text(of node: Node) async -> String {
        let now = node.clock.now.monotonic
        if let madeAt, now.duration(since: madeAt) < .seconds(1) { return text }
        if let making { return await making.value }
        let task = Task { await node.read { mechanism, now in Metrics.text(mechanism, now: now) } }
        making = task
        let made = await task.value
        (text, madeAt, making) = (made, node.clock.now.monotonic, nil)
        return made
    }
}
