import Foundation
import Geodesy
import Kernel
import Notation
import Testing

/// Against the command of Debian's `geographiclib-tools`: the same library, past our shim. Skipped where it is not
/// installed.
@Suite struct GeoConvertTests {
    private static let command = "/usr/bin/GeoConvert"

    @Test("MGRS both ways equals GeoConvert on 2,000 places")
    func bothWays() throws {
        guard FileManager.default.isExecutableFile(atPath: Self.command) else {
            print("skipped: \(Self.command) is not installed (Debian package geographiclib-tools)")
            return
        }
        var generator = SeededGenerator(seed: 5)
        let positions = (0..<2_000).map { _ in generator.position() }
        let references = try run(["-m", "-p", "0"], positions.map { "\($0.latitudeDeg) \($0.longitudeDeg)" })
        try #require(references.count == positions.count)
        let centres = try run(["-p", "9"], references)
        try #require(centres.count == positions.count)
        for ((position, reference), centre) in zip(zip(positions, references), centres) {
            #expect(CoordinateText.format(position, as: .mgrs) == reference, "\(position)")
            let fields = centre.split(separator: " ").compactMap { Double($0) }
            try #require(fields.count == 2)
            let parsed = try CoordinateText.parse(reference).position
            #expect(Oracle.metresAtMost(parsed, Position(fields[0], fields[1])) < 1e-5, "\(reference)")
        }
    }

    private func run(_ arguments: [String], _ lines: [String]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory
        let input = folder.appendingPathComponent("geoconvert-\(UUID().uuidString)")
        try lines.joined(separator: "\n").appending("\n").write(to: input, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: input) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.command)
        process.arguments = arguments
        let (read, output) = (try FileHandle(forReadingFrom: input), Pipe())
        process.standardInput = read
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
