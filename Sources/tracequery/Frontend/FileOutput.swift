import Glibc
import Terminal

/// A file that is there whole or not at all: written under another name beside it, then renamed.
struct FileOutput {
  let path: String

  /// Why it cannot be written.
  struct Problem: Error, Equatable, CustomStringConvertible {
    let path: String
    let text: String
    var description: String { "\(path): \(text)" }
  }

  /// Writes a file, in the place of one that is there.
  ///
  /// A path that is no regular file (a pipe, `/dev/stdout`) is written as it is.
  ///
  /// - Throws: ``Failure`` of status environment with the path and the reason; whatever `body`
  ///   throws, after which the file is as it was.
  func write(_ body: (Output) throws -> Void) throws {
    try writeBytes { try fill($0, body) }
  }

  /// The same with a descriptor, for another program to write to.
  func writeBytes(_ body: (Int32) throws -> Void) throws {
    do {
      try isSpecial() ? writeThrough(body) : replace(body)
    } catch let problem as Problem {
      throw Failure(status: .environment, text: "cannot write \(problem)")
    }
  }

  func write(_ text: String) throws {
    try write { try $0.write(text) }
  }

  private func isSpecial() -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT != S_IFREG
  }

  private func writeThrough(_ body: (Int32) throws -> Void) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw problem(errno) }
    defer { close(descriptor) }
    signal(SIGPIPE, SIG_IGN)
    try body(descriptor)
  }

  private func fill(_ descriptor: Int32, _ body: (Output) throws -> Void) throws {
    let output = Output(descriptor: descriptor)
    do {
      try body(output)
      try output.flush()
    } catch OutputError.failed(let code) {
      throw problem(code)
    }
  }

  private func replace(_ body: (Int32) throws -> Void) throws {
    let target = resolved()
    guard let (unfinished, descriptor) = UnfinishedFile.make(target) else { throw problem(errno) }
    let temporary = unfinished.name
    defer { unfinished.forget() }
    var isOpen = true
    do {
      try body(descriptor)
      // mkstemp's files are for their owner alone; others get what any new file gives them.
      let mask = umask(0)
      umask(mask)
      guard fchmod(descriptor, 0o666 & ~mask) == 0 else { throw problem(errno) }
      isOpen = false
      // Some file systems tell only here that the space is used up.
      guard close(descriptor) == 0 else { throw problem(errno) }
      guard rename(temporary, target) == 0 else { throw problem(errno) }
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary)
      throw error
    }
  }

  /// The file that a symbolic link leads to, so that the link stays one.
  private func resolved() -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private func problem(_ code: Int32) -> Problem {
    Problem(path: path, text: String(cString: strerror(code)))
  }
}
