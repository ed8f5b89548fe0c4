import Foundation
import Kernel
import Storage
import StorageSQLite

// A process to be killed. `crash-writer write FOLDER SEED [COMMITS]` commits until it is killed, or so many times, and
// prints a line on each commit that was acknowledged. `crash-writer check FOLDER` reads those lines from its standard
// input and answers by its exit code whether the store still holds all that they say.

/// At once and whole: a line that is out was acknowledged, whatever happens next.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    guard write(1, bytes, bytes.count) == bytes.count else { exit(3) }
}

func open(_ folder: String) throws(StoreError) -> SQLiteStore {
    // Moves its write-ahead log often, so that a short life has all kinds of file operations in it.
    try SQLiteStore(path: folder + "/node.sqlite", options: SQLiteOptions(checkpointPages: 60))
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("write", 3...4):
    guard let seed = UInt64(arguments[2]), let commits = arguments.count < 4 ? .max : UInt64(arguments[3]) else { exit(2) }
    do throws(StoreError) {
        let store = try open(arguments[1])
        try Writer(store: store, seed: seed).run(commits: commits) { say("\($0)") }
        store.close()
    } catch {
        say("refused \(error)")
        exit(4)
    }
case ("check", 2):
    var acknowledged: [Acknowledgement] = []
    while let line = readLine() {
        // The last line may have been cut short by the kill.
        if let one = Acknowledgement(line) { acknowledged.append(one) }
    }
    do throws(StoreError) {
        let store = try open(arguments[1])
        let faults = try Checker(store: store, acknowledged: acknowledged).run()
        store.close()
        for fault in faults { say(fault) }
        if !faults.isEmpty { exit(1) }
        say("sound, \(acknowledged.count) acknowledged")
    } catch {
        say("cannot be read: \(error)")
        exit(1)
    }
default:
    FileHandle.standardError.write(Data("usage: crash-writer write FOLDER SEED [COMMITS] | check FOLDER\n".utf8))
    exit(2)
}
