import Kernel
import Storage
import Testing

@Suite("Every store: tiles")
struct TileTests {
    @Test("tiles are stored with their entries and read back, before and after opening again", arguments: Backend.allCases)
    func readBack(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        let first = leafTiles(alphaLog, 0..<2), second = leafTiles(alphaLog, 2..<3), other = leafTiles(alphaAgain, 0..<1)
        try store.commit(Commit(entries: entries(alphaLog, 0..<600), tiles: first))
        try store.commit(
            Commit(
                entries: entries(alphaLog, 600..<768) + entries(alphaAgain, 0..<256), tiles: second + other,
                heads: [HeadChange(expectedSize: nil, head: head(alphaLog, 768))]))
        for isReopened in [false, true] {
            if isReopened {
                store.close()
                store = try medium.open()
            }
            for tile in first + second + other {
                #expect(try store.tile(of: tile.log, level: 0, index: tile.index) == tile.hashes)
            }
            #expect(try store.tileCount(of: alphaLog, level: 0) == 3)
            #expect(try store.tileCount(of: alphaAgain, level: 0) == 1)
            #expect(try store.tileCount(of: alphaLog, level: 1) == 0)
            #expect(try store.tile(of: alphaLog, level: 0, index: 3) == nil)
            #expect(try store.tile(of: alphaLog, level: 1, index: 0) == nil)
            #expect(try store.tile(of: alphaLog, level: 8, index: 0) == nil)
            #expect(try store.tile(of: bravoLog, level: 0, index: 0) == nil)
            #expect(try store.verify() == [])
        }
    }

    @Test("tiles may come later than their entries", arguments: Backend.allCases)
    func late(backend: Backend) throws {
        let store = try backend.medium().open()
        try store.commit(Commit(entries: entries(alphaLog, 0..<600)))
        #expect(try store.verify() == [])
        try store.commit(Commit(tiles: leafTiles(alphaLog, 0..<1)))
        #expect(try store.verify() == [])
        try store.commit(Commit(tiles: leafTiles(alphaLog, 1..<2)))
        #expect(try store.tileCount(of: alphaLog, level: 0) == 2)
        #expect(try store.verify() == [])
    }

    @Test("a tile out of order, without its entries, or of another shape is refused and leaves no trace",
        arguments: Backend.allCases)
    func refused(backend: Backend) throws {
        let store = try backend.medium().open()
        try store.commit(Commit(entries: entries(alphaLog, 0..<600), tiles: leafTiles(alphaLog, 0..<1)))
        let tiles = leafTiles(alphaLog, 1..<3)
        func at(_ level: Int, _ index: UInt64, bytes: Int = 8_192) -> TileWrite {
            TileWrite(log: alphaLog, level: level, index: index, hashes: [UInt8](repeating: 3, count: bytes))
        }
        let cases: [(Commit, StoreError)] = [
            (Commit(tiles: [tiles[1]]), .tileNotNext(log: alphaLog, level: 0, expected: 1, found: 2)),
            (Commit(tiles: leafTiles(alphaLog, 0..<1)), .tileNotNext(log: alphaLog, level: 0, expected: 1, found: 0)),
            (Commit(tiles: tiles), .tileUnfounded(log: alphaLog, level: 0, index: 2)),
            (
                Commit(entries: entries(alphaLog, 600..<767), tiles: tiles),
                .tileUnfounded(log: alphaLog, level: 0, index: 2)
            ),
            (Commit(tiles: [at(1, 0)]), .tileUnfounded(log: alphaLog, level: 1, index: 0)),
            (Commit(tiles: [at(8, 0)]), .tileMalformed(log: alphaLog, level: 8, index: 0)),
            (Commit(tiles: [at(-1, 0)]), .tileMalformed(log: alphaLog, level: -1, index: 0)),
            (Commit(tiles: [at(0, 1, bytes: 8_160)]), .tileMalformed(log: alphaLog, level: 0, index: 1)),
            (
                Commit(tiles: [TileWrite(log: bravoLog, level: 0, index: 0, hashes: tiles[0].hashes)]),
                .tileUnfounded(log: bravoLog, level: 0, index: 0)
            ),
        ]
        for (commit, expected) in cases {
            #expect(error { () throws(StoreError) in try store.commit(commit) } == expected)
            #expect(!expected.isRetryable)
        }
        #expect(try store.tileCount(of: alphaLog, level: 0) == 1)
        #expect(try store.size(of: alphaLog) == 600)
        #expect(try store.logs == [alphaLog])
        #expect(try store.verify() == [])
        try store.commit(Commit(entries: entries(alphaLog, 600..<768), tiles: tiles))
        #expect(try store.verify() == [])
    }

    @Test("the tile over 256 tiles comes with the last of them, and not before", arguments: [Backend.memory, .sqlite])
    func secondLevel(backend: Backend) throws {
        let medium = try backend.medium()
        var store = try medium.open()
        let all = entries(alphaLog, 0..<65_536, bytes: 0)
        let leaves = leafTiles(alphaLog, 0..<256)
        let upper = TileWrite(
            log: alphaLog, level: 1, index: 0,
            hashes: (0..<256).flatMap { tile in
                treeHash(((tile * 256)..<((tile + 1) * 256)).map { signedBytes(alphaLog, $0) }[...]).bytes
            })
        #expect(
            error { () throws(StoreError) in try store.commit(Commit(entries: all, tiles: leaves)) }
                == .tileMissing(log: alphaLog, level: 1, index: 0))
        let early = Commit(entries: all, tiles: leaves.dropLast() + [upper] + leaves.suffix(1))
        #expect(
            error { () throws(StoreError) in try store.commit(early) } == .tileUnfounded(log: alphaLog, level: 1, index: 0))
        let root = sampleRoot(alphaLog, 65_536)
        let newest = HeadState(
            log: alphaLog, size: 65_536, root: root, checkpoint: checkpoint(alphaLog, 65_536, root))
        try store.commit(
            Commit(entries: all, tiles: leaves + [upper], heads: [HeadChange(expectedSize: nil, head: newest)]))
        store.close()
        store = try medium.open()
        #expect(try store.tileCount(of: alphaLog, level: 1) == 1)
        #expect(try store.tile(of: alphaLog, level: 1, index: 0) == upper.hashes)
        var reports: [VerifyProgress] = []
        #expect(try store.verify { reports.append($0) } == [])
        #expect(reports.last == VerifyProgress(done: 65_793, total: 65_793))
        #expect(reports.count > 100 && zip(reports, reports.dropFirst()).allSatisfy { $0.done <= $1.done })
    }
}
