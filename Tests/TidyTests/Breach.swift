/// One breach of the house rules.
struct Breach: Hashable, CustomStringConvertible {
    /// From the repository's root.
    let path: String
    /// From 1; 0 where the breach is the file itself.
    let line: Int
    let message: String

    var description: String { line > 0 ? "\(path):\(line): \(message)" : "\(path): \(message)" }
}

/// One file of the repository.
struct SourceFile {
    /// From the repository's root, with `/`.
    let path: String
    let text: String

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var fileExtension: String { name.contains(".") ? name.split(separator: ".").last.map(String.init) ?? "" : "" }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}
