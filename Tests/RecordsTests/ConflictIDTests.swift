import Kernel
import Mechanism
import Testing

@Suite struct ConflictIDTests {
    private struct Row: Decodable {
        let mechanism: String
        let mode: String
        let first: String
        let second: String
        let id: String
    }

    @Test("a conflict has the id of the vectors, whichever notice is named first")
    func vectorIDs() throws {
        let rows = vectors("conflicts.json", as: [Row].self)
        #expect(SortedSet(rows.map(\.id)).count == rows.count)
        for row in rows {
            let mode = try #require(Mode(rawValue: row.mode))
            let first = try #require(RecordID(row.first))
            let second = try #require(RecordID(row.second))
            #expect(Conflict.id(mechanism: hash(row.mechanism), mode: mode, first, second).hex == row.id)
            #expect(Conflict.id(mechanism: hash(row.mechanism), mode: mode, second, first).hex == row.id)
        }
    }
}
