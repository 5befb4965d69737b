import Testing

/// Every way in which a `workload.yaml` can be wrong, with what is said of it.
extension WorkloadReaderTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    var text: String
    /// What comes behind the file's name.
    var message: String
    init(_ text: String, _ message: String) {
      self.text = text
      self.message = message
    }
    var testDescription: String { message }
  }

  static let bad: [Bad] = [
    Bad("", ":1:1: is empty; docs/workloads.md shows what belongs into it"),
    Bad("# only this\n", ":1:1: is empty; docs/workloads.md shows what belongs into it"),
    Bad("- a\n", ":1:1: must be a mapping (key: value), not a list"),
    Bad("port: 80\nimgae: x\n" + load, ":2:1: imgae: unknown key; did you mean 'image'?"),
    Bad(
      "port: 80\nbuild:\n  zzzzz: x\n" + load,
      ":3:3: build.zzzzz: unknown key; keys here are context, args"),
    Bad(load, ":1:1: port: is missing; docs/workloads.md shows how to write it"),
    Bad("port: 80\n", ":1:1: load: is missing; docs/workloads.md shows how to write it"),
    Bad(
      "port: 80\nload: {heavy: {kind: redis, steps: [{command: [PING]}]}}\n",
      ":2:7: load.default: is missing; docs/workloads.md shows how to write it"),
    Bad("port: web\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not 'web'"),
    Bad("port: \"80\"\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not '80'"),
    Bad("port: 0\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not '0'"),
    Bad("port: 65536\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not '65536'"),
    Bad(
      "port: 99999999999999999999\n" + load,
      ":1:7: port: must be a whole number from 1 to 65535, not '99999999999999999999'"),
    Bad("port:\n" + load, ":1:6: port: must be a whole number from 1 to 65535, not nothing"),
    Bad("port: [80]\n" + load, ":1:7: port: must be a whole number from 1 to 65535, not a list"),
    Bad("port: 80\nimage: [a]\n" + load, ":2:8: image: must be a text, not a list"),
    Bad("port: 80\nimage: ~\n" + load, ":2:8: image: must be a text, not nothing"),
    Bad(
      "port: 80\nimage: --privileged\n" + load,
      ":2:8: image: '--privileged' is no image; write name, path/name or name:TAG, the name in lower case"
    ),
    Bad(
      "port: 80\nname: other\n" + load, ":2:7: name: must be the folder's name 'w-1', not 'other'"),
    Bad("port: 80\nsettle: -1\n" + load, ":2:9: settle: must be a number from 0 to 3600, not '-1'"),
    Bad(
      "port: 80\nsettle: nan\n" + load, ":2:9: settle: must be a number from 0 to 3600, not 'nan'"),
    Bad(
      "port: 80\ncommand: serve\n" + load, ":2:10: command: must be a list (- item), not 'serve'"),
    Bad("port: 80\ncommand: []\n" + load, ":2:10: command: must have 1 to 1,000 items, not 0"),
    Bad(
      "port: 80\ncommand: [\"a\\0b\"]\n" + load,
      ":2:11: command: holds a NUL byte, which no program takes"),
    Bad(
      "port: 80\nenvironment: {A-B: c}\n" + load,
      ":2:15: environment: 'A-B' is no variable; use letters, digits and _"),
    Bad(
      "port: 80\nbuild: {context: ../other}\n" + load,
      ":2:18: build.context: '../other' must be a path within the workload's folder"),
    Bad(
      "port: 80\nreadiness: {kind: htp}\n" + load,
      ":2:19: readiness.kind: must be tcp, http, redis or command, not 'htp'; did you mean 'http'?"),
    Bad(
      "port: 80\nreadiness: {kind: tcp, path: /}\n" + load,
      ":2:24: readiness.path: belongs to kind http, and this is tcp"),
    Bad(
      "port: 80\nreadiness: {kind: command}\n" + load,
      ":2:12: readiness.command: is missing; docs/workloads.md shows how to write it"),
    Bad(
      "port: 80\nport: 81\n" + load, ":1:1: the key 'port' is there twice; remove one"),
    Bad(
      "port: 80\nload: {default: {kind: http}}\n",
      ":2:17: load.default.steps: is missing; docs/workloads.md shows how to write it"),
    Bad(
      "port: 80\nload: {'a b': {kind: http}}\n",
      ":2:8: load: 'a b' is no name; only A-Z a-z 0-9 . _ - are allowed"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{path: x}]}}\n",
      ":2:45: load.default.steps[1].path: must begin with / and hold no space; write %20 for one"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{status: 99}]}}\n",
      ":2:47: load.default.steps[1].status: must be a whole number from 100 to 599, not '99'"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{method: get}]}}\n",
      ":2:47: load.default.steps[1].method: must be an upper-case word such as GET or POST"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{headers: {A: \"b\\r\\nX: y\"}}]}}\n",
      ":2:49: load.default.steps[1].headers: 'A' is no header of HTTP"),
    Bad(
      "port: 80\nload: {default: {kind: http, steps: [{body: \"${t}\"}]}}\n",
      ":2:45: load.default.steps[1].body: ${t} is captured by no earlier step"),
    Bad(
      "port: 80\nload: {default: {kind: redis, steps: [{path: /}]}}\n",
      ":2:40: load.default.steps[1].path: unknown key; keys here are command, reply"),
    Bad(
      "port: 80\nload: {default: {kind: redis, from_start: yes, steps: [{command: [PING]}]}}\n",
      ":2:43: load.default.from_start: must be true or false, not 'yes'"),
    Bad(
      "port: 80\nload: {default: {kind: redis, from_start: \"true\", steps: [{command: [PING]}]}}\n",
      ":2:43: load.default.from_start: must be true or false, not 'true'"),
    Bad(
      "port: 80\nload: {default: {kind: redis, warmup: 5, steps: [{command: [PING]}]}}\n",
      ":2:39: load.default.warmup: a load that is recorded from the start has no warm-up; remove it, "
        + "or write from_start: false"),
    Bad(
      "port: 80\nload: {default: {kind: redis, requests: 0, steps: [{command: [PING]}]}}\n",
      ":2:41: load.default.requests: must be a whole number from 1 to 10000000, not '0'"),
    Bad("port: [80\n", ":2:1: not YAML: did not find expected ',' or ']'"),
    Bad("port: *x\n" + load, ":1:7: not YAML: found undefined alias"),
    Bad("port: 80\n" + load + "---\nport: 81\n", ":3:1: not YAML: but found another document"),
    Bad("? [a, b]\n: c\n", ":1:1: '? ' begins a key that is no text; write 'key: value'"),
    Bad("{[a]: c}\n", ":1:1: a key is no text; write 'key: value'"),
    Bad("a: \u{1}\n", ":1:4: not YAML: control characters are not allowed"),
  ]
}
