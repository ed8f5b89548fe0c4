import Kernel

/// Hashes as text, one base64 line each: how proofs are written in C2SP formats.
public enum HashLines {
    /// The longest proof that a tree of 2⁶⁴ leaves can have.
    public static let longest = 64

    public static func text(_ hashes: [Hash32]) -> String { hashes.map { $0.bytes.base64 + "\n" }.joined() }

    /// - Returns: `nil` unless ``text(_:)`` writes exactly this, of at most ``longest`` hashes. The empty text holds
    ///   none.
    public static func hashes(in text: String) -> [Hash32]? {
        guard !text.isEmpty else { return [] }
        var lines = text.byteLines
        guard lines.popLast()?.isEmpty == true else { return nil }
        return hashes(lines: lines)
    }

    static func hashes(lines: some Collection<String>) -> [Hash32]? {
        guard lines.count <= longest else { return nil }
        var hashes: [Hash32] = []
        for line in lines {
            guard let bytes = [UInt8](base64: line), let hash = Hash32(bytes) else { return nil }
            hashes.append(hash)
        }
        return hashes
    }
}
