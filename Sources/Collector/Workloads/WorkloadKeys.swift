/// Every key that a `workload.yaml` may hold. The reader refuses others by this list, and
/// docs/workloads.md has a row for each.
struct WorkloadKey: Equatable {
  /// The section: `` for the file itself; `*` is any profile's name.
  var section: String
  var name: String
  var type: String
  /// What holds without it; `required` when there is no such thing.
  var standard: String

  var path: String { section.isEmpty ? name : "\(section).\(name)" }

  private init(_ section: String, _ name: String, _ type: String, _ standard: String) {
    self.section = section
    self.name = name
    self.type = type
    self.standard = standard
  }

  static let all: [WorkloadKey] = [
    WorkloadKey("", "name", "text", "the folder's name"),
    WorkloadKey("", "summary", "text", "none"),
    WorkloadKey("", "image", "text", "kernel-footprint/FOLDER"),
    WorkloadKey("", "build", "mapping", "none"),
    WorkloadKey("", "port", "1 to 65535", "required"),
    WorkloadKey("", "ports", "list of 1 to 65535", "none"),
    WorkloadKey("", "command", "list of texts", "the image's"),
    WorkloadKey("", "environment", "mapping of texts", "none"),
    WorkloadKey("", "readiness", "mapping", "kind: tcp"),
    WorkloadKey("", "settle", "0 to 3600 seconds", "10"),
    WorkloadKey("", "load", "mapping of profiles", "required"),
    WorkloadKey("build", "context", "path in the folder", "."),
    WorkloadKey("build", "args", "mapping of texts", "none"),
    WorkloadKey("readiness", "kind", "tcp, http, redis or command", "required"),
    WorkloadKey("readiness", "path", "text, kind http", "/"),
    WorkloadKey("readiness", "command", "list of texts, kind command", "required"),
    WorkloadKey("readiness", "timeout", "0.1 to 3600 seconds", "180"),
    WorkloadKey("load.*", "kind", "http, redis or command", "required"),
    WorkloadKey("load.*", "requests", "1 to 10000000", "300 in default, 1000 in steady"),
    WorkloadKey("load.*", "duration", "0.1 to 3600 seconds", "10 outside default and steady"),
    WorkloadKey("load.*", "interval", "0 to 3600 seconds", "0.03 in default and steady, else 0"),
    WorkloadKey("load.*", "pause", "0 to 3600 seconds", "0.02 in default and steady, else 0"),
    WorkloadKey("load.*", "reconnect", "0 to 10000000", "100 in default, 200 in steady, else 0"),
    WorkloadKey("load.*", "concurrency", "1 to 256", "1 in default and steady, else 8"),
    WorkloadKey("load.*", "timeout", "0.1 to 3600 seconds", "10"),
    WorkloadKey("load.*", "warmup", "0 to 10000000", "1000 in steady, else 0"),
    WorkloadKey("load.*", "from_start", "true or false", "true in default, else false"),
    WorkloadKey("load.*", "drain", "0 to 3600 seconds", "2"),
    WorkloadKey("load.*", "steps", "list of mappings, kinds http and redis", "required"),
    WorkloadKey("load.*", "command", "list of texts, kind command", "required"),
    WorkloadKey("load.*.steps[http]", "method", "upper-case word", "GET"),
    WorkloadKey("load.*.steps[http]", "path", "text that begins with /", "/"),
    WorkloadKey("load.*.steps[http]", "headers", "mapping of texts", "none"),
    WorkloadKey("load.*.steps[http]", "body", "text", "none"),
    WorkloadKey("load.*.steps[http]", "status", "100 to 599", "200"),
    WorkloadKey("load.*.steps[http]", "capture", "mapping of texts", "none"),
    WorkloadKey("load.*.steps[redis]", "command", "list of texts", "required"),
    WorkloadKey(
      "load.*.steps[redis]", "reply", "status, integer, bulk, null, array or any", "any"),
  ]

  static func names(in section: String) -> [String] {
    all.filter { $0.section == section }.map(\.name)
  }
}
