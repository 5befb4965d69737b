import Crypto
import Glibc
import Terminal

/// The list of shards that an export has finished, by which one that was interrupted goes on. A private
/// file: only an export of the same state of the warehouse with the same choices uses it.
final class SparkProgress {
  /// A shard, or that there is none for want of rows.
  struct Entry: Equatable {
    var table: String
    var group: Int
    var rows: Int64
    /// nil when there are no rows.
    var file: ShardFile.Finished?
  }

  private let path: String
  private let descriptor: Int32
  private(set) var entries: [Entry]

  /// Takes up what is in the list that an earlier export left, if it is of the same `key`.
  ///
  /// - Parameter isThere: whether a shard is still as it is listed.
  /// - Throws: ``Failure`` when the list cannot be written.
  init(path: String, key: String, isThere: (Entry) -> Bool) throws {
    self.path = path
    let head = Self.head + " " + Hexadecimal.text(SHA256.hash(data: Array(key.utf8)))
    let text = SparkFolder.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    // The last line may be cut; it is of use only with its end.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let found = lines.first.map(String.init) == head ? lines.dropFirst().compactMap(Self.entry) : []
    entries = found.filter(isThere)
    try SparkFolder.replace(path, ([head] + entries.map(Self.line)).map { $0 + "\n" }.joined())
    descriptor = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw SparkFolder.failure(path, errno) }
  }

  deinit { close(descriptor) }

  private static let head = "kernel-footprint-progress 1"

  func entry(_ table: String, _ group: Int) -> Entry? {
    entries.first { $0.table == table && $0.group == group }
  }

  func add(_ entry: Entry) throws {
    entries.append(entry)
    let line = Self.line(entry) + "\n"
    if let code = SparkFolder.write(Array(line.utf8)[...], to: descriptor) {
      throw SparkFolder.failure(path, code)
    }
  }

  /// The export is finished.
  func remove() { unlink(path) }

  private static func line(_ entry: Entry) -> String {
    let file =
      entry.file.map { [$0.name, String($0.bytes), String($0.textBytes), $0.sha256] }
      ?? ["-", "0", "0", "-"]
    return ([entry.table, String(entry.group), String(entry.rows)] + file).joined(separator: "\t")
  }

  private static func entry(_ line: Substring) -> Entry? {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 7, let group = Int(fields[1]), let rows = Int64(fields[2]),
      let bytes = Int64(fields[4]), let textBytes = Int64(fields[5])
    else { return nil }
    let file = ShardFile.Finished(
      name: fields[3], bytes: bytes, textBytes: textBytes, sha256: fields[6])
    return Entry(table: fields[0], group: group, rows: rows, file: fields[3] == "-" ? nil : file)
  }
}
