import Glibc

/// Writes `line` to standard output, with what a terminal could obey made visible: names in it come from
/// files of others.
///
/// For what a command tells of work that is done: that nobody reads it is no reason to fail.
public func printLine(_ line: String) {
  let output = Output.standard()
  try? output.write(visible(line, escapingBackslash: false) + "\n")
  try? output.flush()
}
