// Lets the Nth call to the system on the files of one folder fail, or be the last of its process.
// Loaded with LD_PRELOAD; what it does is told by the environment:
//
//   TORTURE_FOLDER  the folder; files outside of it are left alone
//   TORTURE_CALL    which call, counted from 1; 0 lets all pass
//   TORTURE_HOW     EIO, ENOSPC, EINTR (where a call may be interrupted), short (reads and writes
//                   do half of what they are asked), kill (SIGKILL before the call), torn (SIGKILL
//                   after half of a write)
//   TORTURE_LASTS   1: all later calls fail too, as on a disk that is gone or full; of those that
//                   are interrupted every other one, as each is tried again
//   TORTURE_COUNT   a file that gets the number of calls when the program exits
//
// Counted are open, read, write, their likes, and calls that move, cut, sync, map or lock a file.
// Locks never fail: the kernel keeps those of a local disk in memory.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 1024 };
enum how { NOTHING, FAIL, INTERRUPT, SHORT, KILL, TORN };

static atomic_bool known[FILES];
static atomic_long calls;
static long chosen;
static int lasts, code;
static enum how how;
static const char *folder;
static size_t length;

static void prepare(void) __attribute__((constructor));
static void prepare(void) {
  const char *number = getenv("TORTURE_CALL"), *name = getenv("TORTURE_HOW");
  folder = getenv("TORTURE_FOLDER");
  length = folder ? strlen(folder) : 0;
  chosen = number ? atol(number) : 0;
  lasts = getenv("TORTURE_LASTS") != NULL;
  if (!name) return;
  static const struct { const char *name; enum how how; int code; } all[] = {
    {"EIO", FAIL, EIO}, {"ENOSPC", FAIL, ENOSPC}, {"EINTR", INTERRUPT, EINTR},
    {"short", SHORT, 0}, {"kill", KILL, 0}, {"torn", TORN, 0},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    if (strcmp(all[i].name, name) == 0) how = all[i].how, code = all[i].code;
  }
}

static void tell(void) __attribute__((destructor));
static void tell(void) {
  const char *path = getenv("TORTURE_COUNT");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", atomic_load(&calls));
  fclose(file);
}

static int inside(const char *path) {
  return folder && path && strncmp(path, folder, length) == 0;
}

static int ours(int descriptor) {
  return descriptor >= 0 && descriptor < FILES && atomic_load(&known[descriptor]);
}

// What becomes of this call: `halves` is whether it can be done by half, `interrupts` whether it can
// be interrupted.
static enum how next(int halves, int interrupts) {
  long number = atomic_fetch_add(&calls, 1) + 1;
  if (chosen == 0 || (lasts ? number < chosen : number != chosen)) return NOTHING;
  if (how == KILL || (how == TORN && !halves)) raise(SIGKILL);
  if (how == INTERRUPT && (!interrupts || (number - chosen) % 2 == 1)) return NOTHING;
  if (how == SHORT && !halves) return NOTHING;
  if (how == FAIL || how == INTERRUPT) errno = code;
  return how;
}

static int fails(enum how what) {
  return what == FAIL || what == INTERRUPT;
}

static void lock(void) {
  long number = atomic_fetch_add(&calls, 1) + 1;
  if (number == chosen && (how == KILL || how == TORN)) raise(SIGKILL);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int opened(int descriptor) {
  if (descriptor >= 0 && descriptor < FILES) atomic_store(&known[descriptor], 1);
  return descriptor;
}

#define OPEN(name)                                            \
  int name(const char *path, int flags, ...) {                \
    mode_t mode = 0;                                          \
    if (flags & (O_CREAT | O_TMPFILE)) {                      \
      va_list list;                                           \
      va_start(list, flags);                                  \
      mode = va_arg(list, mode_t);                            \
      va_end(list);                                           \
    }                                                         \
    if (!inside(path)) return REAL(name)(path, flags, mode);  \
    if (fails(next(0, 1))) return -1;                         \
    return opened(REAL(name)(path, flags, mode));             \
  }
OPEN(open)
OPEN(open64)

int close(int descriptor) {
  if (descriptor >= 0 && descriptor < FILES) atomic_store(&known[descriptor], 0);
  return REAL(close)(descriptor);
}

#define TRANSFER(type, name, buffer, declared, passed)                         \
  ssize_t name(int descriptor, buffer bytes, size_t count declared) {          \
    if (!ours(descriptor)) return REAL(name)(descriptor, bytes, count passed); \
    enum how what = next(1, 1);                                                \
    if (fails(what)) return -1;                                                \
    if (what == SHORT || what == TORN) count = count > 1 ? count / 2 : count;  \
    ssize_t done = REAL(name)(descriptor, bytes, count passed);                \
    if (what == TORN) raise(SIGKILL);                                          \
    return done;                                                               \
  }
#define NONE
#define AT(type) , type offset
#define PASSED , offset
TRANSFER(read, read, void *, NONE, NONE)
TRANSFER(write, write, const void *, NONE, NONE)
TRANSFER(pread, pread, void *, AT(off_t), PASSED)
TRANSFER(pread64, pread64, void *, AT(off64_t), PASSED)
TRANSFER(pwrite, pwrite, const void *, AT(off_t), PASSED)
TRANSFER(pwrite64, pwrite64, const void *, AT(off64_t), PASSED)

#define PLAIN(name, declared, passed, interrupts, failure)     \
  int name(int descriptor declared) {                          \
    if (ours(descriptor) && fails(next(0, interrupts))) return failure; \
    return REAL(name)(descriptor passed);                      \
  }
#define COMMA ,
PLAIN(fsync, , , 0, -1)
PLAIN(fdatasync, , , 0, -1)
PLAIN(ftruncate, AT(off_t), PASSED, 1, -1)
PLAIN(ftruncate64, AT(off64_t), PASSED, 1, -1)
PLAIN(fallocate, COMMA int mode AT(off_t) COMMA off_t size, COMMA mode PASSED COMMA size, 0, -1)
PLAIN(posix_fallocate, AT(off_t) COMMA off_t size, PASSED COMMA size, 0, code)
PLAIN(posix_fallocate64, AT(off64_t) COMMA off64_t size, PASSED COMMA size, 0, code)

#define FCNTL(name)                                                          \
  int name(int descriptor, int command, ...) {                               \
    va_list list;                                                            \
    va_start(list, command);                                                 \
    void *argument = va_arg(list, void *);                                   \
    va_end(list);                                                            \
    if (command == F_SETLK && ours(descriptor)) lock();                      \
    return REAL(name)(descriptor, command, argument);                        \
  }
FCNTL(fcntl)
FCNTL(fcntl64)

#define MAP(name, type)                                                              \
  void *name(void *at, size_t size, int protection, int flags, int descriptor, type offset) { \
    if (ours(descriptor) && fails(next(0, 0))) return MAP_FAILED;                    \
    return REAL(name)(at, size, protection, flags, descriptor, offset);              \
  }
MAP(mmap, off_t)
MAP(mmap64, off64_t)

int unlink(const char *path) {
  if (inside(path) && fails(next(0, 0))) return -1;
  return REAL(unlink)(path);
}

int rename(const char *from, const char *to) {
  if (inside(to) && fails(next(0, 0))) return -1;
  return REAL(rename)(from, to);
}
