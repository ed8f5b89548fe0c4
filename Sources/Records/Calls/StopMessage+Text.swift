import Kernel

extension StopMessage {
    static let firstLine = "parley stop v1"

    /// The signed text: seven lines, each ended by a newline. Format, mechanism, author, nonce, time, kind, content.
    public var text: String {
        [
            StopMessage.firstLine, mechanism.hex, author.name, nonce.array.hex, createdAt.rfc3339, content.kind,
            content.json.text,
        ].map { $0 + "\n" }.joined()
    }

    /// - Returns: `nil` unless the text is exactly what ``text`` writes, with every field within its limits.
    public init?(text: String) {
        guard text.utf8.count <= StopMessage.largestBytes else { return nil }
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard lines.count == 8, lines[0] == StopMessage.firstLine, let mechanism = Hash32(hex: lines[1]),
            let author = PartyID(lines[2]), let nonce = [UInt8](hex: lines[3]), nonce.count == StopMessage.nonceBytes,
            let createdAt = UTCInstant(rfc3339: lines[4]),
            let json = try? StrictJSON.read(Array(lines[6].utf8), limit: StopMessage.largestBytes),
            let content = try? StopContent(kind: lines[5], json: json)
        else { return nil }
        self.init(read: mechanism, author, createdAt, Bytes(nonce), content)
        // Another spelling of the same would be another id under the same meaning.
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }
}
