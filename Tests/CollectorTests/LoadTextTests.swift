import Testing

@testable import Collector

/// Values that are taken from answers and put into requests.
@Suite struct LoadTextTests {
  private func value(_ path: String, _ json: String) -> String? {
    JSONField.text(path.split(separator: ".").map(String.init), in: Array(json.utf8))
  }

  @Test func jsonValues() {
    #expect(value("a", #"{"a": "x"}"#) == "x")
    #expect(
      value("a.b", #" { "z" : [ 1, {"b": "no"}, null, "]" ], "a": {"c": -1.5e3, "b" : true}}"#)
        == "true")
    #expect(value("a.c", #"{"a": {"c": -1.5e3}}"#) == "-1.5e3")
    #expect(value("a", #"{"a": "q\"\\\/\n\u00e9\ud83d\ude00"}"#) == "q\"\\/\né😀")
    #expect(value("a", #"{"a": "\ud83d x"}"#) == "\u{fffd} x")
    #expect(value("a", #"{"b": {}, "c": [], "a": 0}"#) == "0")
  }

  @Test(arguments: [
    "", "{", "[]", "null", #""a""#, #"{"a"}"#, #"{"a":}"#, #"{"a":nonsense}"#, #"{"a": {}}"#,
    #"{"a": [1]}"#, #"{"b": 1}"#, #"{"b": [1, "a": 2}"#, #"{"b": "x}"#, #"{"a": "\u12"}"#,
    #"{"a": "\x"}"#, #"{"a": null}"#, #"{"b" 1, "a": 2}"#, #"{"b": 1 "a": 2}"#,
  ]) func jsonWithoutTheValue(_ json: String) {
    #expect(value("a", json) == nil)
  }

  @Test func jsonIsBounded() {
    let deep = #"{"b": "# + String(repeating: "[", count: 100_000) + #", "a": 1}"#
    #expect(value("a", deep) == nil)
    let path = String(repeating: "a.", count: 1_000) + "a"
    #expect(value(path, String(repeating: #"{"a": "#, count: 1_001) + "1") == "1")
  }

  @Test func capturedText() {
    #expect(CapturedText.names(in: "a ${b} $c ${} ${d e} ${f_1}${g}") == ["b", "f_1", "g"])
    #expect(CapturedText.expand("${a}-${b}", ["a": "1", "b": "${a}"]) == "1-${a}")
    #expect(CapturedText.expand("$ ${ ${x $$ ${1}", [:]) == "$ ${ ${x $$ ${1}")
    #expect(CapturedText.expand("${a}", [:]) == nil)
  }

  @Test func redisCommand() {
    #expect(
      RedisClient.serialise(["SET", "ü", ""])
        == Array("*3\r\n$3\r\nSET\r\n$2\r\nü\r\n$0\r\n\r\n".utf8))
  }
}
