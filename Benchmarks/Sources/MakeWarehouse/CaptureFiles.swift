import Glibc

/// Why no warehouse can be made, for people.
struct Problem: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

/// The files `CAPTURE/expected/*.tsv` of a folder, sorted.
func tables(in folder: String) throws -> [String] {
  try entries(of: folder).flatMap { capture in
    let expected = "\(folder)/\(capture)/expected"
    return ((try? entries(of: expected)) ?? []).filter { $0.hasSuffix(".tsv") }
      .map { "\(expected)/\($0)" }
  }
}

private func entries(of folder: String) throws -> [String] {
  guard let stream = opendir(folder) else {
    throw Problem("\(folder): \(String(cString: strerror(errno)))")
  }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    // The name is an array of fixed size in C, which Swift sees as a tuple.
    let name = withUnsafeBytes(of: &entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}

/// All of a small file.
func text(of path: String) throws -> String {
  guard let file = fopen(path, "r") else {
    throw Problem("\(path): \(String(cString: strerror(errno)))")
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    guard count > 0 else { break }
    bytes += chunk[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}
