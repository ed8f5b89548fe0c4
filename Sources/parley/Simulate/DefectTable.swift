import Foundation
import Records
import Simulation

/// Plays builds that are broken on purpose, one for each defect, until each checker that has to find it has.
struct DefectTable: Sendable {
    let seeds: Range<UInt64>
    let asJSON: Bool

    private struct Row: Sendable {
        let mutation: Mutation
        let checker: String
        /// The first seed in which the checker found it.
        let seed: UInt64?
    }

    func run() async throws {
        let rows = await withTaskGroup(of: [Row].self) { group in
            for mutation in Mutation.allCases { group.addTask { played(mutation) } }
            var rows: [Row] = []
            for await some in group { rows += some }
            return rows
        }.sorted { ($0.mutation.rawValue, $0.checker) < ($1.mutation.rawValue, $1.checker) }
        Terminal.answer(json: .array(rows.map(json)), asJSON: asJSON, text: rows.map(line).joined(separator: "\n"))
        guard let missed = rows.first(where: { $0.seed == nil }) else { return }
        throw CommandFailure(
            .refused, "defectNotFound",
            "\(missed.checker) has not found \(missed.mutation.rawValue) in seeds \(seeds.lowerBound) to \(seeds.upperBound - 1)")
    }

    private func played(_ mutation: Mutation) -> [Row] {
        var found: [String: UInt64] = [:]
        for seed in seeds where found.count < mutation.caughtBy.count {
            let tally = SwarmJudge.judge(seed: seed, mutation: mutation)
            for violation in tally.failures.flatMap(\.violations)
            where mutation.caughtBy.contains(violation.checker) && found[violation.checker] == nil {
                found[violation.checker] = seed
            }
        }
        return mutation.caughtBy.map { Row(mutation: mutation, checker: $0, seed: found[$0]) }
    }

    private func line(_ row: Row) -> String {
        let name = row.mutation.rawValue.padding(toLength: 24, withPad: " ", startingAt: 0)
        let checker = row.checker.padding(toLength: 36, withPad: " ", startingAt: 0)
        return name + checker + (row.seed.map { "seed \($0)" } ?? "NOT FOUND")
    }

    private func json(_ row: Row) -> JSONValue {
        [
            "defect": .string(row.mutation.rawValue), "checker": .string(row.checker),
            "seed": row.seed.map { .integer(Int64(bitPattern: $0)) } ?? .null,
        ]
    }
}
