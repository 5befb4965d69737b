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
    for line in text.utf8.split(separator: Ascii.newline) {
      let line = Substring(line).trimmedSpaces
      if line.utf8.starts(with: "name:".utf8) {
        name = String(Substring(line.utf8.dropFirst(5)).trimmedSpaces)
      } else if line.utf8.starts(with: "ID:".utf8) {
        id = Int(Substring(line.utf8.dropFirst(3)).trimmedSpaces)
      } else if line.utf8.starts(with: "field:".utf8) {
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

  /// Reads `field:TYPE NAME; offset:N; size:N; signed:N;`, of which the last of each counts.
  static func parseField(_ line: Substring) -> Field? {
    var declaration: Substring.UTF8View?
    var offset: Int?
    var size: Int?
    var signed: Int?
    for part in line.utf8.split(separator: Ascii.semicolon) {
      let part = Substring(part).trimmedSpaces.utf8
      guard let colon = part.firstIndex(of: Ascii.colon) else { continue }
      let value = part[part.index(after: colon)...]
      var number: Int? { Int(Substring(value).trimmedSpaces) }
      switch Substring(part[..<colon]) {
      case "field": declaration = value
      case "offset": offset = number
      case "size": size = number
      case "signed": signed = number
      default: break
      }
    }
    guard let declaration, let space = declaration.lastIndex(of: Ascii.blank), let offset, let size,
      (0...0xffff).contains(offset), (0...(1 << 24)).contains(size)
    else { return nil }
    let name = declaration[declaration.index(after: space)...].prefix { $0 != Ascii.openBracket }
    return Field(
      name: String(Substring(name)), type: String(Substring(declaration[..<space]).trimmedSpaces),
      offset: offset, size: size, isSigned: signed == 1)
  }
}

/// A format file, `header_page` or section that does not say what it must.
public struct FormatError: Error, CustomStringConvertible, Equatable {
  public var file: String
  public var reason: String

  public var description: String { "\(file): \(reason)" }
}

extension StringProtocol {
  /// Without the blanks, tabs and carriage returns at both ends: bytes, whatever a character is made of.
  var trimmedSpaces: SubSequence {
    func isSpace(_ byte: UInt8) -> Bool {
      byte == Ascii.blank || byte == Ascii.tab || byte == Ascii.carriageReturn
    }
    let bytes = utf8
    guard let first = bytes.firstIndex(where: { !isSpace($0) }) else { return self[endIndex...] }
    var end = first
    for index in bytes[first...].indices where !isSpace(bytes[index]) {
      end = bytes.index(after: index)
    }
    return self[first..<end]
  }
}
