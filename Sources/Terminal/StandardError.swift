import Glibc

/// Writes `message` as one line to standard error, control characters made visible, and without its
/// middle when it is longer than 4,096 characters: an argument may be as long as it likes.
///
/// A standard error that cannot be written is no reason to fail: nobody would read that either.
public func printError(_ message: String) {
  let output = Output(descriptor: STDERR_FILENO)
  try? output.write(visible(withoutMiddle(message), escapingBackslash: false) + "\n")
  try? output.flush()
}

/// The beginning of `message` and its end, where the remedy is, when it is longer than `limit` characters.
func withoutMiddle(_ message: String, limit: Int = 4096) -> String {
  let excess = message.count - limit
  guard excess > 0 else { return message }
  return message.prefix(limit * 3 / 4) + " … (\(excess) characters left out) … "
    + message.suffix(limit - limit * 3 / 4)
}
