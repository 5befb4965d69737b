/// The run's tasks cannot be told.
struct TaskError: Error, CustomStringConvertible, Equatable {
  var description: String
}
