// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who builds the programs does not build what measures them.
//
//     cd Benchmarks && swift package --disable-sandbox benchmark
let package = Package(
  name: "kernel-footprint-benchmarks",
  dependencies: [
    .package(name: "kernel-footprint", path: ".."),
    // Without its traits: no allocation is counted by replacing malloc.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Decode",
      dependencies: [
        .product(name: "Ftrace", package: "kernel-footprint"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/Decode",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
    // Makes warehouses of any size through the product's own writer: script/make-warehouse.
    .executableTarget(
      name: "MakeWarehouse",
      dependencies: [.product(name: "TraceStore", package: "kernel-footprint")]),
    // Writes single events, beside Peers/insert_events.c: script/bench-queries.
    .executableTarget(
      name: "KeepEvents",
      dependencies: [.product(name: "TraceStore", package: "kernel-footprint")]),
  ],
  swiftLanguageModes: [.v6]
)
