// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "kernel-footprint",
  products: [
    .executable(name: "collector", targets: ["Collector"]),
    .executable(name: "tracequery", targets: ["tracequery"]),
    // For Benchmarks/, a package of its own.
    .library(name: "Ftrace", targets: ["Ftrace"]),
    .library(name: "TraceStore", targets: ["TraceStore"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // Without its trait it needs no Foundation.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    // Reads workload.yaml; its nodes know their line and column.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // System libraries. zlib and zstd are linked statically (see the libraries' targets), so
    // that a program copied alone to another machine needs only libsqlite3 beyond the C library.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CLinux"),

    .target(
      name: "Ftrace",
      dependencies: ["CZlib", "CZstd", "CLinux"],
      // Tests decode millions of events: optimised in debug builds too, traps and all.
      swiftSettings: [
        .unsafeFlags(["-O"], .when(configuration: .debug))
      ],
      linkerSettings: [.linkedLibrary(":libz.a"), .linkedLibrary(":libzstd.a")]
    ),
    .target(
      name: "Schema",
      path: "schema",
      exclude: ["make-syscall-numbers"],
      resources: [
        .embedInCode("migrations"), .embedInCode("views"), .embedInCode("queries"),
        .embedInCode("data"),
      ]
    ),
    .target(name: "TraceStore", dependencies: ["CSQLite", "Schema"], exclude: ["DESIGN.md"]),
    .target(name: "Terminal"),
    .target(name: "Statistics"),
    .executableTarget(
      name: "Collector",
      dependencies: [
        "CLinux", "Ftrace", "TraceStore", "Terminal", "Statistics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "Yams", package: "Yams"),
      ]
    ),
    .executableTarget(
      name: "tracequery",
      dependencies: [
        "CZlib", "CZstd", "TraceStore", "Terminal", "Statistics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [.embedInCode("Report/Assets")],
      linkerSettings: [.linkedLibrary(":libz.a"), .linkedLibrary(":libzstd.a")]
    ),

    // Stand-ins for a kernel that several test targets share.
    .target(name: "TestSupport", dependencies: ["Ftrace"], path: "Tests/Support"),
    .testTarget(name: "FtraceTests", dependencies: ["Ftrace", "CZlib", "TestSupport"]),
    .testTarget(
      name: "TraceStoreTests", dependencies: ["TraceStore", "Schema", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics"]),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"]),
    .testTarget(
      name: "CollectorTests",
      dependencies: ["Collector", "Ftrace", "TraceStore", "Statistics", "TestSupport"]),
    .testTarget(name: "TracequeryTests", dependencies: ["tracequery", "TraceStore", "Statistics"]),
  ],
  swiftLanguageModes: [.v6]
)
