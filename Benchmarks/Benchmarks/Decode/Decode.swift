import Benchmark
import Ftrace

/// Micro-benchmarks of the parts that every event goes through. Throughput is in events (pages,
/// counting) or lines (text).
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.throughput, .wallClock, .cpuUser, .peakMemoryResident], maxDuration: .seconds(3))

  Benchmark("pages: decode") { benchmark in
    let capture = try Capture()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var sink = CountingSink()
      var reader = try capture.pages()
      try reader.decode(into: &sink)
      blackHole(sink.calls)
    }
  }

  Benchmark("pages: decode and count") { benchmark in
    let capture = try Capture()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var counter = CallCounter(
        rules: FilterRules(), tasks: TaskList(), resolver: AddressNames())
      var reader = try capture.pages()
      try reader.count(into: &counter, threads: 0)
      blackHole(counter.seen)
    }
  }

  Benchmark("text: decode function") { benchmark in
    let text = try Capture.bytes("func.txt.zst")
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var sink = CountingSink()
      var decoder = FunctionTextDecoder()
      decoder.consume(text.span.bytes, into: &sink)
      blackHole(sink.calls)
    }
  }

  Benchmark("text: decode function_graph") { benchmark in
    let text = try Capture.bytes("graph.txt.zst")
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var sink = CountingSink()
      var decoder = GraphTextDecoder()
      decoder.consume(text.span.bytes, into: &sink)
      blackHole(sink.calls)
    }
  }

  Benchmark("count: 300,000 events of a capture, one by one") { benchmark in
    let capture = try Capture()
    var events = EventList()
    var reader = try capture.pages()
    try reader.decode(into: &events)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var counter = CallCounter(
        rules: FilterRules(), tasks: TaskList(), resolver: AddressNames())
      for event in events.calls { counter.call(event) }
      blackHole(counter.seen)
    }
  }
}
