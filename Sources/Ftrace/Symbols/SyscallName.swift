struct SyscallName { init?(function: String) { return nil } }
