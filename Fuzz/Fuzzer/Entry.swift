import Glibc

@testable import FuzzTargets

/// What libFuzzer calls with each input. Which target gets it, the environment says.
private let target: @Sendable ([UInt8]) throws -> Void = {
  var targets = FuzzTargets.ftrace
  targets["workload-yaml"] = FuzzWorkload.run
  targets["metric-csv"] = FuzzCSV.run
  guard let name = getenv("FUZZ_TARGET"), let target = targets[String(cString: name)] else {
    let message = "FUZZ_TARGET is one of \(targets.keys.sorted().joined(separator: " "))\n"
    write(STDERR_FILENO, message, message.utf8.count)
    exit(2)
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Unsafe: libFuzzer's own buffer, copied before anything looks at it.
  do { try target(Array(UnsafeBufferPointer(start: start, count: count))) } catch {
    fatalError("\(error)")
  }
  return 0
}
