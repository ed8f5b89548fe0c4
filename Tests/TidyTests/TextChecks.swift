/// The longest a Swift file may be, in lines, inclusive.
let swiftFileLinesMax = 450

func sizeBreaches(_ file: SourceFile) -> [Breach] {
    guard file.fileExtension == "swift" else { return [] }
    let count = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
        - (file.text.hasSuffix("\n") ? 1 : 0)
    guard count > swiftFileLinesMax else { return [] }
    return [Breach(path: file.path, line: 0, message: "\(count) lines, of \(swiftFileLinesMax) at most")]
}

/// `try!`, `as!`, and a `fatalError` that stands for code that was not written.
func trapBreaches(_ file: SourceFile) -> [Breach] {
    guard file.fileExtension == "swift" else { return [] }
    let tokens = swiftTokens(file.text)
    var breaches: [Breach] = []
    for index in tokens.indices.dropLast() where tokens[index].kind == .word {
        let word = tokens[index].content
        let next = tokens[index + 1]
        if ["try", "as"].contains(word), next.isMark("!"), !next.isAfterSpace {
            breaches.append(Breach(path: file.path, line: tokens[index].line, message: "\(word)!"))
        }
        if ["fatalError", "preconditionFailure", "assertionFailure"].contains(word), next.isMark("("),
            index + 2 < tokens.count, tokens[index + 2].kind == .text
        {
            let reason = tokens[index + 2].content.lowercased()
            if ["unimplemented", "not implemented", "not yet"].contains(where: reason.contains) {
                breaches.append(Breach(path: file.path, line: tokens[index].line, message: "code not written"))
            }
        }
    }
    return breaches
}

/// Words that leave work for later. Put together here, so that this file does not hold them.
private let leftForLater = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]

/// Words that belong to one workplace or one registry and mean nothing to a reader of the repository.
private let foreignWords = [
    "pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "deb.deb" + "ian.org",
    "security.deb" + "ian.org", "static.crates" + ".io", "index.crates" + ".io", "proxy.gol" + "ang.org",
    "repo.maven.apa" + "che.org", "/wo" + "rk/", "/opt/swift-" + "packages", "far" + "m-",
]

func wordBreaches(_ file: SourceFile) -> [Breach] {
    var breaches: [Breach] = []
    for (index, line) in file.lines.enumerated() {
        for word in foreignWords where line.contains(word) {
            breaches.append(Breach(path: file.path, line: index + 1, message: "holds \"\(word)\""))
        }
        for word in leftForLater where containsWord(line, word) {
            breaches.append(Breach(path: file.path, line: index + 1, message: "holds \"\(word)\""))
        }
    }
    return breaches
}

/// Whether `word` stands in `line` with no letter, digit or underscore on either side.
private func containsWord(_ line: Substring, _ word: String) -> Bool {
    line.ranges(of: word).contains { range in
        func isPart(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : nil
        let after = range.upperBound < line.endIndex ? line[range.upperBound] : nil
        return !isPart(before) && !isPart(after)
    }
}
