import Terminal
import TraceStore

/// Makes a workload of its file. All keys: ``WorkloadKey``; for people: docs/workloads.md.
enum WorkloadReader {
  static let fileName = "workload.yaml"

  /// Reads `FOLDER/workload.yaml`.
  ///
  /// - Throws: ``WorkloadError``.
  static func read(folder: String) throws -> Workload {
    let path = "\(folder)/\(fileName)"
    return try workload(YAMLFile.read(path), file: path, folder: folder)
  }

  static func workload(_ root: YAMLValue, file: String, folder: String) throws -> Workload {
    let name = folderName(folder)
    guard RunName.isValid(name), name != ".", name != ".." else {
      throw WorkloadError(
        "\(file): the folder's name '\(name)' is no name; only A-Z a-z 0-9 . _ - are allowed")
    }
    let top = try YAMLSection(root, file: file, path: "", known: WorkloadKey.names(in: ""))
    if let written = try top.text("name"), written != name {
      throw top.wrong("name", "must be the folder's name '\(name)', not '\(written)'")
    }
    guard let port = try top.integer("port", 1...65_535) else { throw top.missing("port") }
    let image = try top.text("image") ?? "kernel-footprint/\(name)"
    guard isImage(image) else {
      throw top.wrong(
        "image", "'\(image)' is no image; write name, path/name or name:TAG, the name in lower case"
      )
    }
    return Workload(
      name: name,
      summary: try summary(top),
      folder: folder,
      image: image,
      build: try build(top, folder: folder),
      port: port,
      morePorts: try top.integers("ports", 1...65_535).filter { $0 != port },
      command: try top.texts("command"),
      environment: try environment(top, "environment"),
      readiness: try readiness(top),
      settle: try top.number("settle", 0...3_600) ?? Workload.defaultSettle,
      loads: try loads(top))
  }

  private static func summary(_ top: YAMLSection) throws -> String {
    let text = try top.text("summary") ?? ""
    guard text.unicodeScalars.count <= 200, !text.contains(where: \.isNewline) else {
      throw top.wrong("summary", "must be one line of at most 200 characters")
    }
    return text
  }

  private static func build(_ top: YAMLSection, folder: String) throws -> Workload.Build {
    guard let section = try top.section("build", known: WorkloadKey.names(in: "build")) else {
      return Workload.Build(context: folder)
    }
    let context = try section.text("context") ?? "."
    let parts = context.split(separator: "/", omittingEmptySubsequences: true)
    guard !context.hasPrefix("/"), !parts.contains(".."), !context.isEmpty else {
      throw section.wrong("context", "'\(context)' must be a path within the workload's folder")
    }
    let below = parts.filter { $0 != "." }.joined(separator: "/")
    return Workload.Build(
      context: below.isEmpty ? folder : "\(folder)/\(below)",
      arguments: try environment(section, "args"))
  }

  private static func environment(
    _ section: YAMLSection, _ key: String
  ) throws -> [Workload.Variable] {
    try section.pairs(key).map { name, value, place in
      guard isVariable(name) else {
        throw WorkloadError(
          section.file, place,
          "\(section.full(key)): '\(name)' is no variable; use letters, digits and _")
      }
      return Workload.Variable(name: name, value: value)
    }
  }

  private static func readiness(_ top: YAMLSection) throws -> Readiness {
    let section = try top.section("readiness", known: WorkloadKey.names(in: "readiness"))
    guard let section else { return Readiness(kind: .tcp) }
    let kind = try choice(section, "kind", ["tcp", "http", "redis", "command"])
    try allow(section, kind, ["path": ["http"], "command": ["command"]])
    let path = try section.text("path") ?? "/"
    guard LoadReader.isPath(path) else {
      throw section.wrong("path", "must begin with / and hold no space; write %20 for one")
    }
    let command = try section.texts("command")
    if kind == "command", command.isEmpty { throw section.missing("command") }
    let kinds: [String: Readiness.Kind] = [
      "tcp": .tcp, "http": .http(path: path), "redis": .redis, "command": .command(command),
    ]
    return Readiness(
      kind: kinds[kind] ?? .tcp,
      timeout: try section.number("timeout", 0.1...3_600) ?? Readiness.defaultTimeout)
  }

  private static func loads(_ top: YAMLSection) throws -> [String: LoadProfile] {
    guard let section = try top.section("load", known: nil) else { throw top.missing("load") }
    var loads: [String: LoadProfile] = [:]
    for entry in section.keys {
      guard RunName.isValid(entry.key) else {
        throw WorkloadError(
          top.file, entry.keyPlace,
          "load: '\(entry.key)' is no name; only A-Z a-z 0-9 . _ - are allowed")
      }
      loads[entry.key] = try LoadReader.profile(entry, file: top.file)
    }
    guard loads["default"] != nil else { throw section.missing("default") }
    return loads
  }

  /// One of some words.
  static func choice(
    _ section: YAMLSection, _ key: String, _ words: [String]
  ) throws -> String {
    guard let word = try section.text(key) else { throw section.missing(key) }
    guard words.contains(word) else {
      let near = nearest(word, in: words).map { "; did you mean '\($0)'?" } ?? ""
      throw section.wrong(
        key, "must be \(list(words)), not '\(word.prefix(40))'" + near)
    }
    return word
  }

  /// Refuses keys that mean nothing for this kind.
  static func allow(
    _ section: YAMLSection, _ kind: String, _ kinds: [String: [String]]
  ) throws {
    for entry in section.keys {
      guard let allowed = kinds[entry.key], !allowed.contains(kind) else { continue }
      throw WorkloadError(
        section.file, entry.keyPlace,
        "\(section.full(entry.key)): belongs to kind \(list(allowed)), and this is \(kind)")
    }
  }

  private static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  private static func folderName(_ folder: String) -> String {
    String(folder.split(separator: "/").last ?? "")
  }

  /// The references that engines take, less strictly: what begins with - would be an option.
  private static func isImage(_ text: String) -> Bool {
    let colon = text.lastIndex(of: ":") ?? text.endIndex
    // A port of a registry is no tag: behind it comes a path.
    let tag = text[colon...].dropFirst()
    let name = tag.contains("/") ? text[...] : text[..<colon]
    let marks = "._/:@-".utf8
    guard let first = name.utf8.first, !marks.contains(first), text.utf8.count <= 255,
      tag.contains("/") || tag.isEmpty || RunName.isValid(String(tag))
    else { return false }
    return text.last != ":"
      && name.utf8.allSatisfy {
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || marks.contains($0)
      }
  }

  static func isVariable(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return RunName.isValid(text) && !text.utf8.contains { $0 == 0x2e || $0 == 0x2d }
  }
}
