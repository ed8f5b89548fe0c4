/// Links of a Markdown file that point into the repository and at nothing.
///
/// - Parameter exists: whether a path from the repository's root is a file or a folder of it.
func linkBreaches(_ file: SourceFile, exists: (String) -> Bool) -> [Breach] {
    guard file.fileExtension == "md" else { return [] }
    var breaches: [Breach] = []
    var isFenced = false
    for (index, line) in file.lines.enumerated() {
        if line.drop(while: { $0 == " " }).hasPrefix("```") {
            isFenced.toggle()
            continue
        }
        guard !isFenced else { continue }
        for target in linkTargets(line) {
            let isElsewhere = ["http://", "https://", "mailto:", "#"].contains { target.hasPrefix($0) }
            guard !isElsewhere else { continue }
            let path = target.prefix { $0 != "#" }
            guard let resolved = resolve(String(path), from: file.path), exists(resolved) else {
                breaches.append(
                    Breach(path: file.path, line: index + 1, message: "links to \(target), which is not there"))
                continue
            }
        }
    }
    return breaches
}

/// The targets of `[text](target)` and `![text](target "title")` on one line, those in `code` left out.
private func linkTargets(_ line: Substring) -> [String] {
    var visible = ""
    var isCode = false
    for character in line {
        if character == "`" { isCode.toggle() }
        if !isCode { visible.append(character) }
    }
    return visible.matches(of: #/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/#).map { String($0.1) }
}

/// `nil` when the path leaves the repository.
private func resolve(_ target: String, from path: String) -> String? {
    var parts = target.hasPrefix("/") ? [] : path.split(separator: "/").dropLast().map(String.init)
    for part in target.split(separator: "/") {
        switch part {
        case ".": continue
        case "..":
            guard !parts.isEmpty else { return nil }
            parts.removeLast()
        default: parts.append(String(part))
        }
    }
    return parts.joined(separator: "/")
}
