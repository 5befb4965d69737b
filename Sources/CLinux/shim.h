// Calls of Linux that Swift's module of the C library leaves out, because it is built without
// _GNU_SOURCE: splice(2) and copy_file_range(2).
#include <stddef.h>
#include <sys/types.h>

ssize_t splice(int from, long long *from_offset, int to, long long *to_offset, size_t count,
               unsigned int flags);
ssize_t copy_file_range(int from, long long *from_offset, int to, long long *to_offset, size_t count,
                        unsigned int flags);

#define KF_SPLICE_F_MOVE 1u
#define KF_SPLICE_F_NONBLOCK 2u
