import Foundation
import Kernel
import Separation

/// `{"horizontal_m": [[…]], "vertical_m": [[…]], "time_s": [[…]]}`, symmetric, by class of the volumes. A height
/// of `null` is `all`.
struct ConflictMinima: Decodable {
    let horizontal_m: [[Double]]
    let vertical_m: [[Double?]]
    let time_s: [[Double]]

    enum Failure: Error {
        case notSquare
        case cell(Int, Int)

        var sentence: String {
            switch self {
            case .notSquare: "the tables are not square and of one size"
            case .cell(let row, let column): "row \(row), column \(column) is out of range or not symmetric"
            }
        }
    }

    static func read(_ path: String) throws -> (kinds: [ActivityKind], table: MinimaTable) {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path))).table()
    }

    private func table() throws -> (kinds: [ActivityKind], table: MinimaTable) {
        let count = horizontal_m.count
        guard count > 0, vertical_m.count == count, time_s.count == count,
            (horizontal_m.map(\.count) + vertical_m.map(\.count) + time_s.map(\.count)).allSatisfy({ $0 == count })
        else { throw Failure.notSquare }
        let kinds = (0..<count).compactMap { ActivityKind("class-\($0)") }
        var rows: [MinimaTable.Row] = []
        for i in 0..<count {
            for j in i..<count {
                let isSymmetric =
                    horizontal_m[i][j] == horizontal_m[j][i] && vertical_m[i][j] == vertical_m[j][i]
                    && time_s[i][j] == time_s[j][i]
                let time = (time_s[i][j] * 1e6).rounded(.up)
                guard isSymmetric, time.isFinite, abs(time) < 1e15,
                    let minima = Minima(
                        horizontalM: horizontal_m[i][j], vertical: vertical_m[i][j].map { .metres($0) } ?? .all,
                        time: .microseconds(Int64(time)))
                else { throw Failure.cell(i, j) }
                rows.append(.init(kinds[i], kinds[j], minima))
            }
        }
        guard let table = MinimaTable(rows: rows) else { throw Failure.notSquare }
        return (kinds, table)
    }
}
