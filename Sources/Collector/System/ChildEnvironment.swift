import Glibc

/// What programs that this one starts as root find in their environment, and where they are looked for.
///
/// sudo(8) cleans both by its defaults, `sudo -E`, su(1) and services do not. What is left out here is
/// what sudo leaves out, since interpreters and loaders run code that it names.
enum ChildEnvironment {
  private static let names: Set<String> = [
    "IFS", "CDPATH", "ENV", "BASH_ENV", "PS4", "GLOBIGNORE", "SHELLOPTS", "BASHOPTS", "FPATH",
    "NULLCMD", "READNULLCMD", "ZDOTDIR", "TMPPREFIX", "LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES",
    "NLSPATH", "PATH_LOCALE", "GCONV_PATH", "TERMINFO", "TERMINFO_DIRS", "TERMPATH", "TERMCAP",
    "JAVA_TOOL_OPTIONS", "NODE_OPTIONS", "PERLLIB", "PERL5LIB", "PERL5OPT", "PERL5DB", "PYTHONHOME",
    "PYTHONPATH", "PYTHONINSPECT", "PYTHONUSERBASE", "PYTHONSTARTUP", "RUBYLIB", "RUBYOPT",
  ]
  private static let prefixes = ["LD_", "_RLD", "BASH_FUNC_", "GLIBC_"]

  /// `NAME=value` for a child: everything for a user, for root without what runs code, and with the
  /// trustworthy part of `PATH`.
  static func variables(
    isRoot: Bool = geteuid() == 0, of environment: [String] = Self.own()
  ) -> [String] {
    guard isRoot else { return environment }
    let kept = environment.filter { pair in
      let (name, value) = split(pair)
      return !names.contains(name) && !prefixes.contains { name.hasPrefix($0) } && name != "PATH"
        && !value.hasPrefix("() {")
    }
    let path = environment.map(split).first { $0.name == "PATH" }?.value
    return kept + ["PATH=\(folders(path, isRoot: isRoot).joined(separator: ":"))"]
  }

  /// This process's own, as it was started.
  static func own() -> [String] {
    (SmallFile.read("/proc/self/environ") ?? []).split(separator: 0).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// The folders of `PATH`. For root only those that are absolute and in which nobody but root and the
  /// calling user can put a program; where none is left, the system's.
  static func folders(_ path: String?, isRoot: Bool = geteuid() == 0) -> [String] {
    let entries = (path ?? "").split(separator: ":", omittingEmptySubsequences: false).map(
      String.init)
    guard isRoot else { return path == nil ? SystemCommands.folders : entries }
    let trusted = entries.filter { $0.hasPrefix("/") && isTrusted($0) }
    return trusted.isEmpty ? SystemCommands.folders : trusted
  }

  /// The file of a program, as a shell would look for it; nil when there is none.
  static func find(_ program: String, path: String? = CallingUser.variable("PATH")) -> String? {
    guard !program.contains("/") else { return program }
    guard !program.isEmpty else { return nil }
    for folder in folders(path) {
      let file = (folder.isEmpty ? "." : folder) + "/" + program
      var status = stat()
      if stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(file, X_OK) == 0 {
        return file
      }
    }
    return nil
  }

  /// Nobody but root and the calling user can change what a folder, or a folder above it, holds.
  private static func isTrusted(_ folder: String) -> Bool {
    guard let real = realpath(folder, nil) else { return false }
    var current = String(cString: real)
    free(real)
    var isAbove = false
    while true {
      var status = stat()
      guard lstat(current.isEmpty ? "/" : current, &status) == 0, SafeFolder.isMine(status) else {
        return false
      }
      // In a sticky folder others cannot exchange what is root's.
      let isSticky = isAbove && status.st_mode & S_ISVTX != 0
      // Groups below 1000 are the system's, such as Debian's staff.
      let group =
        status.st_gid < 1_000 || status.st_gid == CallingUser.current()?.gid
        || status.st_mode & S_IWGRP == 0
      guard isSticky || (group && status.st_mode & S_IWOTH == 0) else { return false }
      guard !current.isEmpty, current != "/" else { return true }
      current = current.split(separator: "/").dropLast().map { "/" + $0 }.joined()
      isAbove = true
    }
  }

  private static func split(_ pair: String) -> (name: String, value: String) {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts.first ?? ""), parts.count == 2 ? String(parts[1]) : "")
  }
}
