import Glibc
import Terminal

/// The workloads that there are: folders with a `workload.yaml`.
struct WorkloadCatalog: Sendable {
  /// Where they were found: the folder that holds the workloads' folders.
  let folder: String
  /// The workloads' names, sorted; nothing of them has been read.
  let names: [String]
  /// Nobody named the folder: it was found where the caller is.
  private(set) var isFound = false

  /// Looks in the first of these that is set or there: `--workloads-dir`, `$KERNEL_FOOTPRINT_WORKLOADS`,
  /// `./docker_containers`, `PREFIX/share/kernel-footprint/docker_containers` for a program in
  /// `PREFIX/bin`, and `docker_containers` of the package in whose `.build` the program is.
  ///
  /// - Throws: ``WorkloadError`` when there is none, or when a folder that was named is not there.
  init(option: String? = nil) throws {
    try self.init(
      option: option,
      variable: getenv("KERNEL_FOOTPRINT_WORKLOADS").map { String(cString: $0) },
      current: ".", executable: Self.executable())
  }

  /// - Parameter executable: the program's own path, as the kernel knows it.
  init(option: String?, variable: String?, current: String, executable: String?) throws {
    if let named = option ?? variable.flatMap({ $0.isEmpty ? nil : $0 }) {
      let origin = option == nil ? "KERNEL_FOOTPRINT_WORKLOADS" : "--workloads-dir"
      guard !named.isEmpty, SmallFile.isFolder(named) else {
        throw WorkloadError("\(origin): '\(named)' is no folder; name one that holds workloads")
      }
      try self.init(listing: named)
      return
    }
    let places = Self.places(current: current, executable: executable)
    guard let place = places.first(where: SmallFile.isFolder) else {
      throw WorkloadError(
        "there are no workloads in \(places.joined(separator: ", ")); name their folder with "
          + "--workloads-dir", status: .environment)
    }
    try self.init(listing: place)
    isFound = place == places.first
  }

  /// Refuses, as root, workloads that were found in the current folder and belong to somebody else: what
  /// they say is built and run.
  ///
  /// - Throws: ``WorkloadError``.
  func refuseStrangers() throws {
    guard isFound, geteuid() == 0 else { return }
    var status = stat()
    guard stat(folder, &status) == 0 else { return }
    guard SafeFolder.isMine(status), status.st_mode & S_IWOTH == 0 else {
      throw WorkloadError(
        "\(folder): belongs to somebody else, and its workloads would be run as root: name it with "
          + "--workloads-dir if it is meant")
    }
  }

  /// The workloads of a folder.
  init(listing folder: String) throws {
    guard let entries = SmallFile.names(in: folder) else {
      throw WorkloadError(
        "\(folder): cannot list the workloads: \(String(cString: strerror(errno)))",
        status: .environment)
    }
    // A name with NUL bytes cannot come from a folder; one that is no name is refused on reading.
    names = entries.filter {
      access("\(folder)/\($0)/\(WorkloadReader.fileName)", F_OK) == 0
    }.sorted()
    self.folder = folder
  }

  /// Reads a workload.
  ///
  /// - Throws: ``WorkloadError``; for an unknown name with what there is.
  func workload(_ name: String) throws -> Workload {
    guard names.contains(name) else {
      let near = nearest(name, in: names).map { "did you mean '\($0)'? " } ?? ""
      let list = names.isEmpty ? "is none" : "are \(names.joined(separator: ", "))"
      throw WorkloadError("there is no workload '\(name)' in \(folder); \(near)there \(list)")
    }
    return try WorkloadReader.read(folder: "\(folder)/\(name)")
  }

  /// Reads every workload, each on its own: one bad file does not hide the others.
  func all() -> [(name: String, result: Result<Workload, any Error>)] {
    names.map { name in (name, Result { try workload(name) }) }
  }

  private static func places(current: String, executable: String?) -> [String] {
    var places = ["\(current)/docker_containers"]
    guard let executable else { return places }
    let parts = executable.split(separator: "/")
    let prefix = parts.dropLast(2).map { "/\($0)" }.joined()
    places.append("\(prefix)/share/kernel-footprint/docker_containers")
    // The last one: a package may itself be checked out below another's .build.
    if let build = parts.lastIndex(of: ".build") {
      places.append(parts[..<build].map { "/\($0)" }.joined() + "/docker_containers")
    }
    return places
  }

  private static func executable() -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0, count < buffer.count else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
