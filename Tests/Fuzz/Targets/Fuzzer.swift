import Foundation

/// One parser under test, with the property that it must keep on every input.
struct FuzzTarget: Sendable {
    /// Short, kebab-case: what the environment names it by.
    let name: String
    /// Longest input that is tried, in bytes.
    let longest: Int
    /// Real encodings to begin with.
    let seeds: @Sendable () -> [[UInt8]]
    /// Words that mutations put in.
    let words: [String]
    /// Reads one input. Returning is accepting or refusing; anything else is a finding.
    let run: @Sendable ([UInt8]) -> Void

    init(
        _ name: String, longest: Int = 4_096, words: [String] = [], seeds: @escaping @Sendable () -> [[UInt8]],
        run: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.name = name
        self.longest = longest
        self.words = words
        self.seeds = seeds
        self.run = run
    }

    static let all: [FuzzTarget] =
        logTargets + recordTargets + statementTargets + peerTargets + stopTargets + notationTargets + fileTargets
        + evidenceTargets + mechanismTargets + deskTargets + privateCheckTargets

    /// The one that `PARLEY_FUZZ_TARGET` names.
    static let chosen: FuzzTarget = {
        let name = ProcessInfo.processInfo.environment["PARLEY_FUZZ_TARGET"] ?? ""
        guard let target = all.first(where: { $0.name == name }) else {
            print("PARLEY_FUZZ_TARGET is one of: \(all.map(\.name).joined(separator: " "))")
            exit(2)
        }
        return target
    }()
}

/// Ends the run when a property does not hold: the input is a finding.
func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    guard !holds else { return }
    print("PROPERTY BROKEN: \(sentence())")
    fflush(nil)
    abort()
}

/// What `text` holds, when the bytes are UTF-8.
func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

/// Writes the seeds and the dictionary of every target into a folder of its own and ends, when
/// `PARLEY_FUZZ_SEEDS` names a folder.
private func writeSeeds(to folder: URL) {
    do {
        for target in FuzzTarget.all {
            let place = folder.appendingPathComponent(target.name)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (i, seed) in target.seeds().enumerated() where seed.count <= target.longest {
                try Data(seed).write(to: place.appendingPathComponent("seed-\(i)"))
            }
            let lines = target.words.map { word in
                "\"" + word.utf8.map { "\\x" + String(format: "%02x", $0) }.joined() + "\"\n"
            }
            try Data(lines.joined().utf8).write(to: folder.appendingPathComponent("\(target.name).dict"))
            print(target.name, target.longest)
        }
    } catch {
        print("seeds cannot be written: \(error)")
        exit(1)
    }
    exit(0)
}

@_cdecl("LLVMFuzzerInitialize")
public func fuzzerInitialize(
    _ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    if let folder = ProcessInfo.processInfo.environment["PARLEY_FUZZ_SEEDS"] {
        writeSeeds(to: URL(fileURLWithPath: folder))
    }
    // Whatever a target makes ready once is no input's time.
    FuzzTarget.chosen.run([])
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
