import Glibc
import Terminal

/// Turns SVG into PNG by `rsvg-convert` of librsvg, when that is installed.
enum PNGConverter {
  static let program = "rsvg-convert"

  /// - Parameters:
  ///   - file: where the picture goes.
  ///   - dpi: dots per inch; the figure has its size in millimetres.
  /// - Throws: ``Failure`` with ``ExitStatus/environment`` when the program is missing or fails.
  static func write(_ svg: String, to file: OutputFile, dpi: Int) throws {
    try file.write { picture in
      // Through a file without a name, not a pipe: the program may end without reading it all.
      var name = Array("/tmp/tracequery-XXXXXX".utf8CString)
      let source = mkstemp(&name)
      guard source >= 0 else { throw failed("cannot make a temporary file in /tmp", errno) }
      defer { close(source) }
      unlink(name)
      _ = fcntl(source, F_SETFD, FD_CLOEXEC)
      let output = Output(descriptor: source)
      try output.write(svg)
      try output.flush()
      lseek(source, 0, SEEK_SET)
      try convert(from: source, to: picture, dpi: dpi)
    }
  }

  private static func convert(from source: Int32, to picture: Int32, dpi: Int) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failed("cannot make a pipe", errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    posix_spawn_file_actions_adddup2(&files, source, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&files, picture, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&files, ends[1], STDERR_FILENO)
    let arguments = [program, "--dpi-x", String(dpi), "--dpi-y", String(dpi), "--format", "png"]
    // What fonts need, and nothing else of this program's environment.
    let kept = ["PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH"]
    let environment = kept.compactMap { name in variable(name).map { "\(name)=\($0)" } }
    let words = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer {
      for text in words + variables { free(text) }
      posix_spawn_file_actions_destroy(&files)
    }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, program, &files, nil, words, variables)
    close(ends[1])
    guard code == 0 else {
      guard code == ENOENT else { throw failed("cannot run \(program)", code) }
      throw Failure(
        status: .environment,
        text: "\(program) is not installed, which makes PNG (Debian: apt-get install "
          + "librsvg2-bin); an -o FILE.svg needs no other program")
    }
    let said = errors(ends[0])
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      throw Failure(
        status: .environment,
        text: "\(program) failed" + (said.isEmpty ? "" : ": \(said)")
          + "; an -o FILE.svg needs no other program")
    }
  }

  /// The last line that the program says.
  private static func errors(_ descriptor: Int32) -> String {
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      text = Array((text + chunk[..<count]).suffix(1024))
    }
    return text.split(separator: UInt8(ascii: "\n")).last.map {
      String(decoding: $0, as: UTF8.self)
    } ?? ""
  }

  private static func failed(_ problem: String, _ code: Int32) -> Failure {
    Failure(status: .environment, text: "\(problem): \(String(cString: strerror(code)))")
  }
}
