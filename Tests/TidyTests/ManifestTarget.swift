/// One target as `Package.swift` declares it.
struct ManifestTarget: Equatable {
    let name: String
    /// From the repository's root; SwiftPM's default where the manifest names none.
    let path: String
    let isTest: Bool
    /// Targets of this package that it depends on.
    let own: [String]
    /// Products of other packages that it depends on.
    let products: [String]
}

/// Reads the targets out of the text of a manifest: what is written there, without running it.
func manifestTargets(_ text: String) -> [ManifestTarget] {
    let tokens = swiftTokens(text)
    let kinds = ["target", "executableTarget", "testTarget", "systemLibrary", "macro", "plugin", "binaryTarget"]
    // Of the lists called `targets`, the one of the package itself holds declarations; a product's holds texts.
    guard
        let list = tokens.indices.first(where: { index in
            index + 3 < tokens.count && tokens[index].isWord("targets") && tokens[index + 1].isMark(":")
                && tokens[index + 2].isMark("[") && tokens[index + 3].isMark(".")
        })
    else { return [] }

    var targets: [ManifestTarget] = []
    for range in elements(of: tokens, openedAt: list + 2) {
        let element = Array(tokens[range])
        guard element.count > 3, element[0].isMark("."), kinds.contains(element[1].content), element[2].isMark("(")
        else { continue }
        let isTest = element[1].content == "testTarget"
        var name = ""
        var path: String?
        var own: [String] = []
        var products: [String] = []
        for argument in elements(of: element, openedAt: 2).map({ Array(element[$0]) }) where argument.count > 2 {
            switch argument[0].content {
            case "name": name = argument[2].content
            case "path": path = argument[2].content
            case "dependencies":
                for dependency in elements(of: argument, openedAt: 2).map({ Array(argument[$0]) }) {
                    if dependency[0].kind == .text {
                        own.append(dependency[0].content)
                    } else if let named = dependency.first(where: { $0.kind == .text }) {
                        if dependency.contains(where: { $0.isWord("product") }) {
                            products.append(named.content)
                        } else {
                            own.append(named.content)
                        }
                    }
                }
            default: break
            }
        }
        let defaultPath = (isTest ? "Tests/" : "Sources/") + name
        targets.append(
            ManifestTarget(name: name, path: path ?? defaultPath, isTest: isTest, own: own, products: products))
    }
    return targets
}

/// The ranges between the commas of the bracket that opens at `opening`. Empty ones are left out.
private func elements(of tokens: [SwiftToken], openedAt opening: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var depth = 0
    var start = opening + 1
    for index in opening..<tokens.count {
        guard tokens[index].kind == .mark else { continue }
        switch tokens[index].content {
        case "(", "[", "{": depth += 1
        case ")", "]", "}":
            depth -= 1
            if depth == 0 {
                if start < index { ranges.append(start..<index) }
                return ranges
            }
        case "," where depth == 1:
            if start < index { ranges.append(start..<index) }
            start = index + 1
        default: break
        }
    }
    return ranges
}
