import Glibc

/// Writes `message` as one line to standard error, control characters made visible.
///
/// A standard error that cannot be written is no reason to fail: nobody would read that either.
public func printError(_ message: String) {
  let output = Output(descriptor: STDERR_FILENO)
  try? output.write(visible(message, escapingBackslash: false) + "\n")
  try? output.flush()
}
