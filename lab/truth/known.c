/* Makes a known sequence of system calls, and says which: a line for each task, role and call, with

       pid tid role syscall count

   Usage: known [SCALE [CGROUP_PROCS]]
     SCALE         how many times the loops run (1)
     CGROUP_PROCS  a control group's file to which it writes 0, to move itself there

   It forks, starts threads, and executes itself in other roles; each task counts what it asks for and
   tells it in one write(2), which is counted too, before it ends or becomes another program. What it
   tells is therefore the truth to compare recordings with. Nothing but system calls is done: no C
   library, no vDSO, no signals. */
#include "raw.h"

enum { calls = 512, threads = 4, out = 1 };

struct call_name {
  int number;
  const char *name;
};
#define CALL(name) {__NR_##name, #name}
static const struct call_name names[] = {
    CALL(read),      CALL(write),       CALL(close),         CALL(fstat),      CALL(lseek),
    CALL(mmap),      CALL(munmap),      CALL(mprotect),      CALL(brk),        CALL(pread64),
    CALL(sched_yield), CALL(dup),       CALL(nanosleep),     CALL(getpid),     CALL(sendto),
    CALL(recvfrom),  CALL(socketpair),  CALL(clone),         CALL(fork),       CALL(vfork),
    CALL(execve),    CALL(exit),        CALL(wait4),         CALL(fcntl),      CALL(getppid),
    CALL(gettid),    CALL(futex),       CALL(epoll_wait),    CALL(epoll_ctl),  CALL(exit_group),
    CALL(openat),    CALL(epoll_create1), CALL(pipe2),       CALL(clone3),     CALL(eventfd2),
    CALL(getuid),    CALL(ftruncate),   CALL(memfd_create),  CALL(poll),       CALL(set_tid_address),
};

struct task {
  const char *role;
  long pid, tid;
  unsigned count[calls];
  char text[3072];
};

static unsigned long scale = 1;
static char **environment_of_all;
static char zeros[4096];

