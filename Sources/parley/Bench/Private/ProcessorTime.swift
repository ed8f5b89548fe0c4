import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// What this process has had of the cores.
enum ProcessorTime {
    /// User and system time of all threads.
    static var spent: Duration {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
            getrusage(RUSAGE_SELF, &usage)
        #endif
        func duration(_ time: timeval) -> Duration {
            .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
        }
        return duration(usage.ru_utime) + duration(usage.ru_stime)
    }

    /// Keeps this process to some of the first cores, or of the last.
    ///
    /// - Throws: where the system cannot.
    static func restrict(toCores count: Int, isLast: Bool) throws {
        #if os(Linux)
            let all = ProcessInfo.processInfo.activeProcessorCount
            let first = isLast ? max(0, all - count) : 0
            let cores = first..<min(first + count, all)
            let list = cores.map(String.init).joined(separator: ",")
            let taskset = Process()
            taskset.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
            // Also the threads that are there already.
            taskset.arguments = ["-a", "-p", "-c", list, String(getpid())]
            taskset.standardInput = FileHandle.nullDevice
            taskset.standardOutput = FileHandle.nullDevice
            try taskset.run()
            taskset.waitUntilExit()
            guard taskset.terminationStatus == 0 else {
                throw CommandFailure(.usage, "noCores", "cannot keep to \(count) cores", field: "--cores")
            }
        #else
            throw CommandFailure(.usage, "noCores", "this system does not keep a process to cores", field: "--cores")
        #endif
    }
}
