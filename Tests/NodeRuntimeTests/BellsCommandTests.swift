import Foundation
import Kernel
import Records
import Testing

@testable import NodeRuntime

@Suite("bells: commands", .timeLimit(.minutes(1)))
struct BellsCommandTests {
    private func body(_ sentence: String = "Read it back.") -> JSONValue {
        [
            "ring": "alarm/notice:bravo-4/1/0", "precedence": "flash", "roles": ["watch", "releasing"], "party": .null,
            "sentence": .string(sentence), "sentAt": "2026-11-22T19:17:30.000000Z", "attempt": 2, "repeat": false,
        ]
    }

    @Test("a command gets the ring on its input and in its environment, its arguments as they are, and no more of ours")
    func records() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let script = try folder.script("ring", #"cat > "$1/in"; env > "$1/env"; printf %s "$2" > "$1/argument"; ls /proc/self/fd > "$1/fd""#)
        setenv("PARLEY_TEST_SECRET", "do not tell", 1)
        let argument = "$(touch /tmp/x); `id` *"
        let failure = await BellCommand(words: [script, folder.url.path, argument], timeout: .seconds(20)).run(
            body("two\nlines\u{0} and <more>"))
        #expect(failure == nil)
        #expect(folder.text("in") == body("two\nlines\u{0} and <more>").text + "\n")
        #expect(folder.text("argument") == argument)
        let environment = folder.text("env").split(separator: "\n").map(String.init)
        for line in [
            "PARLEY_RING_PRECEDENCE=flash", "PARLEY_RING_ROLES=watch,releasing", "PARLEY_RING_PARTY=",
            "PARLEY_RING_SENT_AT=2026-11-22T19:17:30.000000Z", "PARLEY_RING_ATTEMPT=2", "PARLEY_RING_REPEAT=false",
            "PARLEY_RING_SENTENCE=two lines  and <more>",
        ] { #expect(environment.contains(line), "\(line)") }
        #expect(!folder.text("env").contains("do not tell"))
        // 0, 1, 2 and the one with which ls reads the list.
        #expect(folder.text("fd").split(separator: "\n").count <= 4)
    }

    @Test("a command that ends with another status has failed, and its complaint is the reason")
    func fails() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let script = try folder.script("ring", "echo 'line is busy' >&2; exit 3")
        let failure = await BellCommand(words: [script], timeout: .seconds(20)).run(body())
        #expect(failure?.reason == "ended with status 3: line is busy")
    }

    @Test("a command that complains at length, or reads nothing, holds up nobody")
    func talkative() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let loud = try folder.script("loud", "yes complaint | head -c 400000 >&2; exit 1")
        let failure = try #require(await BellCommand(words: [loud], timeout: .seconds(20)).run(body()))
        #expect(failure.reason.hasPrefix("ended with status 1: complaint"))
        #expect(failure.reason.count <= 300)
        #expect(await BellCommand(words: ["/bin/true"], timeout: .seconds(20)).run(body()) == nil)
    }

    @Test("a command that hangs is ended at its timeout, with what it has started, even if it will not listen", arguments: ["", "trap '' TERM"])
    func hangs(trap: String) async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let script = try folder.script("ring", "\(trap)\nsleep 600 & echo $! > \"$1/child\"; echo $$ > \"$1/own\"; wait; wait; sleep 600")
        let begun = ContinuousClock.now
        let failure = await BellCommand(words: [script, folder.url.path], timeout: .milliseconds(500)).run(body())
        #expect(failure?.reason == "took longer than 0.5 s and was killed")
        #expect(ContinuousClock.now - begun < .seconds(30))
        for name in ["own", "child"] {
            let pid = folder.text(name).trimmingCharacters(in: .whitespacesAndNewlines)
            try #require(!pid.isEmpty)
            #expect(try await isGone(pid), "\(name)")
        }
    }

    /// Not there, or only waiting for its parent to notice. A killed process takes a moment.
    private func isGone(_ pid: String) async throws -> Bool {
        for _ in 0..<10_000 {
            let status = String(decoding: FileManager.default.contents(atPath: "/proc/\(pid)/status") ?? Data(), as: UTF8.self)
            if status.isEmpty || status.contains("State:\tZ") { return true }
            await Task.yield()
        }
        return false
    }

    @Test("what is not there or cannot be run is told before it is needed, and fails when it is")
    func unusable() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let plain = try folder.write("plain", "no program")
        for path in [folder.path("absent"), plain, folder.url.path] {
            let command = BellCommand(words: [path], timeout: .seconds(5))
            #expect(command.problem?.reason.contains(path) == true)
            #expect(await command.run(body()) != nil)
        }
        #expect(BellCommand(words: ["/bin/true"], timeout: .seconds(5)).problem == nil)
    }

    @Test("a node that ends does not wait for a command")
    func cancelled() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let script = try folder.script("ring", "sleep 600")
        let task = Task { [body = body()] in await BellCommand(words: [script], timeout: .seconds(600)).run(body) }
        task.cancel()
        #expect(await task.value?.reason == "cut off: the node is ending")
    }

    @Test("bells ring a configured command from end to end")
    func endToEnd() async throws {
        let folder = try BellFolder()
        defer { folder.remove() }
        let script = try folder.script("ring", #"cat > "$1.new" && mv "$1.new" "$1""#)
        try folder.write("bells.json", #"[{"name":"siren","command":["\#(script)","\#(folder.path("rung"))"],"from":"flash"}]"#)
        let bells = Bells(
            try BellConfiguration.load(from: folder.url), folder: folder.url, party: try bellParty(), utc: { bellTime },
            sleep: { _ in }, logger: silentLogger)
        bells.ring(try stopRing(rung: 1))
        let run = Task { await bells.run() }
        while bells.status[0].rangAt == nil, !bells.status[0].isFailing { await Task.yield() }
        run.cancel()
        await run.value
        #expect(bells.status[0].failure == nil)
        let ring = try StrictJSON.read(Array(folder.text("rung").utf8.dropLast()), limit: 10_000)
        #expect(ring["kind"] == "stop" && ring["card"] == "stopRings" && ring["party"] == "bravo" && ring["desk"] == "alpha")
        #expect(ring["precedence"] == "flash" && ring["roles"] == ["watch", "releasing"] && ring["repeat"] == false)
        #expect(ring["sentence"] == "STOP, pressed by bravo. Answer it.")
    }
}
