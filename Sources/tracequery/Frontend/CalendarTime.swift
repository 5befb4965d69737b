/// A time since 1970-01-01 UTC as ISO 8601 writes it, to the second: `2026-11-24T05:13:00Z`.
///
/// - Parameter nanoseconds: since 1970; before it is nothing.
func calendarTime(_ nanoseconds: Int64) -> String? {
  guard nanoseconds >= 0 else { return nil }
  let seconds = nanoseconds / 1_000_000_000
  let (year, month, day) = civil(days: seconds / 86_400)
  let time = seconds % 86_400
  func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
  return "\(year)-\(two(month))-\(two(day))T"
    + "\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))Z"
}

/// The date of the Gregorian calendar, by counting the days of 400-year eras that begin in March,
/// so that the leap day is the last of its year.
private func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  // 719 468 days lie between 0000-03-01 and 1970-01-01; an era has 146 097.
  let shifted = days + 719_468
  let era = shifted / 146_097
  let dayOfEra = shifted % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let marchMonth = (5 * dayOfYear + 2) / 153
  let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
}
