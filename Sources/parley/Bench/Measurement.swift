import Foundation
import Kernel
import Records

/// What every figure is to be read with: the cores, the build, and how busy the machine was with other things.
struct Measurement: Sendable {
    /// Optimised; figures of any other build say nothing of what the node can do.
    static var isRelease: Bool {
        #if DEBUG
            false
        #else
            true
        #endif
    }

    static var json: JSONValue {
        [
            "cores": .integer(Int64(ProcessInfo.processInfo.activeProcessorCount)),
            "build": isRelease ? "release" : "debug build", "load": load.map(JSONValue.number) ?? .null,
        ]
    }

    /// Processes that ran or waited, averaged over the last minute.
    private static var load: Double? {
        var averages = [0.0]
        return getloadavg(&averages, 1) == 1 ? (averages[0] * 100).rounded() / 100 : nil
    }

    /// Bytes of this process in physical memory; `nil` where the system does not say.
    static var residentBytes: Int64? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? Int64(fields[1]).map { $0 * Int64(sysconf(Int32(_SC_PAGESIZE))) } : nil
    }

    /// Time that a process has spent on all cores together; `nil` where the system does not say.
    static func processorTime(of process: Int32) -> Duration? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let afterName = text.lastIndex(of: ")")
        else { return nil }
        // State is the first field after the name; user and system time are the 12th and 13th, in ticks.
        let fields = text[text.index(after: afterName)...].split(separator: " ")
        guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else { return nil }
        return .seconds(Double(user + system) / Double(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// Rounded to three digits: nothing here is known better.
    static func rounded(_ value: Double) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let scale = pow(10, 2 - floor(log10(Swift.abs(value))))
        return (value * scale).rounded() / scale
    }
}

/// A promised figure beside the measured one.
struct Target: Sendable {
    let name: String
    let measured: Double
    let wanted: Double
    let isUpperLimit: Bool
    let unit: String

    /// `nil` in a debug build, which is never held against a target.
    var isMet: Bool? { Measurement.isRelease ? (isUpperLimit ? measured <= wanted : measured >= wanted) : nil }

    var json: JSONValue {
        [
            "name": .string(name), "measured": .number(Measurement.rounded(measured)), "unit": .string(unit),
            isUpperLimit ? "atMost" : "atLeast": .number(wanted),
            "met": isMet.map(JSONValue.bool) ?? "debug build",
        ]
    }

    var line: String {
        let verdict = isMet.map { $0 ? "met" : "MISSED" } ?? "debug build: not judged"
        return "\(name): \(Measurement.rounded(measured)) \(unit), \(isUpperLimit ? "at most" : "at least") \(wanted): \(verdict)"
    }
}
