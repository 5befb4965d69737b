/// Everything that can go wrong with single events or lines of a source: the rest is read, the
/// number and the first position are kept. The warehouse's catalogue has one entry for each, by
/// `rawValue`, with severity and a help text.
public enum ImportProblem: String, CaseIterable, Hashable, Sendable {
  /// A line of text that is no event, comment or mark of its format.
  case unreadableLine = "unreadable_line"
  /// A line longer than any real one: its beginning is not believed.
  case overlongLine = "overlong_line"
  /// The text ended without a newline, in the middle of an event.
  case cutLine = "cut_line"
  /// A name with bytes that are not UTF-8: kept, with U+FFFD in their place.
  case nonUTF8Name = "non_utf8_name"
  /// A record whose length runs over the committed bytes of its page: the rest of the page is lost.
  case badRecordLength = "bad_record_length"
  /// A page whose committed size is larger than the page.
  case badPageCommit = "bad_page_commit"
  /// The source ends in the middle of a page.
  case cutPage = "cut_page"
  /// A record too short for the fields that its format file promises.
  case shortRecord = "short_record"
  /// An event type that no format file describes: skipped by its length.
  case unknownEventType = "unknown_event_type"
  /// Time ran backwards within one CPU.
  case timeWentBack = "time_went_back"
  /// An entry or a return of a graph trace that does not fit the task's own stack.
  case stackMismatch = "stack_mismatch"
}
