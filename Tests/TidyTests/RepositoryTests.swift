import Testing

/// The checks, held against the repository itself. The other suites hold the checks against planted breaches.
@Suite("the repository keeps its house rules")
struct RepositoryTests {
    let repository: Repository

    init() throws { repository = try Repository.shared.get() }

    func expectNone(_ breaches: [Breach]) {
        for breach in breaches { Issue.record("\(breach)") }
    }

    @Test("every import is one that the layer table allows")
    func imports() throws {
        let sources = repository.files.filter { $0.path.hasPrefix("Sources/") && $0.fileExtension == "swift" }
        try #require(!sources.isEmpty)
        expectNone(sources.flatMap { importBreaches($0, table: layerTable) })
    }

    @Test("the manifest declares the layers in their order, and no dependency that they do not allow")
    func manifest() throws {
        let targets = manifestTargets(try repository.file("Package.swift").text)
        try #require(!targets.isEmpty)
        expectNone(manifestBreaches(targets, table: layerTable))
    }

    @Test("no folder stands in Sources or Tests that is not listed")
    func folders() throws {
        let targets = manifestTargets(try repository.file("Package.swift").text)
        let paths = repository.files.map(\.path)
        expectNone(folderBreaches(paths: paths, targets: targets, table: layerTable, scripts: testScriptFolders))
    }

    @Test("the core is free of Foundation, async, clocks, randomness and unordered collections")
    func core() throws {
        let folders = layerTable.filter(\.isCore).map { "Sources/\($0.target)/" }
        let core = repository.files.filter { file in
            file.fileExtension == "swift" && folders.contains { file.path.hasPrefix($0) }
        }
        try #require(!core.isEmpty)
        expectNone(core.flatMap(coreBanBreaches))
    }

    @Test("no Swift file is longer than it may be")
    func sizes() { expectNone(repository.files.flatMap(sizeBreaches)) }

    @Test("no Swift file traps on a failed try or cast, or stands in for code that was not written")
    func traps() { expectNone(repository.files.flatMap(trapBreaches)) }

    @Test("no text leaves work for later, or names a registry's host or a workplace")
    func words() { expectNone(repository.files.flatMap(wordBreaches)) }

    @Test("every link from one document to another leads somewhere")
    func links() throws {
        let documents = repository.files.filter { $0.fileExtension == "md" }
        try #require(!documents.isEmpty)
        expectNone(documents.flatMap { linkBreaches($0, exists: repository.exists) })
    }

    @Test("the requirements are all there, and each met one names tests that exist")
    func requirements() throws {
        let names = repository.files.filter { $0.path.hasPrefix("Tests/") }.map(testNames(in:))
        let tests = names.reduce(into: Set()) { $0.formUnion($1) }
        try #require(!tests.isEmpty)
        let file = try repository.file("docs/requirements.md")
        expectNone(requirementBreaches(file, ids: requirementIDs, tests: tests))
    }
}
