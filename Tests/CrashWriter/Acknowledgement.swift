import Kernel

/// One line of the writer: the sequence of a commit that returned, and every log's head after it.
struct Acknowledgement: CustomStringConvertible {
    struct Head: Equatable {
        var log: LogID
        var size: UInt64
        var root: Hash32
    }

    var sequence: UInt64
    var heads: [Head]

    init(sequence: UInt64, heads: [Head]) {
        self.sequence = sequence
        self.heads = heads
    }

    var description: String {
        "ack \(sequence)" + heads.map { " \($0.log)=\($0.size):\($0.root.hex)" }.joined() + " ."
    }

    /// - Returns: `nil` unless the line is whole.
    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count >= 3, words.first == "ack", words.last == ".", let sequence = UInt64(words[1]) else { return nil }
        self.sequence = sequence
        heads = []
        for word in words[2..<(words.count - 1)] {
            let parts = word.split(whereSeparator: { $0 == "=" || $0 == ":" }).map(String.init)
            guard parts.count == 3, let log = LogID(parts[0]), let size = UInt64(parts[1]), let root = Hash32(hex: parts[2])
            else { return nil }
            heads.append(Head(log: log, size: size, root: root))
        }
    }
}
