/// What a program of this package tells its caller on exit.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Done; where a question has an answer, there it is.
  case done = 0
  /// The answer is "no": nothing found, or a gate that does not open.
  case no = 1
  /// Wrong use: an option, a selection or a statement that cannot be understood or is refused.
  case usage = 2
  /// The environment lacks something: a file, a permission, space.
  case environment = 3
  /// The data is damaged, of another program, or of a newer version.
  case damaged = 4
  /// The answer is not whole: a limit that the user set (`--timeout`, `--limit`) ended it.
  case cut = 5
}
