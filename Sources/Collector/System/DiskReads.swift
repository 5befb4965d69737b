/// What the machine reads from its disks.
enum DiskReads {
  /// KiB since the boot, by `pgpgin` of `/proc/vmstat` (block/blk-core.c counts it in `submit_bio`); nil where it is not told.
  static func total(procfs: String = "/proc") -> UInt64? {
    guard let content = SmallFile.read("\(procfs)/vmstat") else { return nil }
    for line in content.split(separator: UInt8(ascii: "\n")) {
      let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
      if fields.count == 2, fields[0] == "pgpgin" { return UInt64(fields[1]) }
    }
    return nil
  }
}
