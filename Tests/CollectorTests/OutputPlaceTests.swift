import Foundation
import Testing

@testable import Collector

@Suite("Where results go") struct OutputPlaceTests {
  @Test(arguments: ["trace.dat", "run.json"]) func aRunIsThere(_ name: String) throws {
    let scratch = try Scratch()
    _ = try scratch.file(name, "x")
    let error = #expect(throws: ExperimentError.self) {
      try OutputPlace.make(scratch.path, runtime: "runc", workload: "w")
    }
    #expect(
      error
        == ExperimentError(
          "\(scratch.path): there is a run in it already (\(name)); name another folder", .usage))
  }

  /// What a killed collector was writing goes; everything else in the folder stays.
  @Test func unfinished() throws {
    let scratch = try Scratch()
    let part = try scratch.file(".trace.dat.part", "half")
    let other = try scratch.file("notes", "mine")
    let place = try OutputPlace.make(scratch.path, runtime: "runc", workload: "w")
    #expect(place.unfinished == part)
    #expect(!FileManager.default.fileExists(atPath: part))
    place.discard()
    #expect(FileManager.default.fileExists(atPath: other))
  }

  /// Only a folder that was made for this run goes with it, and only when nothing is in it.
  @Test func discarded() throws {
    let scratch = try Scratch()
    let old = scratch.path + "/old"
    try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: false)
    try OutputPlace.make(old, runtime: "", workload: "").discard()
    #expect(FileManager.default.fileExists(atPath: old))
    let new = try OutputPlace.make(scratch.path + "/a/new", runtime: "", workload: "")
    try Data("x".utf8).write(to: URL(filePath: new.unfinished))
    new.discard()
    #expect(!FileManager.default.fileExists(atPath: new.path))
    let used = try OutputPlace.make(scratch.path + "/used", runtime: "", workload: "")
    _ = try scratch.file("used/notes", "mine")
    used.discard()
    #expect(FileManager.default.fileExists(atPath: used.path + "/notes"))
  }

  @Test func finished() throws {
    let scratch = try Scratch()
    let place = try OutputPlace.make(scratch.path + "/run", runtime: "", workload: "")
    try Data("x".utf8).write(to: URL(filePath: place.unfinished))
    try place.finish(keepsRaw: true)
    #expect(OutputPlace.run(in: place.path) == "trace.dat")
    let error = #expect(throws: ExperimentError.self) { try place.finish(keepsRaw: true) }
    #expect(
      error?.description == "\(place.recording): cannot make it: No such file or directory")
    let bare = try OutputPlace.make(scratch.path + "/bare", runtime: "", workload: "")
    try Data("x".utf8).write(to: URL(filePath: bare.unfinished))
    try bare.finish(keepsRaw: false)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bare.path) == [])
  }
}
