import Testing

@Suite("the layer checks catch what is planted")
struct LayerCheckTests {
    let table: [Layer] = [
        .core("Low"), .core("Middle", own: ["Low"], external: ["Crypto"]), .shell("High", own: ["Low", "Middle"]),
    ]
    let manifest = """
        // .target(name: "NotThere", dependencies: ["High"])
        let package = Package(
            name: "p", products: [.executable(name: "x", targets: ["x"])],
            dependencies: [.package(url: "https://github.com/a/b.git", from: "1.0.0")],
            targets: [
                .target(name: "Low"),
                .target(name: "Middle", dependencies: ["Low", .product(name: "Crypto", package: "b")]),
                .target(name: "High", dependencies: [.target(name: "Low"), "Middle"], resources: [.copy("c")]),
                .testTarget(name: "LowTests", dependencies: ["Low"], path: "Tests/Elsewhere"),
            ])
        """

    func breaches(in target: String, _ source: String) -> [Breach] {
        importBreaches(SourceFile(path: "Sources/\(target)/F.swift", text: source), table: table)
    }

    @Test("an import of a higher layer or an unnamed module is caught in every form", arguments: [
        "import High", "import Foundation", "@testable import High", "@_exported import High", "public import High",
        "import struct High.Thing", "import func Glibc.time", "import High.Sub", "let a = 1; import High",
        "@preconcurrency\nimport High", "#if os(Linux)\nimport High\n#endif", "import /* why */ High",
    ])
    func foreignImport(source: String) {
        #expect(breaches(in: "Middle", source).count == 1)
    }

    @Test("an import that the row names passes, and so does one that is no import", arguments: [
        "import Low", "import Crypto", "import struct Crypto.SHA256", "// import High", "/* import High */",
        "let s = \"import High\"", "let x = Mode.import", "let s = \"\"\"\n    import High\n    \"\"\"",
    ])
    func allowedImport(source: String) {
        #expect(breaches(in: "Middle", source).isEmpty)
    }

    @Test("an import breach names the file, the line and both modules")
    func importBreach() {
        #expect(
            breaches(in: "Low", "import Low2\n\nimport Middle").map(\.description) == [
                "Sources/Low/F.swift:1: Low may not import Low2", "Sources/Low/F.swift:3: Low may not import Middle",
            ])
    }

    @Test("the targets are read out of a manifest's text")
    func readsManifest() {
        #expect(
            manifestTargets(manifest) == [
                ManifestTarget(name: "Low", path: "Sources/Low", isTest: false, own: [], products: []),
                ManifestTarget(
                    name: "Middle", path: "Sources/Middle", isTest: false, own: ["Low"], products: ["Crypto"]),
                ManifestTarget(name: "High", path: "Sources/High", isTest: false, own: ["Low", "Middle"], products: []),
                ManifestTarget(name: "LowTests", path: "Tests/Elsewhere", isTest: true, own: ["Low"], products: []),
            ])
        #expect(manifestBreaches(manifestTargets(manifest), table: table).isEmpty)
    }

    @Test("a manifest that leaves the table is caught", arguments: [
        (".target(name: \"Low\"),", ".target(name: \"Low\", dependencies: [\"Middle\"]),", "Low depends on Middle"),
        ("name: \"Crypto\"", "name: \"GRDB\"", "the product GRDB"),
        (".target(name: \"Low\"),", "", "a row for Low"),
        (".target(name: \"Low\"),", ".target(name: \"Low\"), .target(name: \"New\"),", "New has no row"),
    ])
    func manifestBreach(old: String, new: String, expected: String) {
        let text = manifest.replacing(old, with: new)
        #expect(text != manifest)
        let found = manifestBreaches(manifestTargets(text), table: table)
        #expect(found.contains { $0.message.contains(expected) }, "\(found)")
    }

    @Test("targets out of the table's order are caught")
    func manifestOrder() {
        let targets = manifestTargets(manifest)
        let found = manifestBreaches([targets[1], targets[0], targets[2]], table: table)
        #expect(found.map(\.message) == ["the targets do not stand in the layer table's order"])
    }

    @Test("a row that allows an import from below itself is caught")
    func tableOrder() {
        let upsideDown: [Layer] = [
            .core("Low", own: ["Middle"]), .core("Middle", own: ["Low"], external: ["Crypto"]),
            .shell("High", own: ["Low", "Middle"]),
        ]
        let found = manifestBreaches(manifestTargets(manifest), table: upsideDown)
        #expect(found.map(\.message) == ["the layer table lets Low import Middle, which does not stand above it"])
    }

    @Test("an unlisted folder, or a file outside every folder, is caught", arguments: [
        ("Sources/New/F.swift", "Sources/New"), ("Tests/NewTests/F.swift", "Tests/NewTests"),
        ("Tests/LowTests/F.swift", "Tests/LowTests"), ("Sources/F.swift", "Sources/F.swift"),
    ])
    func unlistedFolder(path: String, reported: String) {
        let paths = ["Sources/Low/F.swift", "Tests/Elsewhere/a/F.swift", "Tests/Scripts/a.py", "docs/a.md", path]
        let found = folderBreaches(
            paths: paths, targets: manifestTargets(manifest), table: table, scripts: ["Scripts"])
        #expect(found.map(\.path) == [reported])
    }
}
