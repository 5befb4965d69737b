/// The layout of one event's payload, as `events/SYSTEM/NAME/format` describes it (the kernel's
/// kernel/trace/trace_events.c, `f_show`).
///
///     name: function
///     ID: 1
///     format:
///     	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
public struct EventFormat: Sendable, Equatable {
  /// One field: `offset` and `size` in bytes from the start of the payload.
  public struct Field: Sendable, Equatable {
    public var name: String
    /// The C type as written, `__data_loc char[]` for instance.
    public var type: String
    public var offset: Int
    public var size: Int
    public var isSigned: Bool
  }

  public var name: String
  public var id: Int
  public var fields: [Field]

  public func field(_ name: String) -> Field? { fields.first { $0.name == name } }

  /// Reads the text of a format file.
  ///
  /// - Throws: ``FormatError`` when there is no name, no ID, or a field that cannot be.
  public init(parsing text: String, from file: String) throws(FormatError) {
    var name: String?
    var id: Int?
    var fields: [Field] = []
    for line in text.split(separator: "\n") {
      let line = line.trimmedSpaces
      if line.hasPrefix("name:") {
        name = String(line.dropFirst(5).trimmedSpaces)
      } else if line.hasPrefix("ID:") {
        id = Int(line.dropFirst(3).trimmedSpaces)
      } else if line.hasPrefix("field:") {
        guard let field = Self.parseField(line) else {
          throw FormatError(file: file, reason: "this field cannot be read: \(line.prefix(80))")
        }
        fields.append(field)
      }
    }
    guard let name, !name.isEmpty, name.utf8.count <= 128 else {
      throw FormatError(file: file, reason: "no line 'name:', or no name of an event in it")
    }
    guard let id, (0...0xffff).contains(id) else {
      throw FormatError(file: file, reason: "no line 'ID:' with a number up to 65535")
    }
    self.name = name
    self.id = id
    self.fields = fields
  }

  /// Reads `field:TYPE NAME; offset:N; size:N; signed:N;`.
  static func parseField(_ line: Substring) -> Field? {
    var declaration: Substring?
    var numbers: [Substring: Int] = [:]
    for part in line.split(separator: ";") {
      let part = part.trimmedSpaces
      guard let colon = part.firstIndex(of: ":") else { continue }
      let key = part[..<colon]
      let value = part[part.index(after: colon)...]
      if key == "field" { declaration = value } else { numbers[key] = Int(value.trimmedSpaces) }
    }
    guard let declaration, let space = declaration.lastIndex(of: " "),
      let offset = numbers["offset"], let size = numbers["size"],
      (0...0xffff).contains(offset), (0...(1 << 24)).contains(size)
    else { return nil }
    var name = declaration[declaration.index(after: space)...]
    if let bracket = name.firstIndex(of: "[") { name = name[..<bracket] }
    return Field(
      name: String(name), type: String(declaration[..<space].trimmedSpaces), offset: offset,
      size: size, isSigned: numbers["signed"] == 1)
  }
}

/// A format file, `header_page` or section that does not say what it must.
public struct FormatError: Error, CustomStringConvertible, Equatable {
  public var file: String
  public var reason: String

  public var description: String { "\(file): \(reason)" }
}

extension StringProtocol {
  /// Without the spaces and tabs at both ends.
  var trimmedSpaces: SubSequence {
    guard let first = firstIndex(where: { $0 != " " && $0 != "\t" && $0 != "\r" }) else {
      return self[endIndex...]
    }
    var end = endIndex
    while end > first {
      let before = index(before: end)
      if self[before] != " ", self[before] != "\t", self[before] != "\r" { break }
      end = before
    }
    return self[first..<end]
  }
}
