/// The version that both programs print, and that a run's provenance names.
public let programVersion = "0.1.0"