/* One counted system call. */
static inline __attribute__((always_inline)) long ask(struct task *task, int number, long a, long b,
                                                      long c, long d, long e, long f) {
  task->count[number]++;
  return raw(number, a, b, c, d, e, f);
}
#define ASK1(task, name, a) ask(task, __NR_##name, (long)(a), 0, 0, 0, 0, 0)
#define ASK2(task, name, a, b) ask(task, __NR_##name, (long)(a), (long)(b), 0, 0, 0, 0)
#define ASK3(task, name, a, b, c) ask(task, __NR_##name, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define ASK4(task, name, a, b, c, d) \
  ask(task, __NR_##name, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define ASK5(task, name, a, b, c, d, e) \
  ask(task, __NR_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define ASK6(task, name, a, b, c, d, e, f) \
  ask(task, __NR_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static char *put_text(char *to, const char *text) {
  while (*text) *to++ = *text++;
  return to;
}

static char *put_number(char *to, unsigned long value, char end) {
  char digits[20];
  int count = 0;
  do digits[count++] = (char)('0' + value % 10);
  while (value /= 10);
  while (count > 0) *to++ = digits[--count];
  *to++ = end;
  return to;
}

static struct task *born(struct task *task, const char *role) {
  for (int i = 0; i < calls; i++) task->count[i] = 0;
  task->role = role;
  task->pid = ASK1(task, getpid, 0);
  task->tid = ASK1(task, gettid, 0);
  return task;
}

/* Tells what was asked, with the one call that comes after the telling. */
static void tell(struct task *task, int last) {
  char *end = task->text;
  task->count[last]++;
  task->count[__NR_write]++;
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
    unsigned count = task->count[names[i].number];
    if (count == 0) continue;
    end = put_number(end, (unsigned long)task->pid, ' ');
    end = put_number(end, (unsigned long)task->tid, ' ');
    end = put_text(end, task->role);
    *end++ = ' ';
    end = put_text(end, names[i].name);
    *end++ = ' ';
    end = put_number(end, count, '\n');
  }
  raw(__NR_write, out, (long)task->text, end - task->text, 0, 0, 0);
}

static void finish(struct task *task, int call) {
  tell(task, call);
  for (;;) raw(call, 0, 0, 0, 0, 0, 0);
}

static void become(struct task *task, char *role) {
  char *words[] = {"known", role, 0};
  tell(task, __NR_execve);
  raw(__NR_execve, (long)"/proc/self/exe", (long)words, (long)environment_of_all, 0, 0, 0);
  for (;;) raw(__NR_exit_group, 99, 0, 0, 0, 0, 0);
}

static void await(struct task *task, long pid) { ASK4(task, wait4, pid, 0, 0, 0); }

static void files(struct task *task, unsigned long times) {
  long pipe_ends[2], zero = ASK4(task, openat, -100, "/dev/zero", 0, 0);
  int ends[2];
  for (unsigned long i = 0; i < 3 * times; i++) ASK3(task, read, zero, zeros, sizeof zeros);
  for (unsigned long i = 0; i < times; i++) ASK3(task, lseek, zero, 0, 0);
  for (unsigned long i = 0; i < times; i++) ASK2(task, fstat, zero, task->text);
  ASK2(task, pipe2, ends, 0);
  pipe_ends[0] = ends[0], pipe_ends[1] = ends[1];
  for (unsigned long i = 0; i < 2 * times; i++) {
    ASK3(task, write, pipe_ends[1], zeros, 64);
    ASK3(task, read, pipe_ends[0], task->text, 64);
  }
  ASK1(task, close, pipe_ends[0]);
  ASK1(task, close, pipe_ends[1]);
  ASK1(task, close, zero);
}

static void memory(struct task *task, unsigned long times) {
  for (unsigned long i = 0; i < times; i++) {
    /* Private, anonymous; each page is touched once: a fault. */
    char *at = (char *)ASK6(task, mmap, 0, 3 * 4096, 3, 0x22, -1, 0);
    for (int page = 0; page < 3; page++) ((volatile char *)at)[page * 4096] = 1;
    ASK2(task, munmap, at, 3 * 4096);
  }
  long shared = ASK2(task, memfd_create, "known", 0);
  ASK2(task, ftruncate, shared, 4096);
  for (unsigned long i = 0; i < times; i++) ASK4(task, pread64, shared, task->text, 64, 0);
  ASK1(task, close, shared);
}

static void sockets(struct task *task, unsigned long times) {
  int ends[2];
  ASK4(task, socketpair, 1, 1, 0, ends); /* AF_UNIX, SOCK_STREAM */
  long events = ASK1(task, epoll_create1, 0);
  struct {
    unsigned events;
    unsigned long data;
  } __attribute__((packed)) wanted = {1, 0}, got;
  ASK4(task, epoll_ctl, events, 1, ends[1], &wanted);
  for (unsigned long i = 0; i < times; i++) {
    ASK6(task, sendto, ends[0], zeros, 32, 0, 0, 0);
    ASK4(task, epoll_wait, events, &got, 1, 0);
    ASK6(task, recvfrom, ends[1], task->text, 32, 0, 0, 0);
  }
  ASK1(task, close, events);
  ASK1(task, close, ends[0]);
  ASK1(task, close, ends[1]);
  long counter = ASK2(task, eventfd2, 1, 0);
  long value;
  ASK3(task, read, counter, &value, 8);
  ASK1(task, close, counter);
}

static void small(struct task *task, unsigned long times) {
  int word = 0;
  for (unsigned long i = 0; i < 10 * times; i++) ASK1(task, getppid, 0);
  for (unsigned long i = 0; i < times; i++) ASK1(task, getuid, 0);
  for (unsigned long i = 0; i < times; i++) ASK3(task, futex, &word, 1, 1); /* wake nobody */
  for (unsigned long i = 0; i < times / 2; i++) ASK1(task, sched_yield, 0);
}

static void naps(struct task *task, unsigned long times) {
  struct nap nap = {0, 1000000};
  for (unsigned long i = 0; i < times; i++) ASK2(task, nanosleep, &nap, 0);
}

/* ------------------------------------------------------------------ threads */

struct thread {
  struct task task;
  unsigned long number;
  int tid; /* the kernel clears it, and wakes who waits, when the thread is gone */
  char stack[16384] __attribute__((aligned(16)));
};
static struct thread all[threads];
static const char *const thread_roles[threads] = {"thread0", "thread1", "thread2", "thread3"};

__attribute__((used)) static void thread_main(struct thread *thread) {
  struct task *task = born(&thread->task, thread_roles[thread->number]);
  unsigned long times = scale * 10 * (thread->number + 1);
  small(task, times);
  files(task, times);
  naps(task, times / 4);
  finish(task, __NR_exit);
}

/* clone(2) on a stack of its own; the new thread begins in thread_main. */
static long start_thread(struct task *task, struct thread *thread) {
  long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM
             | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
  long *top = (long *)(thread->stack + sizeof thread->stack) - 2;
  long result;
  register long child_tid asm("r10") = (long)&thread->tid;
  register long tls asm("r8") = 0;
  top[0] = (long)thread;
  task->count[__NR_clone]++;
  asm volatile("syscall\n\ttest %%eax, %%eax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tmov (%%rsp), %%rdi\n\t"
               "call thread_main\n\thlt\n1:"
               : "=a"(result)
               : "0"((long)__NR_clone), "D"(flags), "S"(top), "d"(&thread->tid), "r"(child_tid),
                 "r"(tls)
               : "rcx", "r11", "memory");
  return result;
}

static void run_threads(struct task *task) {
  for (unsigned long i = 0; i < threads; i++) {
    all[i].number = i;
    start_thread(task, &all[i]);
  }
  for (int i = 0; i < threads; i++) {
    int tid;
    while ((tid = *(volatile int *)&all[i].tid) != 0)
      ASK6(task, futex, &all[i].tid, 0, tid, 0, 0, 0); /* FUTEX_WAIT */
  }
}

/* ------------------------------------------------------------------ processes */

static struct task self;

/* fork, and in it clone3, and in it execve: each waits for the next. */
static void run_forks(struct task *task) {
  long child = ASK1(task, fork, 0);
  if (child != 0) {
    await(task, child);
    return;
  }
  task = born(task, "forked");
  small(task, 20 * scale);
  memory(task, 10 * scale);
  struct clone_args how = {.exit_signal = 17};
  child = ASK2(task, clone3, &how, sizeof how);
  if (child != 0) {
    await(task, child);
    finish(task, __NR_exit_group);
  }
  task = born(task, "cloned");
  files(task, 10 * scale);
  become(task, "executed");
}

static struct task borrowed;

/* vfork: the child has our memory and stands on our stack, and becomes another program at once. */
static void run_vfork(struct task *task) {
  long child = ASK1(task, vfork, 0);
  if (child == 0) become(born(&borrowed, "vforked"), "vexecuted");
  await(task, child);
}

static void executed(struct task *task, unsigned long times) {
  long program_break = ASK1(task, brk, 0);
  ASK1(task, brk, program_break + 8192);
  small(task, 10 * times);
  sockets(task, 5 * times);
  naps(task, times);
}

int start(long count, char **words, char **environment) {
  struct task *task = &self;
  environment_of_all = environment;
  if (count > 1 && (is_same(words[1], "executed") || is_same(words[1], "vexecuted"))) {
    executed(born(task, words[1]), 4);
    finish(task, __NR_exit_group);
  }
  born(task, "main");
  if (count > 1) scale = number_of(words[1]);
  if (count > 2) {
    long group = ASK4(task, openat, -100, words[2], 1, 0);
    ASK3(task, write, group, "0", 1);
    ASK1(task, close, group);
  }
  small(task, 100 * scale);
  files(task, 100 * scale);
  memory(task, 50 * scale);
  sockets(task, 50 * scale);
  naps(task, 20 * scale);
  run_threads(task);
  run_forks(task);
  run_vfork(task);
  small(task, 50 * scale);
  finish(task, __NR_exit_group);
  return 0;
}
