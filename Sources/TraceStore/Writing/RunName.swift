/// The names of runtimes, workloads and labels: `[A-Za-z0-9._-]+`, what selections, folders and figures
/// can carry without quoting. The schema has the same CHECK, which a NUL byte would get past.
public enum RunName {
  public static func isValid(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// A name made of any text: what is not allowed in one becomes `_`.
  public static func made(from text: String) -> String {
    let name = String(text.map { isValid(String($0)) ? $0 : "_" }.prefix(64))
    return name.isEmpty ? "unnamed" : name
  }
}
