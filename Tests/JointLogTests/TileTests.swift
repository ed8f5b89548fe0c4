import JointLog
import Kernel
import Testing

@Suite struct TileTests {
    @Test(
        "a tile's path is the specification's",
        arguments: [
            (0, UInt64(0), 256, "tile/0/000"), (0, 5, 256, "tile/0/005"), (1, 999, 256, "tile/1/999"),
            (2, 1_000, 256, "tile/2/x001/000"), (0, 1_234_067, 256, "tile/0/x001/x234/067"),
            (0, 273, 112, "tile/0/273.p/112"), (1, 1, 17, "tile/1/001.p/17"), (2, 0, 1, "tile/2/000.p/1"),
            (0, 1_234_067, 255, "tile/0/x001/x234/067.p/255"), (63, 1, 256, "tile/63/001"),
            (0, .max, 256, "tile/0/x018/x446/x744/x073/x709/x551/615"),
        ])
    func paths(level: Int, index: UInt64, width: Int, path: String) throws {
        let tile = try #require(Tile(level: level, index: index, width: width))
        #expect(tile.path == path)
        #expect(Tile(path: path) == tile)
        #expect(EntryBundle(path: path) == nil)
        let bundle = try #require(EntryBundle(index: index, width: width))
        let bundlePath = "tile/entries/" + path.split(separator: "/").dropFirst(2).joined(separator: "/")
        #expect(bundle.path == bundlePath)
        #expect(EntryBundle(path: bundlePath) == bundle)
        #expect(Tile(path: bundlePath) == nil)
    }

    @Test(
        "any other path names no tile",
        arguments: [
            "", "tile", "tile/0", "tile/0/", "/tile/0/000", "tile/0/000/", "tile/0/0", "tile/0/00", "tile/0/0000",
            "tile/0/1000", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/0/x000/000",
            "tile/0/001/000", "tile/0/x001", "tile/0/x001/x000", "tile/0/X001/000", "tile/0/000.p", "tile/0/000.p/",
            "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/+1", "tile/0/000.p/1/",
            "tile/0/000.p/1/2", "tile/0/.p/1", "tile/0/00\u{661}", "tile/0/000 ", "tile/0/ 00", "tile/0/-01",
            "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/0/x001/x018/x446/x744/x073/x709/x551/615",
            "tile//000", "Tile/0/000", "tile/0/x001.p/000.p/1", "tile/0/0x1", "tile/0/000.P/1",
        ])
    func strictPaths(path: String) {
        #expect(Tile(path: path) == nil)
        #expect(EntryBundle(path: path.replacing("tile/0/", with: "tile/entries/")) == nil)
    }

    @Test("a tile has a level of 0 to 63 and a width of 1 to 256")
    func bounds() {
        for (level, width) in [(-1, 1), (64, 1), (0, 0), (0, 257), (0, -1)] {
            #expect(Tile(level: level, index: 0, width: width) == nil)
        }
        #expect(EntryBundle(index: 0, width: 0) == nil)
        #expect(EntryBundle(index: 0, width: 257) == nil)
    }

    @Test("a tile's content is its hashes one after the other")
    func content() {
        let hashes = leaves(256)
        #expect(Tile.encode(hashes).count == 8_192)
        #expect(Tile.encode(Array(hashes[..<2])) == hashes[0].bytes + hashes[1].bytes)
        #expect(Tile.decode(Tile.encode(hashes)) == hashes)
        for count in [0, 1, 31, 33, 8_191, 8_193, 257 * 32] {
            #expect(Tile.decode([UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test("an entry bundle is each entry after its length in two bytes, big-endian")
    func bundles() throws {
        #expect(EntryBundle.encode([[7, 8, 9], [], [1]]) == [0, 3, 7, 8, 9, 0, 0, 0, 1, 1])
        let longest = [UInt8](repeating: 5, count: 65_535)
        let entries = [longest, [UInt8](repeating: 1, count: 258)]
        let bytes = try #require(EntryBundle.encode(entries))
        #expect(Array(bytes[..<2]) == [0xFF, 0xFF])
        #expect(Array(bytes[65_537..<65_539]) == [1, 2])
        #expect(EntryBundle.decode(bytes) == entries)
        let full = [[UInt8]](repeating: [], count: 256)
        #expect(EntryBundle.decode(try #require(EntryBundle.encode(full))) == full)
        #expect(EntryBundle.encode([]) == nil)
        #expect(EntryBundle.encode(full + [[]]) == nil)
        #expect(EntryBundle.encode([longest + [0]]) == nil)
    }

    @Test("bytes that are no entry bundle are refused")
    func malformedBundles() {
        let wrong: [[UInt8]] = [
            [], [0], [0, 1], [0, 2, 1], [0, 1, 1, 0], [0, 0, 0], [UInt8](repeating: 0, count: 514), [1, 0, 0],
        ]
        for bytes in wrong { #expect(EntryBundle.decode(bytes) == nil, "\(bytes)") }
    }
}
