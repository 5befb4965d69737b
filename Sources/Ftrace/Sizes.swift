/// How large tables and buffers are to begin with, chosen for recordings of millions of events.
///
/// script/fuzz builds with `SMALL_SIZES`: inputs of a kibibyte then fill tables, let them grow, and go
/// beyond the end of a buffer and the longest line, as recordings do, and do not wait for megabytes to be
/// cleared. Nothing that is counted depends on a size, but what is said of each here.
enum Sizes {
  #if SMALL_SIZES
    /// Tasks that a text's decoder remembers; of two that share a place the comm is told again.
    static let tasks = 16
    /// Slots of hash tables, which grow.
    static let names = 16
    static let calls = 16
    static let callKeys = 16
    static let endings = 16
    /// Line endings that are remembered before all are forgotten.
    static let mostEndings = 64
    /// Places of caches in front of tables.
    static let recentKeys = 16
    static let recentTasks = 16
    static let recentRoles = 16
    static let columns = 16
    /// Bytes of a line's ending, and of a graph line's indentation, that are remembered.
    static let ending = 120
    static let indentation = 64
    /// Bytes of a line; longer ones are a problem. More than a line has that is known by its parts.
    static let longestLine = 384
    /// Marks of symbols' names, a power of two.
    static let marks = 1 << 8
    /// Bytes of raw pages that are read at once.
    static let pages = 512
    /// Bytes at a file's beginning that tell its format.
    static let head = 1024
    /// Bytes that are read and unpacked at once.
    static let packed = 256
    static let unpacked = 1024
    static let copied = 4096
    /// The largest window of a zstd frame, as a power of two.
    static let windowLog = 18
  #else
    /// Tasks that a text's decoder remembers; of two that share a place the comm is told again.
    static let tasks = 1 << 12
    /// Slots of hash tables, which grow.
    static let names = 1 << 12
    static let calls = 1 << 14
    static let callKeys = 1 << 10
    static let endings = 1 << 12
    /// Line endings that are remembered before all are forgotten: no kernel calls that many functions
    /// from as many places.
    static let mostEndings = 1 << 16
    /// Places of caches in front of tables.
    static let recentKeys = 1 << 12
    static let recentTasks = 1 << 8
    static let recentRoles = 1 << 10
    static let columns = 1 << 8
    /// Bytes of a line's ending, and of a graph line's indentation, that are remembered.
    static let ending = 248
    static let indentation = 256
    /// Bytes of a line; longer ones are a problem. A line of the kernel is a page (`trace_seq` has 4 or
    /// 8 KiB) at most.
    static let longestLine = 64 << 10
    /// Marks of symbols' names, a power of two.
    static let marks = 1 << 16
    /// Bytes of raw pages that are read at once.
    static let pages = 256 << 10
    /// Bytes at a file's beginning that tell its format, behind a text's comments too.
    static let head = 1 << 16
    /// Bytes that are read and unpacked at once.
    static let packed = 1 << 17
    static let unpacked = 1 << 16
    static let copied = 1 << 18
    /// The largest window of a zstd frame, as a power of two.
    static let windowLog = 27
  #endif
}
