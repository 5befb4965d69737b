// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who builds the programs does not build what measures them.
let package = Package(
  name: "benchmarks",
  dependencies: [
    .package(name: "kernel-footprint", path: "..")
  ],
  targets: [
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
