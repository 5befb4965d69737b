// Calls of Linux that Swift's module of the C library leaves out, because it is built without
// _GNU_SOURCE: splice(2), copy_file_range(2), posix_spawn_file_actions_addclosefrom_np(3),
// sched_getaffinity(2), getauxval(3), fstatfs(2), and the flag O_PATH of open(2).
#include <sched.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/statfs.h>
#include <sys/types.h>

ssize_t splice(int from, long long *from_offset, int to, long long *to_offset, size_t count,
               unsigned int flags);
ssize_t copy_file_range(int from, long long *from_offset, int to, long long *to_offset, size_t count,
                        unsigned int flags);

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);

// include/uapi/asm-generic/fcntl.h; the same on x86_64 and arm64.
#define KF_O_PATH 010000000
#define KF_SPLICE_F_MOVE 1u
#define KF_SPLICE_F_NONBLOCK 2u
