import Foundation

/// A server on a loopback port of its own, ended by its process id.
final class TestServer {
  let port: Int
  private let process: Process

  /// A Python program that serves `behaviour` to each connection: see ``script``.
  static func python(_ behaviour: String) throws -> TestServer {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-u", "-c", script, behaviour]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      process.terminate()
      throw Failure(text: "the server said '\(line)'")
    }
    return TestServer(process, port)
  }

  /// A real Redis that keeps nothing on disk.
  static func redis(port: Int? = nil) throws -> TestServer {
    let port = try port ?? freePort()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly",
      "no", "--dir", FileManager.default.temporaryDirectory.path,
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return TestServer(process, port)
  }

  struct Failure: Error { var text: String }

  private init(_ process: Process, _ port: Int) {
    self.process = process
    self.port = port
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// A port on which nobody listens.
  static func freePort() throws -> Int {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(socket, generic, size) == 0 ? getsockname(socket, generic, &size) : -1
      }
    }
    guard result == 0 else { throw Failure(text: "no port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// `raw:TEXT` sends TEXT (with Python's escapes) to each request and keeps the connection;
  /// `close:TEXT` closes it behind; `endless:TEXT` sends TEXT again and again; `slow:TEXT` a byte a
  /// tenth of a second; `silent:` nothing. `http:` is a small real server: GET /?size=N, /chunked,
  /// /until-close, /status?N, POST /login and GET /verify; GET /log answers with the requests so far.
  private static let script = #"""
    import json, socket, sys, threading, time
    mode, _, text = sys.argv[1].partition(":")
    data = text.encode().decode("unicode_escape").encode("latin-1")
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    print(listener.getsockname()[1])
    log, tokens, connections, lock = [], set(), [0], threading.Lock()

    def answer(status, body, extra=""):
        return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body

    def http(peer, number):
        file = peer.makefile("rb")
        while True:
            first = file.readline().decode().split()
            if not first:
                return
            headers = {}
            while True:
                line = file.readline().decode().strip()
                if not line:
                    break
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = file.read(int(headers.get("content-length", 0)))
            method, path = first[0], first[1]
            if path != "/log":
                with lock:
                    log.append(f"{number} {method} {path} {len(body)}")
            if path == "/log":
                peer.sendall(answer(200, json.dumps({"log": "|".join(log)}).encode()))
            elif path == "/login":
                token = json.loads(body)["user"] + "-\u00e9-" + str(number)
                with lock:
                    tokens.add(token)
                peer.sendall(answer(200, json.dumps(
                    {"a": [1, {"token": "no"}], "token": token, "session": {"token": token}}).encode()))
            elif path == "/verify":
                good = headers.get("authorization", "")[7:] in tokens
                peer.sendall(answer(200 if good else 401, b"{}"))
            elif path == "/chunked":
                peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                             b"5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n")
            elif path == "/until-close":
                peer.sendall(b"HTTP/1.1 200 OK\r\n\r\nhello")
                return
            elif path == "/last":
                peer.sendall(answer(200, b"x", "Connection: close\r\n"))
                return
            elif path == "/continue":
                peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(200, b"x"))
            elif path.startswith("/status?"):
                status = int(path[8:])
                peer.sendall(answer(status, b"") if status != 204 else b"HTTP/1.1 204 No\r\n\r\n")
            else:
                size = int(path.partition("size=")[2] or 0)
                peer.sendall(answer(200, b"x" * size if method != "HEAD" else b""))

    def serve(peer):
        with lock:
            connections[0] += 1
            number = connections[0]
        try:
            if mode == "http":
                http(peer, number)
            while mode != "http" and peer.recv(65536):
                if mode == "endless":
                    while True:
                        peer.sendall(data * 1000)
                if mode == "slow":
                    for byte in data:
                        peer.sendall(bytes([byte]))
                        time.sleep(0.1)
                if mode in ("raw", "close"):
                    peer.sendall(data)
                if mode == "close":
                    break
        except OSError:
            pass
        finally:
            peer.close()

    while True:
        peer, _ = listener.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(peer,), daemon=True).start()
    """#
}
