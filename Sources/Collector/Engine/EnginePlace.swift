/// Where an engine is.
extension ContainerEngine {
  /// The pids that an engine on another machine tells are other processes' here, and the runtimes that it
  /// names would be run here as root.
  static func refuseRemote(_ variable: (String) -> String? = CallingUser.variable) throws {
    for name in ["DOCKER_HOST", "CONTAINER_HOST"] {
      guard let place = variable(name), !place.isEmpty, !place.hasPrefix("unix://") else {
        continue
      }
      throw ExperimentError(
        "\(name) names an engine that is not on this machine ('\(place)'), whose containers cannot be "
          + "traced here: unset it", .usage)
    }
  }
}
