import Dispatch
import Foundation
import Kernel
import Records
import Synchronization

/// Runs a bell's command: without a shell, with the ring on its standard input and in its environment, in a process
/// group of its own, and not for ever.
///
/// Of this process's environment it gets `PATH`, `HOME`, `LANG` and `TZ`: what else is there is not its business.
struct BellCommand: Sendable {
    /// An absolute path and its arguments.
    let words: [String]
    /// Then the command and everything it has started in its group is told to end, and after ``grace`` killed.
    var timeout = BellCommand.usualTimeout

    static let usualTimeout = Duration.seconds(10)
    static let grace = Duration.seconds(1)
    /// How often a running command is looked at.
    private static let glanceMs: Int32 = 20
    /// What fits into a pipe before anybody reads.
    static let inputBytes = 32 * 1024
    private static let complaintBytes = 4_096

    /// A thread of its own: waiting for a program must hold up nobody.
    private static let queue = DispatchQueue(label: "parley.bells", qos: .userInitiated, attributes: .concurrent)

    /// One at a time, so that no child holds another's pipe open.
    private static let starting = Mutex(())

    /// What is wrong with it before it is run.
    var problem: BellFailure? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: words[0], isDirectory: &isFolder), !isFolder.boolValue else {
            return BellFailure("\(words[0]) is not there")
        }
        return FileManager.default.isExecutableFile(atPath: words[0]) ? nil : BellFailure("\(words[0]) cannot be run")
    }

    /// - Returns: `nil` when it ended with status 0.
    func run(_ ring: JSONValue) async -> BellFailure? {
        let isCancelled = Flag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                BellCommand.queue.async { continuation.resume(returning: runAndWait(ring, isCancelled)) }
            }
        } onCancel: {
            isCancelled.set()
        }
    }

    private func runAndWait(_ ring: JSONValue, _ isCancelled: Flag) -> BellFailure? {
        let input = ring.bytes + [UInt8(ascii: "\n")]
        guard input.count <= BellCommand.inputBytes else { return BellFailure("the ring is too long for a command") }
        let started: Result<(pid_t, BellPipe), BellFailure> = BellCommand.starting.withLock { _ in
            guard let stdin = BellPipe(.writing), let stderr = BellPipe(.reading) else {
                return .failure(BellFailure("no pipe: \(BellCommand.lastError)"))
            }
            defer { stdin.close() }
            // Nobody reads yet, and it fits: this neither blocks nor meets a closed pipe.
            let written = input.withUnsafeBytes { write(stdin.writing, $0.baseAddress, $0.count) }
            guard written == input.count else { return .failure(BellFailure("no room in the pipe")) }
            stdin.closeWriting()
            let environment = BellCommand.environment(ring)
            let child = spawn(stdin: stdin.reading, stderr: stderr.writing, environment: environment)
            stderr.closeWriting()
            return child.map { ($0, stderr) }
        }
        switch started {
        case .failure(let failure): return failure
        case .success(let (child, stderr)):
            return withExtendedLifetime(stderr) { wait(for: child, stderr: stderr.reading, isCancelled) }
        }
    }

    // MARK: Starting

    private func spawn(stdin: Int32, stderr: Int32, environment: [String]) -> Result<pid_t, BellFailure> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, stdin, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, stderr, 2)
        // No socket or file of the node's, whatever somebody forgot to mark. What is closed already does no harm.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let descriptor = Int32(name), descriptor > 2 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        }
        // A handler or a mask of this process's is nothing to inherit.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        let code = BellCommand.withCStrings(words) { arguments in
            BellCommand.withCStrings(environment) { posix_spawn(&child, words[0], &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else { return .failure(BellFailure("\(words[0]): \(String(cString: strerror(code)))")) }
        return .success(child)
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }

    /// The ring's members as `PARLEY_RING_<MEMBER>`; lists are joined by commas, nothing is empty text.
    static func environment(_ ring: JSONValue) -> [String] {
        let own = ProcessInfo.processInfo.environment
        var variables = ["PATH", "HOME", "LANG", "TZ"].compactMap { name in own[name].map { "\(name)=\($0)" } }
        guard case .object(let members) = ring else { return variables }
        for member in members {
            variables.append("PARLEY_RING_\(upperSnake(member.name))=\(plain(member.value))")
        }
        return variables
    }

    /// `sentAt` to `SENT_AT`.
    private static func upperSnake(_ name: String) -> String {
        name.reduce(into: "") { $0 += ($1.isUppercase ? "_" : "") + $1.uppercased() }
    }

    private static func plain(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text):
            // On one line, and without the byte that would end it.
            String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        case .array(let elements): elements.map(plain).joined(separator: ",")
        case .bool, .integer, .number, .object: value.text
        }
    }

    // MARK: Waiting

    private func wait(for child: pid_t, stderr: Int32, _ isCancelled: Flag) -> BellFailure? {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: timeout)
        var killAt: ContinuousClock.Instant?
        var complaint: [UInt8] = []
        while true {
            BellCommand.glance(stderr, &complaint)
            // Not reaped yet: its number names its group until then.
            var state = siginfo_t()
            if waitid(P_PID, id_t(child), &state, WEXITED | WNOHANG | WNOWAIT) == 0, state.si_signo == SIGCHLD {
                // A player that it has started in the background may go on when all is well.
                if killAt != nil { kill(-child, SIGKILL) }
                var status: Int32 = 0
                while waitpid(child, &status, 0) < 0, errno == EINTR {}
                BellCommand.read(stderr, &complaint)
                if isCancelled.isSet { return BellFailure("cut off: the node is ending") }
                if killAt != nil { return BellFailure("took longer than \(timeout.inSeconds) s and was killed") }
                return BellCommand.failure(status, complaint)
            }
            let now = clock.now
            if let at = killAt {
                if now >= at { kill(-child, SIGKILL) }
            } else if now >= deadline || isCancelled.isSet {
                kill(-child, SIGTERM)
                killAt = now.advanced(by: BellCommand.grace)
            }
        }
    }

    /// Waits a little, or until it complains.
    private static func glance(_ descriptor: Int32, _ complaint: inout [UInt8]) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, glanceMs) > 0 else { return }
        // After the last writer has gone a pipe is ready for ever.
        if entry.revents & Int16(POLLIN) == 0 { poll(nil, 0, glanceMs) } else { read(descriptor, &complaint) }
    }

    /// Takes what is there without waiting, and keeps the beginning.
    private static func read(_ descriptor: Int32, _ complaint: inout [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        for _ in 0..<16 {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            complaint += buffer.prefix(min(count, complaintBytes - complaint.count))
        }
    }

    private static func failure(_ status: Int32, _ complaint: [UInt8]) -> BellFailure? {
        let signal = status & 0x7F
        let code = (status >> 8) & 0xFF
        guard status != 0 else { return nil }
        let words = plain(.string(String(decoding: complaint, as: UTF8.self))).trimmingCharacters(in: .whitespaces)
        let how = signal != 0 ? "ended by signal \(signal)" : "ended with status \(code)"
        return BellFailure(words.isEmpty ? how : "\(how): \(words)")
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}

/// A pipe whose ends do not reach a child by themselves.
private final class BellPipe {
    enum End: Int { case reading, writing }

    private var ends: [Int32]

    var reading: Int32 { ends[0] }
    var writing: Int32 { ends[1] }

    /// - Parameter own: the end of this process, which does not block. The child's does, as programs expect.
    init?(_ own: End) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        self.ends = ends
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[own.rawValue], F_SETFL, O_NONBLOCK)
    }

    deinit { close() }

    func closeWriting() { close(.writing) }

    func close() {
        close(.reading)
        close(.writing)
    }

    private func close(_ end: End) {
        if ends[end.rawValue] >= 0 { Foundation.close(ends[end.rawValue]) }
        ends[end.rawValue] = -1
    }
}

private final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }

    func set() { value.withLock { $0 = true } }
}
