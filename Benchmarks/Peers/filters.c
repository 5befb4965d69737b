/* The three filters of the original method on function_graph text, one line a call, as three programs
 * in a pipe: filters start | filters errors | filters interrupts. For script/bench. */
#include <stdio.h>
#include <string.h>

static char line[65536];

static int indent(const char *text) {
    int count = 0;
    while (text[count] == ' ') count++;
    return count;
}

/* Drops everything before the first system call. */
static void start(void) {
    int started = 0;
    while (fgets(line, sizeof line, stdin)) {
        if (!started && strncmp(line + indent(line), "sys", 3) == 0) started = 1;
        if (started) fputs(line, stdout);
    }
}

/* Drops what does not fit the depth that the braces tell. */
static void errors(void) {
    int depth = -1;
    while (fgets(line, sizeof line, stdin)) {
        int level = indent(line) / 2;
        int closes = strchr(line, '}') != NULL;
        if (depth < 0) depth = level;
        if (closes && depth > 0) depth--;
        if (level == depth) fputs(line, stdout);
        if (strchr(line, '{')) depth++;
    }
}

/* Drops the subtrees of interrupts. */
static void interrupts(void) {
    static const char *const roots[] = {"smp_irq_work_interrupt", "smp_apic_timer_interrupt",
        "smp_reschedule_interrupt", "smp_call_function_single_interrupt", "do_softirq"};
    int below = -1;
    while (fgets(line, sizeof line, stdin)) {
        int level = indent(line);
        if (below >= 0) {
            if (level == below && strchr(line, '}')) { below = -1; continue; }
            if (level > below) continue;
            below = -1;
        }
        int dropped = 0;
        for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++) {
            if (!strstr(line, roots[i])) continue;
            dropped = 1;
            if (strchr(line, '{')) below = level;
        }
        if (!dropped && !strchr(line, '}')) fputs(line, stdout);
    }
}

int main(int argc, char **argv) {
    const char *kind = argc == 2 ? argv[1] : "";
    if (strcmp(kind, "start") == 0) start();
    else if (strcmp(kind, "errors") == 0) errors();
    else if (strcmp(kind, "interrupts") == 0) interrupts();
    else return fputs("usage: filters start|errors|interrupts\n", stderr), 2;
    return 0;
}
