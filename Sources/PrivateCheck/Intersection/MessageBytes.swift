import Kernel

/// Writes the fields of a message: fixed lengths, big-endian.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    init() {}

    init(_ kind: MessageKind, session: Hash32? = nil) {
        bytes = [Self.version, kind.rawValue]
        if let session { bytes += session.bytes }
    }

    static let version: UInt8 = 1

    mutating func put(_ more: some Collection<UInt8>) { bytes += more }
    mutating func put(_ byte: UInt8) { bytes.append(byte) }
    mutating func put(_ number: UInt64) { bytes += number.bigEndianBytes }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { [UInt8]($0) } }
}

/// Reads what a peer sent. Nothing in it makes it trap.
struct MessageReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var left: Int { bytes.count - at }

    mutating func kind() throws(CheckRefusal) -> MessageKind {
        guard try byte() == MessageWriter.version, let kind = MessageKind(rawValue: try byte()) else {
            throw .malformed
        }
        return kind
    }

    mutating func byte() throws(CheckRefusal) -> UInt8 {
        guard left >= 1 else { throw .malformed }
        at += 1
        return bytes[at - 1]
    }

    mutating func number() throws(CheckRefusal) -> UInt64 {
        var number: UInt64 = 0
        for _ in 0..<8 { number = number << 8 | UInt64(try byte()) }
        return number
    }

    mutating func range() throws(CheckRefusal) -> ClosedRange<Int64> {
        let low = Int64(bitPattern: try number())
        let high = Int64(bitPattern: try number())
        guard low <= high else { throw .malformed }
        return low...high
    }

    mutating func hash() throws(CheckRefusal) -> Hash32 {
        guard left >= 32, let hash = Hash32(Array(bytes[at..<at + 32])) else { throw .malformed }
        at += 32
        return hash
    }

    mutating func rest() -> ArraySlice<UInt8> {
        defer { at = bytes.count }
        return bytes[at...]
    }

    func end() throws(CheckRefusal) { guard left == 0 else { throw .malformed } }
}

extension Hash32 {
    /// SHA-256 of a label and what follows it.
    init(label: String, _ parts: [UInt8]...) {
        let text = parts.reduce(into: Array("parley private check \(label) 1\n".utf8)) { $0 += $1 }
        guard let hash = Hash32(Sodium.sha256(text)) else { preconditionFailure("SHA-256 has 32 bytes") }
        self = hash
    }
}
