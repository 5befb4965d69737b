/// Where each run comes from.
extension Report {
  /// Above so many runs their details begin closed.
  private static let openLimit = 2

  var provenanceSection: Markup {
    let runs = provenance.map { fields -> Markup in
      let version = fields.value("runtime_version").map { " (\($0))" } ?? ""
      let heading =
        "run:\(fields.value("run") ?? "") \(fields.value("runtime") ?? "")"
        + "\(version), \(fields.value("workload") ?? ""), repeat \(fields.value("repeat") ?? "")"
      let rows = fields.map { field -> Markup in
        "<tr><th scope=\"row\">\(field.name)</th>\(Self.cell(field))</tr>\n"
      }
      let open: Markup = provenance.count <= Self.openLimit ? " open=\"\"" : ""
      return """
        <details\(open)><summary>\(heading)</summary>
        \(Self.framed(heading, "<table>\n<tbody>\n\(rows.joined())</tbody>\n</table>\n"))</details>

        """
    }
    return "<p>A run has the same uuid in every file; its source is told by the hash.</p>\n"
      + runs.joined()
  }

  private static func cell(_ field: Field) -> Markup {
    guard let value = field.value else { return "<td class=\"soft\">not known</td>" }
    switch field.name {
    case "uuid", "source", "source_hash", "image", "image_id", "command", "options":
      return "<td class=\"hash\">\(value)</td>"
    case "started_ns":
      let time = Int64(value).flatMap(calendarTime)
      return "<td>\(time.map { "\(value) (\($0))" } ?? value)</td>"
    default: return "<td>\(value)</td>"
    }
  }
}
