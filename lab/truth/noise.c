/* Runs beside the known program for ever, and does what that one does, and calls that it never makes:
   timers, getpriority, sysinfo, times, getrusage, sched_getaffinity. None of them may be found in a
   recording of the known program.

   Usage: noise */
#include "raw.h"

static char buffer[4096];

int start(long count, char **words, char **environment) {
  struct nap nap = {0, 300000};
  struct {
    struct nap interval, first;
  } often = {{0, 700000}, {0, 700000}};
  int ends[2];
  (void)count, (void)words, (void)environment;
  long zero = raw(__NR_openat, -100, (long)"/dev/zero", 0, 0, 0, 0);
  long timer = raw(__NR_timerfd_create, 1, 0, 0, 0, 0, 0);
  raw(__NR_timerfd_settime, timer, 0, (long)&often, 0, 0, 0);
  raw(__NR_pipe2, (long)ends, 0, 0, 0, 0, 0);
  for (;;) {
    for (int i = 0; i < 20; i++) {
      raw(__NR_getppid, 0, 0, 0, 0, 0, 0);
      raw(__NR_read, zero, (long)buffer, sizeof buffer, 0, 0, 0);
      raw(__NR_write, ends[1], (long)buffer, 64, 0, 0, 0);
      raw(__NR_read, ends[0], (long)buffer, 64, 0, 0, 0);
      raw(__NR_getpriority, 0, 0, 0, 0, 0, 0);
      raw(__NR_sysinfo, (long)buffer, 0, 0, 0, 0, 0);
      raw(__NR_times, (long)buffer, 0, 0, 0, 0, 0);
      raw(__NR_getrusage, 0, (long)buffer, 0, 0, 0, 0);
      raw(__NR_sched_getaffinity, 0, sizeof buffer, (long)buffer, 0, 0, 0);
    }
    raw(__NR_nanosleep, (long)&nap, 0, 0, 0, 0, 0);
    raw(__NR_read, timer, (long)buffer, 8, 0, 0, 0);
  }
}
