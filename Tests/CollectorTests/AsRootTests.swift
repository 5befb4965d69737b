import Foundation
import Glibc
import Testing
import TraceStore

@testable import Collector

/// What others could prepare for a `collector` that runs as root, by processes of other users where that
/// is what counts. docs/security.md has a line for each.
@Suite("As root", .enabled(if: geteuid() == 0, "needs root, whose rights are at stake"))
struct AsRootTests {
  static let nobody = CallingUser(uid: 65_534, gid: 65_534)

  /// A folder of root's own, in which `open` is one in which all can write, as /tmp is.
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    #expect(chmod(scratch.path, 0o755) == 0)
    #expect(mkdir("\(scratch.path)/open", 0o777) == 0 && chmod("\(scratch.path)/open", 0o1777) == 0)
    return scratch
  }

  private func program(_ path: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
    #expect(chmod(path, 0o755) == 0)
  }

  /// Runs `collector` as a script of bash would, with the script's own words before its path.
  private func shell(_ script: String, _ arguments: [String], folder: String) throws -> Program {
    try Program.run(
      "collector", arguments,
      wrapper: ["env", "-C", folder, "LC_ALL=C", "bash", "-c", script])
  }

  // MARK: Programs

  @Test func foldersOfPathThatOthersCanFill() throws {
    let scratch = try scratch()
    for (name, mode) in [("own", 0o755), ("loose", 0o777), ("theirs", 0o755), ("group", 0o775)] {
      #expect(mkdir("\(scratch.path)/\(name)", 0o755) == 0)
      #expect(chmod("\(scratch.path)/\(name)", mode_t(mode)) == 0)
    }
    #expect(chown("\(scratch.path)/theirs", 65_534, 65_534) == 0)
    #expect(chown("\(scratch.path)/group", 0, 65_534) == 0)
    #expect(mkdir("\(scratch.path)/loose/below", 0o755) == 0)
    #expect(symlink("\(scratch.path)/loose", "\(scratch.path)/link") == 0)
    let entries = ["", ".", "bin", "/usr/bin", "/nowhere"]
    let places = ["own", "loose", "theirs", "group", "loose/below", "link", "open"]
      .map { "\(scratch.path)/\($0)" }
    let path = (entries + places).joined(separator: ":")
    #expect(ChildEnvironment.folders(path, isRoot: true) == ["/usr/bin", "\(scratch.path)/own"])
    #expect(ChildEnvironment.folders("", isRoot: true) == SystemCommands.folders)
    #expect(ChildEnvironment.folders(".:/usr/bin", isRoot: false) == [".", "/usr/bin"])
  }

  /// By `exec`, as a process: a program of the current folder is not run because PATH says so.
  @Test func programsOfTheCurrentFolder() throws {
    let scratch = try scratch()
    try program("\(scratch.path)/kf-tool", "#!/bin/sh\ntouch '\(scratch.path)/ran'\n")
    let script = """
      export PATH=.::"$PWD"/open:/usr/bin:/bin
      cp kf-tool open
      "$0" "$@" & child=$!
      until grep -q '^State:.T' /proc/$child/status; do sleep 0.02; done
      kill -CONT $child
      wait $child
      """
    let run = try shell(script, ["hold", "--", "kf-tool"], folder: scratch.path)
    #expect(run.status == 127, "\(run)")
    #expect(run.errors.contains("cannot run 'kf-tool': No such file"))
    #expect(access("\(scratch.path)/ran", F_OK) != 0)
    // Named by its path, it is meant.
    let named = try shell(script, ["hold", "--", "./kf-tool"], folder: scratch.path)
    #expect(named.status == 0 && access("\(scratch.path)/ran", F_OK) == 0, "\(named)")
  }

  @Test func variablesThatRunCode() {
    let given = [
      "HOME=/root", "LD_PRELOAD=/tmp/x.so", "LD_LIBRARY_PATH=/tmp", "BASH_ENV=/tmp/x", "ENV=/tmp/x",
      "PYTHONPATH=/tmp", "NODE_OPTIONS=-r /tmp/x", "BASH_FUNC_ls%%=() { id; }", "x=() { id; }",
      "DOCKER_CONFIG=/etc/docker", "PATH=.:/usr/bin", "HTTPS_PROXY=http://p", "EMPTY=",
    ]
    #expect(
      ChildEnvironment.variables(isRoot: true, of: given)
        == [
          "HOME=/root", "DOCKER_CONFIG=/etc/docker", "HTTPS_PROXY=http://p", "EMPTY=",
          "PATH=/usr/bin",
        ])
    #expect(ChildEnvironment.variables(isRoot: false, of: given) == given)
  }

  @Test(arguments: ["DOCKER_HOST", "CONTAINER_HOST"]) func enginesElsewhere(_ name: String) throws {
    let run = try Program.run(
      "collector", ["list", "runtimes"], wrapper: ["env", "\(name)=tcp://192.0.2.1:2375"])
    #expect(run.status == 2, "\(run)")
    #expect(run.errors.contains("\(name) names an engine that is not on this machine"))
    try ContainerEngine.refuseRemote { _ in "unix:///run/user/1000/docker.sock" }
    try ContainerEngine.refuseRemote { _ in nil }
  }

  /// Set-user-ID, set-group-ID and file capabilities, run by another user.
  @Test(arguments: ["u+s", "g+s", "cap"]) func rightsOfTheFile(_ kind: String) throws {
    let scratch = try scratch()
    for name in ["collector", "tracequery"] where name == "collector" || kind != "cap" {
      let copy = "\(scratch.path)/\(name)"
      try FileManager.default.copyItem(atPath: Program.path(of: name), toPath: copy)
      if kind == "cap" {
        // Where there is no setcap, the kernel's word for it is not to be had.
        guard access("/usr/sbin/setcap", X_OK) == 0 else { return }
        let set = try Program.run(
          "collector", [], wrapper: ["/usr/sbin/setcap", "cap_net_raw+ep", copy, "#"])
        guard set.status == 0 else { return }
      } else {
        #expect(chmod(copy, kind == "u+s" ? 0o4755 : 0o2755) == 0)
      }
      let run = try Program.run(
        name, [],
        wrapper: [
          "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c",
          "exec \"\(copy)\" --version",
        ])
      #expect(run.status == 3 && run.output == "", "\(run)")
      #expect(run.errors.contains("\(name) must not be set-user-ID or set-group-ID"), "\(run)")
    }
  }

  // MARK: Workloads of strangers

  private func command(_ script: String, _ user: CallingUser?) -> HostCommand {
    HostCommand(
      arguments: ["sh", "-c", script],
      target: LoadTarget(host: "192.0.2.1", port: 80, timeout: 30, cancel: CancelToken()),
      user: user)
  }

  /// Under sudo, a workload's commands have the caller's rights, not root's.
  @Test func commandsOfAWorkload() throws {
    let scratch = try scratch()
    #expect(chmod(scratch.path, 0o755) == 0)
    let check = """
      test "$(id -u) $(id -g) $(id -G)" = '65534 65534 65534' && test "$HOST:$PORT" = 192.0.2.1:80 \
        && test "$HOME" != /root && ! touch '\(scratch.path)/x' && ! cat /etc/shadow
      """
    _ = try command(check, Self.nobody).run()
    #expect(access("\(scratch.path)/x", F_OK) != 0)
    // One that was not behind sudo has root's: it was root who asked.
    _ = try command("test $(id -u) = 0", nil).run()
    let missing = HostCommand(
      arguments: ["no-such-program"],
      target: LoadTarget(host: "h", port: 1, timeout: 5, cancel: CancelToken()), user: Self.nobody)
    let error = #expect(throws: LoadError.self) { try missing.run() }
    #expect("\(error.map { "\($0)" } ?? "")".contains("no-such-program"))
  }

  /// A folder of workloads that lies where root happens to be is not taken for its own.
  @Test func workloadsOfTheCurrentFolder() throws {
    let scratch = try scratch()
    let folder = "\(scratch.path)/docker_containers"
    try FileManager.default.createDirectory(
      atPath: folder + "/w", withIntermediateDirectories: true)
    try Data(WorkloadCatalogTests.text.utf8).write(to: URL(filePath: folder + "/w/workload.yaml"))
    let script = "unset KERNEL_FOOTPRINT_WORKLOADS; exec \"$0\" \"$@\""
    for (uid, mode) in [(65_534, 0o755), (0, 0o777)] as [(uid_t, mode_t)] {
      #expect(chown(folder, uid, 0) == 0 && chmod(folder, mode) == 0)
      for words in [["run", "runc", "w"], ["suite", "--runtimes", "runc"]] {
        let run = try shell(script, words, folder: scratch.path)
        #expect(run.status == 2 && run.errors.contains("belongs to somebody else"), "\(run)")
      }
      // Named, it is meant: what is missed then is something else.
      let named = try shell(
        script, ["run", "runc", "no-such", "--workloads-dir", "docker_containers"],
        folder: scratch.path
      )
      #expect(named.errors.contains("there is no workload 'no-such'"), "\(named)")
    }
  }

  /// What would be an option to the engine is no name.
  @Test(arguments: ["-x", "--help", ""]) func namesThatAreOptions(_ name: String) async throws {
    let engine = ContainerEngine(.docker, runner: EngineConversation([], owner: "o"))
    await #expect(throws: ExperimentError.self) { _ = try await engine.state(of: name) }
    let yaml = "image: '\(name)'\n" + WorkloadCatalogTests.text
    #expect(throws: WorkloadError.self) {
      _ = try WorkloadReader.workload(
        YAMLFile.parse(Array(yaml.utf8), file: "w.yaml"), file: "w.yaml", folder: "/x/w")
    }
  }

  // MARK: Files

  /// A second name of another file, a link, a pipe or somebody else's file under the warehouse's name or
  /// beside it, in a folder in which all can write.
  @Test(arguments: ["", "-journal", "-wal", "-shm"], ["hard link", "link", "pipe", "theirs"])
  func plantedBesideTheWarehouse(_ end: String, _ kind: String) throws {
    let scratch = try scratch()
    let victim = try scratch.file("victim", "precious")
    let planted = "\(scratch.path)/open/t.db\(end)"
    switch kind {
    case "hard link": #expect(link(victim, planted) == 0)
    case "link": #expect(symlink(victim, planted) == 0)
    case "pipe": #expect(mkfifo(planted, 0o666) == 0)
    default:
      try Data("x".utf8).write(to: URL(filePath: planted))
      #expect(chown(planted, 65_534, 65_534) == 0)
    }
    let other = "\(scratch.path)/other.sqlite"
    try FileManager.default.copyItem(
      atPath: Program.repository.appending(
        path: "Tests/TraceStoreTests/Fixtures/version2.sqlite"
      ).path, toPath: other)
    let run = try Program.run("collector", ["merge", "\(scratch.path)/open/t.db", other])
    #expect(run.status == 2 && run.output == "", "\(run)")
    #expect(run.errors.contains("in a folder in which others can write"), "\(run)")
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
  }

  /// Where nobody else can write links are the user's own, and SQLite still follows none beside the file.
  @Test(arguments: ["-journal", "-wal", "-shm"]) func linksBesideTheWarehouse(_ end: String) throws
  {
    let scratch = try scratch()
    let victim = try scratch.file("victim", "precious")
    let words = ["--recording", "func", Program.captures + "/runc-redis-server-1"]
    // Beside a warehouse that is there, and one that is not yet.
    #expect(try scratch.ingest(words[0], words[1], words[2]).status == 0)
    for place in [scratch.db, "\(scratch.path)/new.db"] {
      #expect(symlink(victim, place + end) == 0)
      let run = try Program.run(
        "collector",
        ["ingest", "--runtime", "runc", "--workload", "w", "--again", "--db", place] + words)
      // Where nothing is there yet, SQLite takes a journal for a dead one's, and the link away.
      #expect(run.status == 3 || (run.status == 0 && place != scratch.db), "\(run)")
      #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
    }
  }

  /// Results replace what stands under their names, and go through no link.
  @Test func linksAmongTheResults() throws {
    let scratch = try scratch()
    let victim = try scratch.file("victim", "precious")
    #expect(mkdir("\(scratch.path)/out", 0o755) == 0)
    for name in ["pids", "trace.list", "syscalls.list", "run.json"] {
      #expect(symlink(victim, "\(scratch.path)/out/\(name)") == 0)
    }
    let run = try scratch.ingest(
      "--recording", "func", "--output", "\(scratch.path)/out",
      Program.captures + "/runc-redis-server-1")
    #expect(run.status == 0, "\(run)")
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
  }

  /// Only a folder is given away, and not what has taken its place meanwhile.
  @Test func foldersThatAreGivenAway() throws {
    let scratch = try scratch()
    let victim = try scratch.file("victim", "precious")
    #expect(symlink(scratch.path, "\(scratch.path)/link") == 0)
    #expect(mkdir("\(scratch.path)/new", 0o755) == 0)
    for name in ["victim", "link", "new", "none"] {
      Self.nobody.own(folder: "\(scratch.path)/\(name)")
    }
    var status = stat()
    #expect(lstat(victim, &status) == 0 && status.st_uid == 0)
    #expect(lstat(scratch.path, &status) == 0 && status.st_uid == 0)
    #expect(lstat("\(scratch.path)/link", &status) == 0 && status.st_uid == 0)
    #expect(lstat("\(scratch.path)/new", &status) == 0 && status.st_uid == 65_534)
  }

  /// A folder of pages that somebody has made first is not used, and one of another user not removed.
  @Test func placesOfPages() async throws {
    let scratch = try scratch()
    let base = "\(scratch.path)/open"
    #expect(mkdir("\(base)/kernel-footprint.1.2.3", 0o777) == 0)
    #expect(chown("\(base)/kernel-footprint.1.2.3", 65_534, 65_534) == 0)
    #expect(symlink("/etc", "\(base)/kernel-footprint.1.2.4") == 0)
    for name in ["kernel-footprint.1.2.3", "kernel-footprint.1.2.4"] {
      #expect(throws: ExperimentError.self) {
        try SpoolPlace.make(name, in: base, cleanup: CleanupStack())
      }
    }
    #expect(SpoolPlace.leftBehind(in: base) == [])
  }

  /// A temporary folder of the environment's: what is kept there has no name.
  @Test func temporaryFolders() throws {
    let scratch = try scratch()
    let run = try scratch.ingest(
      "--recording", "func", Program.captures + "/runc-redis-server-1",
      wrapper: ["env", "TMPDIR=\(scratch.path)/open", "SQLITE_TMPDIR=\(scratch.path)/open"])
    #expect(run.status == 0, "\(run)")
    #expect(SmallFile.names(in: "\(scratch.path)/open") == [])
  }

  /// Files that root makes for the caller of sudo are the caller's.
  @Test func whoseAWarehouseIs() throws {
    let scratch = try scratch()
    let run = try scratch.ingest(
      "--recording", "func", "--output", "\(scratch.path)/out",
      Program.captures + "/runc-redis-server-1",
      wrapper: ["env", "SUDO_UID=65534", "SUDO_GID=65534"])
    #expect(run.status == 0, "\(run)")
    var status = stat()
    for name in ["t.db", "out", "out/run.json"] {
      #expect(lstat("\(scratch.path)/\(name)", &status) == 0 && status.st_uid == 65_534, "\(name)")
    }
  }
}
