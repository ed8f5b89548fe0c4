import Foundation
import JointLog
import Kernel
import Records

/// The vectors of `Tests/RecordsTests`, which another implementation made: the real encodings that runs begin with.
enum Samples {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A folder for this process alone, in memory where the machine has that; whoever started it removes it.
    static let memory: String = {
        let path = ProcessInfo.processInfo.environment["PARLEY_FUZZ_MEMORY"] ?? NSTemporaryDirectory()
        let folder = "\(path)/\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }()

    static func file(_ path: String) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: root.appendingPathComponent(path).path) else {
            preconditionFailure("\(path) cannot be read")
        }
        return Array(data)
    }

    static func files(in folder: String, ending: String) -> [[UInt8]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted().map { file("\(folder)/\($0)") }
    }

    static func vectors(_ name: String) -> JSONValue {
        do {
            return try StrictJSON.read(file("Tests/RecordsTests/Vectors/\(name).json"), limit: 1 << 20)
        } catch {
            preconditionFailure("\(name): \(error)")
        }
    }

    /// Of every kind at least one.
    static let records = vectors("records").items
    static let notes = vectors("notes")
    static let statements = vectors("statements").items
    private static let mechanism = vectors("mechanism")

    /// Bodies as their authors wrote them, one of every kind at least.
    static let bodies: [[UInt8]] = records.map { Array($0.text("body").utf8) }
    static let envelopes: [[UInt8]] = records.compactMap { [UInt8](base64: $0.text("envelope")) }

    /// The terms of the vectors, which seal.
    static let terms: Terms = {
        do {
            return try Terms.read(Array(mechanism.text("terms").utf8), mechanism: nil)
        } catch {
            preconditionFailure("the terms of the vectors: \(error)")
        }
    }()

    static let party: PartyID = terms.principals[0].id

    static func nodeKey(of party: PartyID) -> Ed25519PrivateKey {
        for element in mechanism["parties"]?.items ?? [] where element.text("id") == party.name {
            if let seed = [UInt8](hex: element.text("seed")), let key = Ed25519PrivateKey(seed: seed) { return key }
        }
        preconditionFailure("the vectors have no key of \(party)")
    }

    static func sealKey(of party: PartyID) -> SealPrivateKey {
        for element in mechanism["parties"]?.items ?? [] where element.text("id") == party.name {
            if let seed = [UInt8](hex: element.text("sealSeed")), let key = SealPrivateKey(seed: seed) { return key }
        }
        preconditionFailure("the vectors have no seal key of \(party)")
    }
}

extension JSONValue {
    var items: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    func text(_ name: String) -> String {
        guard case .string(let text)? = self[name] else { return "" }
        return text
    }
}

/// Every name in what was read is spelled as the protocol spells it: no other spelling is taken for it.
func requireNames(_ bytes: [UInt8]) {
    func visit(_ value: JSONValue) {
        switch value {
        case .object(let members):
            for member in members {
                require(member.name.utf8.allSatisfy { $0 < 0x80 }, "\(member.name) is the name of no field")
                visit(member.value)
            }
        case .array(let elements): elements.forEach(visit)
        case .null, .bool, .integer, .number, .string: break
        }
    }
    if let value = try? StrictJSON.read(bytes, limit: 1 << 22) { visit(value) }
}

/// The same with each K of a name as the Kelvin sign, which Unicode counts as the same letter.
func kelvin(_ bytes: [UInt8]) -> [UInt8] {
    Array(String(decoding: bytes, as: UTF8.self).replacing("Key\":", with: "\u{212A}ey\":").utf8)
}

/// Seeds from texts.
func texts(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

/// Takes numbers and runs of bytes off the front of an input that is no text.
struct InputBytes {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var remaining: [UInt8] { Array(rest) }
    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func integer() -> UInt64 { (0..<8).reduce(0) { value, _ in value << 8 | UInt64(byte()) } }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
