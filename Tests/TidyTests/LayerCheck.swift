/// The modules that a Swift file imports, in every form of the statement, with their lines.
func imports(in tokens: [SwiftToken]) -> [(module: String, line: Int)] {
    let kinds = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let", "actor"]
    var found: [(String, Int)] = []
    for (index, token) in tokens.enumerated() where token.isWord("import") {
        // `.import`, `import:` and the like are names, not statements.
        if index > 0, tokens[index - 1].isMark(".") || tokens[index - 1].isWord("case") { continue }
        var next = index + 1
        if next + 1 < tokens.count, tokens[next].kind == .word, kinds.contains(tokens[next].content),
            tokens[next + 1].kind == .word
        {
            next += 1
        }
        guard next < tokens.count, tokens[next].kind == .word else { continue }
        found.append((tokens[next].content, token.line))
    }
    return found
}

/// Holds one file of `Sources/<Target>` to its target's row.
func importBreaches(_ file: SourceFile, table: [Layer]) -> [Breach] {
    let parts = file.path.split(separator: "/")
    guard parts.count > 2, parts[0] == "Sources", file.fileExtension == "swift" else { return [] }
    // A folder without a row is `folderBreaches`' to report.
    guard let layer = table.first(where: { $0.target == parts[1] }) else { return [] }
    return imports(in: swiftTokens(file.text)).compactMap { module, line in
        if layer.own.contains(module) || layer.external.contains(module) { return nil }
        return Breach(path: file.path, line: line, message: "\(layer.target) may not import \(module)")
    }
}

/// Holds the table to its own order, and `Package.swift` to the table.
func manifestBreaches(_ targets: [ManifestTarget], table: [Layer]) -> [Breach] {
    var breaches: [Breach] = []
    func report(_ message: String) { breaches.append(Breach(path: "Package.swift", line: 0, message: message)) }

    for (index, layer) in table.enumerated() {
        let above = table[..<index].map(\.target)
        for own in layer.own where !above.contains(own) {
            report("the layer table lets \(layer.target) import \(own), which does not stand above it")
        }
    }
    let sources = targets.filter { !$0.isTest && !$0.path.hasPrefix("Tests/") }
    for target in sources {
        guard let layer = table.first(where: { $0.target == target.name }) else {
            report("\(target.name) has no row in the layer table")
            continue
        }
        for dependency in target.own where !layer.own.contains(dependency) {
            report("\(target.name) depends on \(dependency), which its row does not name")
        }
        for product in target.products where !layer.external.contains(product) {
            report("\(target.name) depends on the product \(product), which its row does not name")
        }
    }
    for layer in table where !sources.contains(where: { $0.name == layer.target }) {
        report("the layer table has a row for \(layer.target), which is no target")
    }
    let order = table.map(\.target).filter { name in sources.contains { $0.name == name } }
    let declared = sources.map(\.name).filter { order.contains($0) }
    if order != declared { report("the targets do not stand in the layer table's order") }
    return breaches
}

/// Every folder directly below `Sources` is a row of the table and a target; every one below `Tests` is a target
/// or is named as a folder of scripts.
func folderBreaches(paths: [String], targets: [ManifestTarget], table: [Layer], scripts: [String]) -> [Breach] {
    var breaches: [Breach] = []
    var seen: Set<String> = []
    for path in paths.sorted() {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count > 1, parts[0] == "Sources" || parts[0] == "Tests" else { continue }
        guard parts.count > 2 else {
            breaches.append(Breach(path: path, line: 0, message: "stands in no target's folder"))
            continue
        }
        let folder = "\(parts[0])/\(parts[1])"
        guard seen.insert(folder).inserted else { continue }
        let isTarget = targets.contains { $0.path == folder }
        let isListed =
            parts[0] == "Sources"
            ? isTarget && table.contains { $0.target == parts[1] }
            : isTarget || scripts.contains(parts[1])
        if !isListed { breaches.append(Breach(path: folder, line: 0, message: "is not a listed folder")) }
    }
    return breaches
}
