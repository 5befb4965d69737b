/// Makes a load profile of its part of a `workload.yaml`.
enum LoadReader {
  static func profile(_ entry: YAMLValue.Entry, file: String) throws -> LoadProfile {
    let section = try YAMLSection(
      entry.value, file: file, path: "load.\(entry.key)", known: WorkloadKey.names(in: "load.*"))
    let standard = StandardLoad(rawValue: entry.key)
    let kind = try WorkloadReader.choice(section, "kind", ["http", "redis", "command"])
    try WorkloadReader.allow(section, kind, ["steps": ["http", "redis"], "command": ["command"]])
    var profile = LoadProfile(kind: try content(section, kind))
    profile.requests = try section.integer("requests", 1...LoadProfile.mostRequests)
    profile.duration = try section.number("duration", 0.1...3_600)
    if profile.requests == nil, profile.duration == nil {
      profile.requests = standard?.requests
      profile.duration = standard == nil ? LoadProfile.heavyDuration : nil
    }
    profile.interval =
      try section.number("interval", 0...3_600)
      ?? (standard == nil ? 0 : LoadProfile.defaultInterval)
    profile.pause =
      try section.number("pause", 0...3_600) ?? (standard == nil ? 0 : LoadProfile.defaultPause)
    profile.reconnect =
      try section.integer("reconnect", 0...LoadProfile.mostRequests)
      ?? standard?.reconnect ?? 0
    profile.concurrency =
      try section.integer("concurrency", 1...256)
      ?? (standard == nil ? LoadProfile.heavyConcurrency : 1)
    profile.timeout = try section.number("timeout", 0.1...3_600) ?? LoadProfile.defaultTimeout
    profile.fromStart = try section.flag("from_start") ?? (standard == .default)
    profile.warmup =
      try section.integer("warmup", 0...LoadProfile.mostRequests)
      ?? (profile.fromStart ? 0 : standard?.warmup ?? 0)
    if profile.fromStart, profile.warmup > 0 {
      throw section.wrong(
        "warmup",
        "a load that is recorded from the start has no warm-up; remove it, or write from_start: false"
      )
    }
    profile.drain = try section.number("drain", 0...3_600) ?? LoadProfile.defaultDrain
    return profile
  }

  private static func content(
    _ section: YAMLSection, _ kind: String
  ) throws -> LoadProfile.Kind {
    guard kind != "command" else {
      let command = try section.texts("command")
      guard !command.isEmpty else { throw section.missing("command") }
      return .command(command)
    }
    let values = try section.list("steps")
    guard !values.isEmpty else { throw section.missing("steps") }
    let steps = try values.enumerated().map { index, value in
      try YAMLSection(
        value, file: section.file, path: "\(section.full("steps"))[\(index + 1)]",
        known: WorkloadKey.names(in: "load.*.steps[\(kind)]"))
    }
    guard kind == "http" else { return .redis(try steps.map(redisStep)) }
    var known: [String] = []
    return .http(try steps.map { try httpStep($0, known: &known) })
  }

  private static func redisStep(_ section: YAMLSection) throws -> RedisStep {
    let command = try section.texts("command")
    guard !command.isEmpty else { throw section.missing("command") }
    guard section.entry("reply") != nil else { return RedisStep(command: command) }
    let reply = try WorkloadReader.choice(
      section, "reply", RedisStep.Reply.allCases.map(\.rawValue))
    return RedisStep(command: command, reply: RedisStep.Reply(rawValue: reply) ?? .any)
  }

  /// - Parameter known: the captured values' names so far.
  private static func httpStep(
    _ section: YAMLSection, known: inout [String]
  ) throws -> HTTPStep {
    var step = HTTPStep()
    step.method = try section.text("method") ?? step.method
    guard (1...16).contains(step.method.utf8.count),
      step.method.utf8.allSatisfy({ (0x41...0x5a).contains($0) })
    else { throw section.wrong("method", "must be an upper-case word such as GET or POST") }
    step.path = try section.text("path") ?? step.path
    guard isPath(step.path) else {
      throw section.wrong("path", "must begin with / and hold no space; write %20 for one")
    }
    step.headers = try section.pairs("headers").map { name, value, place in
      guard isToken(name), value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
      else {
        throw WorkloadError(
          section.file, place, "\(section.full("headers")): '\(name)' is no header of HTTP")
      }
      guard !["content-length", "transfer-encoding", "connection"].contains(name.lowercased())
      else {
        throw WorkloadError(
          section.file, place,
          "\(section.full("headers")): '\(name)' is set by the load itself; remove it")
      }
      return HTTPStep.Header(name: name, value: value)
    }
    step.body = try section.text("body") ?? ""
    step.status = try section.integer("status", 100...599) ?? step.status
    for (key, value) in [("path", step.path), ("body", step.body)] {
      try check(value, section, key, known)
    }
    for header in step.headers { try check(header.value, section, "headers", known) }
    step.captures = try section.pairs("capture").map { name, field, place in
      guard WorkloadReader.isVariable(name), !field.isEmpty else {
        throw WorkloadError(
          section.file, place,
          "\(section.full("capture")): '\(name)' is no variable; use letters, digits and _")
      }
      return HTTPStep.Capture(name: name, field: field.split(separator: ".").map(String.init))
    }
    known += step.captures.map(\.name)
    return step
  }

  private static func check(
    _ text: String, _ section: YAMLSection, _ key: String, _ known: [String]
  ) throws {
    if let name = CapturedText.names(in: text).first(where: { !known.contains($0) }) {
      throw section.wrong(key, "${\(name)} is captured by no earlier step")
    }
  }

  /// A request target in origin form (RFC 9112, section 3.2.1), less strictly.
  static func isPath(_ text: String) -> Bool {
    text.hasPrefix("/") && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
  }

  /// `token` of RFC 9110, section 5.6.2.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}
