/// Why metrics cannot be imported. The description is one line: where, what, what to do.
public enum MetricError: Error, Sendable, Equatable {
  /// The file cannot be read.
  case file(path: String, reason: String)
  /// A line of it is wrong.
  case line(path: String, line: Int, problem: String)
  /// It has not the columns that are wanted, or they have no usable names.
  case columns(path: String, problem: String)
  /// No run of the warehouse is of that kernel, or runs of several are.
  case kernel(String, problem: String)
  /// None of its functions is known on that kernel.
  case noneKnown(path: String, functions: Int, kernel: String)

  /// 1 the answer is no, 2 wrong use, 3 the environment lacks something, 4 the data is damaged.
  public var exitCode: Int32 {
    switch self {
    case .noneKnown: 1
    case .columns, .kernel: 2
    case .file: 3
    case .line: 4
    }
  }
}

extension MetricError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let path, let reason): "\(path): \(reason)"
    case .line(let path, let line, let problem): "\(path), line \(line): \(problem)"
    case .columns(let path, let problem): "\(path): \(problem)"
    case .kernel(let name, let problem): "kernel '\(name)': \(problem)"
    case .noneKnown(let path, let functions, let kernel):
      "\(path): none of its \(functions) functions is known on kernel \(kernel), no run there "
        + "reached one; nothing is changed"
    }
  }
}
