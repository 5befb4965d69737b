// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the decoders instrumented for libFuzzer, and behind each one a target of the
// fuzzer. script/fuzz builds and runs it.
//
// Its folders Sources and Tests are links to those of the programs, so that what is fuzzed is what is
// built. Of the larger modules only what reads files is here.
//
// Edges of those modules are counted, and for speed not more: the compiler's fuzzer option would also tell
// libFuzzer of every comparison, which takes half of the time, and count what compares the answers.
let counted: [SwiftSetting] = [
  .unsafeFlags([
    "-sanitize-coverage=edge,indirect-calls", "-Xllvm", "-sanitizer-coverage-inline-8bit-counters",
    "-Xllvm", "-sanitizer-coverage-pc-table",
  ])
]

let package = Package(
  name: "kernel-footprint-fuzz",
  dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")],
  targets: [
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CZstd"),
    .systemLibrary(name: "CLinux"),
    .target(
      name: "Ftrace", dependencies: ["CZlib", "CZstd", "CLinux"],
      // Tables and buffers that inputs of a kibibyte fill.
      swiftSettings: counted + [.define("SMALL_SIZES")],
      linkerSettings: [.linkedLibrary(":libz.a"), .linkedLibrary(":libzstd.a")]),
    .target(name: "Terminal"),
    .target(
      name: "TraceStore",
      sources: ["Metrics/CSVText.swift", "Writing/RunName.swift"],
      swiftSettings: counted),
    .target(
      name: "Collector", dependencies: ["Terminal", "TraceStore", "Yams"],
      exclude: ["Workloads/WorkloadCatalog.swift"],
      sources: [
        "Workloads", "Load/LoadProfile.swift", "Load/StandardLoad.swift", "Load/CapturedText.swift",
      ],
      swiftSettings: counted),
    .target(
      name: "FuzzTargets", dependencies: ["Ftrace", "TraceStore", "Collector"], path: "Tests",
      sources: [
        "FtraceTests/Fuzz", "FtraceTests/Counted.swift", "FtraceTests/BytesStream.swift",
        "CollectorTests/FuzzWorkload.swift", "TraceStoreTests/FuzzCSV.swift",
      ],
      swiftSettings: [.define("SMALL_SIZES")]),
    .executableTarget(
      name: "Fuzzer", dependencies: ["FuzzTargets"], path: "Fuzzer",
      // No main: libFuzzer has one.
      swiftSettings: [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
  ],
  swiftLanguageModes: [.v6]
)
