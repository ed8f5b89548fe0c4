/// What the sources of one target may import.
struct Layer {
    let target: String
    /// Part of the deterministic core, where `coreBans` holds.
    let isCore: Bool
    /// Targets of this package. Each must stand above this one in the table.
    let own: [String]
    /// Modules from elsewhere.
    let external: [String]

    static func core(_ target: String, own: [String] = [], external: [String] = []) -> Layer {
        Layer(target: target, isCore: true, own: own, external: external)
    }

    static func shell(_ target: String, own: [String] = [], external: [String] = []) -> Layer {
        Layer(target: target, isCore: false, own: own, external: external)
    }
}

/// The layers, in their order, as ARCHITECTURE shows them. A new target, or a new import, is a line here first.
let layerTable: [Layer] = [
    .shell("CGeodesic"),
    .shell("CSodium"),
    .shell("CGeographicLib"),

    .core("Kernel"),
    // libm stands in the C library's module, whose name depends on the system.
    .core("Geodesy", own: ["Kernel", "CGeodesic"], external: ["Glibc", "Musl", "Darwin"]),
    .core("Separation", own: ["Kernel", "Geodesy"]),
    .core("JointLog", own: ["Kernel"], external: ["Crypto"]),
    .core("Records", own: ["Kernel", "Geodesy", "Separation", "JointLog"], external: ["Crypto"]),
    .core("Evidence", own: ["Kernel", "JointLog", "Records"]),
    // Dispatch only to spread one computation over the cores and wait for it: the result is the same on any number.
    .core(
        "PrivateCheck", own: ["Kernel", "Geodesy", "Separation", "CGeodesic", "CSodium"], external: ["Dispatch"]),
    .core("Mechanism", own: ["Kernel", "Geodesy", "Separation", "JointLog", "Records", "PrivateCheck"]),

    .shell("Storage", own: ["Kernel", "JointLog"], external: ["Synchronization"]),
    .shell("StorageSQLite", own: ["Kernel", "JointLog", "Storage"], external: ["GRDB", "Synchronization"] + system),
    .shell(
        "Notation", own: ["Kernel", "Geodesy", "Separation", "Records", "CGeographicLib"], external: ["Foundation"]),
    .shell(
        "NodeRuntime",
        own: [
            "Kernel", "Geodesy", "Separation", "JointLog", "Records", "Evidence", "PrivateCheck", "Mechanism", "Storage",
            "StorageSQLite", "Notation",
        ],
        external: [
            "NIOCore", "NIOPosix", "NIOFoundationCompat", "NIOConcurrencyHelpers", "NIOHTTP1", "NIOTLS", "NIOSSL",
            "AsyncHTTPClient", "Crypto", "CryptoExtras", "X509", "SwiftASN1", "Logging", "Dispatch",
            "Synchronization",
        ] + system),
    .shell(
        "NodeHTTP",
        own: [
            "Kernel", "Geodesy", "Separation", "JointLog", "Records", "Evidence", "PrivateCheck", "Mechanism", "Notation",
            "NodeRuntime",
        ],
        external: [
            "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "HTTPTypes", "NIOCore", "NIOSSL", "NIOHTTPTypes",
            "Logging", "Crypto", "CryptoExtras", "Synchronization", "ServiceLifecycle", "Foundation",
        ]),
    .shell(
        "Simulation",
        own: ["Kernel", "Geodesy", "Separation", "JointLog", "Records", "PrivateCheck", "Mechanism", "Storage"],
        external: ["Foundation", "Synchronization"]),
    .shell(
        "parley",
        own: [
            "Kernel", "Geodesy", "Separation", "JointLog", "Records", "PrivateCheck", "Mechanism", "Storage",
            "StorageSQLite", "Notation", "NodeRuntime", "NodeHTTP", "Simulation",
        ],
        external: [
            "ArgumentParser", "AsyncHTTPClient", "ServiceLifecycle", "Logging", "NIOCore", "NIOPosix",
            "NIOFoundationCompat", "NIOHTTP1", "NIOSSL", "Dispatch", "Synchronization",
        ] + system),
    .shell(
        "parley-audit", own: ["Kernel", "JointLog", "Records", "Evidence"], external: ["ArgumentParser", "Foundation"]),
]

private let system = ["Foundation", "Glibc", "Musl", "Darwin"]

/// Folders of `Tests` that hold scripts and data rather than a target of the package.
let testScriptFolders = ["Oracle", "Interop", "ApiTests", "ConsoleTests", "EndToEndTests", "Verifier", "Model", "Fuzz", "Support", "Bench"]
