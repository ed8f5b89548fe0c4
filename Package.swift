// swift-tools-version: 6.1
import PackageDescription

// The core decides the same whether it is optimised or not, and the simulator plays thousands of histories of it in
// the tests: a build for debugging optimises it too. Its assertions and overflow checks stay.
let optimised: [SwiftSetting] = [
    .unsafeFlags(
        ["-O", "-wmo", "-disable-batch-mode", "-num-threads", "2", "-assert-config", "Debug"],
        .when(configuration: .debug))
]

// The order of the targets is the order of the layers: each may import only what stands above it in its
// own `dependencies`. SwiftPM does not hold a target to that list; `TidyTests` does.
let package = Package(
    name: "parley",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "parley", targets: ["parley"]),
        .executable(name: "parley-audit", targets: ["parley-audit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    ],
    targets: [
        // MARK: C libraries and shims
        .systemLibrary(
            name: "CGeodesic", path: "Sources/CGeodesic", pkgConfig: "proj",
            providers: [.apt(["libproj-dev"])]),
        .systemLibrary(
            name: "CSodium", path: "Sources/CSodium", pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"])]),
        .target(
            name: "CGeographicLib", path: "Sources/CGeographicLib",
            linkerSettings: [.linkedLibrary("GeographicLib")]),

        // MARK: The deterministic core
        .target(name: "Kernel", swiftSettings: optimised),
        .target(name: "Geodesy", dependencies: ["Kernel", "CGeodesic"], swiftSettings: optimised),
        .target(name: "Separation", dependencies: ["Kernel", "Geodesy"], swiftSettings: optimised),
        .target(
            name: "JointLog",
            dependencies: ["Kernel", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: optimised),
        .target(
            name: "Records",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: optimised),
        .target(name: "Evidence", dependencies: ["Kernel", "JointLog", "Records"], swiftSettings: optimised),
        .target(
            name: "PrivateCheck",
            dependencies: ["Kernel", "Geodesy", "Separation", "CGeodesic", "CSodium"],
            swiftSettings: optimised),
        .target(
            name: "Mechanism",
            dependencies: ["Kernel", "Geodesy", "Separation", "JointLog", "Records", "PrivateCheck"],
            swiftSettings: optimised),

        // MARK: The shell
        .target(name: "Storage", dependencies: ["Kernel", "JointLog"], swiftSettings: optimised),
        .target(
            name: "StorageSQLite",
            dependencies: ["Kernel", "JointLog", "Storage", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(
            name: "Notation",
            dependencies: ["Kernel", "Geodesy", "Separation", "Records", "CGeographicLib"],
            resources: [.copy("Templates/texts"), .copy("ActionCards/cards")],
            swiftSettings: optimised),
        .target(
            name: "NodeRuntime",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog", "Records", "Evidence", "PrivateCheck", "Mechanism",
                "Storage", "StorageSQLite", "Notation",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "NodeHTTP",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog", "Records", "Evidence", "PrivateCheck", "Mechanism",
                "Notation", "NodeRuntime",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.copy("Console")]),
        .target(
            name: "Simulation",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog", "Records", "PrivateCheck", "Mechanism", "Storage",
            ],
            swiftSettings: optimised),
        .executableTarget(
            name: "parley",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog", "Records", "PrivateCheck", "Mechanism", "Storage",
                "StorageSQLite", "Notation", "NodeRuntime", "NodeHTTP", "Simulation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(
            name: "parley-audit",
            dependencies: [
                "Kernel", "JointLog", "Records", "Evidence",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // MARK: Tests
        .target(name: "CFaultyVFS", path: "Tests/FaultyVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "FaultyDisk", dependencies: ["CFaultyVFS"], path: "Tests/FaultyDisk"),
        .testTarget(name: "KernelTests", dependencies: ["Kernel"], exclude: ["Vectors"]),
        .testTarget(name: "GeodesyTests", dependencies: ["Kernel", "Geodesy"]),
        .testTarget(name: "SeparationTests", dependencies: ["Kernel", "Geodesy", "Separation"]),
        .testTarget(name: "ConformanceTests", dependencies: ["Kernel", "Geodesy", "Separation"]),
        .testTarget(name: "JointLogTests", dependencies: ["Kernel", "JointLog"]),
        .testTarget(
            name: "RecordsTests",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog", "Records", "Mechanism",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Vectors"]),
        .target(
            name: "EvidenceSamples",
            dependencies: ["Kernel", "Geodesy", "Separation", "JointLog", "Records", "Evidence", "Simulation"],
            path: "Tests/EvidenceSamples"),
        .executableTarget(
            name: "BundleWriter", dependencies: ["Kernel", "Evidence", "EvidenceSamples"], path: "Tests/BundleWriter"),
        .testTarget(
            name: "EvidenceTests", dependencies: ["Kernel", "JointLog", "Records", "Evidence", "EvidenceSamples"]),
        .testTarget(
            name: "MechanismTests",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog", "Records", "PrivateCheck", "Mechanism", "Simulation",
            ]),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog", "Records", "PrivateCheck", "Mechanism", "Simulation",
            ]),
        .testTarget(
            name: "PrivateCheckTests", dependencies: ["Kernel", "Geodesy", "Separation", "PrivateCheck"]),
        .executableTarget(
            name: "crash-writer", dependencies: ["Kernel", "Storage", "StorageSQLite"], path: "Tests/CrashWriter"),
        .testTarget(
            name: "StorageContractTests",
            dependencies: ["Kernel", "JointLog", "Storage", "StorageSQLite", "FaultyDisk"]),
        .testTarget(
            name: "StorageSQLiteTests",
            dependencies: [
                "Kernel", "JointLog", "Storage", "StorageSQLite", "FaultyDisk", "crash-writer",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["strace_faults.py", "soak.sh"]),
        .testTarget(name: "NotationTests", dependencies: ["Kernel", "Geodesy", "Separation", "Records", "Notation"]),
        .testTarget(
            name: "NodeRuntimeTests",
            dependencies: [
                "Kernel", "Geodesy", "Separation", "JointLog", "Records", "Mechanism", "Storage", "StorageSQLite",
                "Notation", "NodeRuntime", .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "TidyTests"),
    ],
    swiftLanguageModes: [.v6]
)
