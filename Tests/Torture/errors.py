"""Every call to the system fails once, or from then on, or is the last before a kill."""

import os
import subprocess
from pathlib import Path

from acts import JOURNAL, SHARED
from kills import keep
from stand import Found, Lacking, fresh, say

SOURCE = Path(__file__).with_name("failing_calls.c")
# How a call fails, and whether all later ones do too.
HOWS = [
    ("EIO", False), ("EIO", True), ("ENOSPC", False), ("ENOSPC", True), ("EINTR", False),
    ("EINTR", True), ("short", True), ("kill", False), ("torn", False),
]
# One of these is in what a command says when its disk fails.
SAYING = ["disk", "No space", "Input/output", "unable to open", "reading only", "cannot be opened"]
QUESTIONS = [
    ["tracequery", "runs"], ["tracequery", "diff", "runc", "crun", "--across", "--lossy"],
    ["tracequery", "check"],
]


def compile_shim(scratch):
    library = Path(scratch) / "failing_calls.so"
    for compiler in (os.environ.get("CC", "cc"), "clang"):
        command = [compiler, "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"]
        try:
            built = subprocess.run(command, capture_output=True, text=True)
        except FileNotFoundError:
            continue
        if built.returncode == 0:
            return library
        raise Lacking(f"{compiler} cannot compile {SOURCE.name}: {built.stderr.strip()}")
    raise Lacking("there is no C compiler (cc, clang)")


class Failing:
    """The environment of a program one of whose calls on the files of a folder fails."""

    def __init__(self, library, folder):
        self.library, self.folder = library, folder
        self.count = f"{folder}.calls"

    def environment(self, call, how="", lasts=False):
        more = {
            "LD_PRELOAD": str(self.library), "TORTURE_FOLDER": f"{self.folder}/",
            "TORTURE_CALL": str(call), "TORTURE_HOW": how, "TORTURE_COUNT": self.count,
        }
        return {**more, "TORTURE_LASTS": "1"} if lasts else more

    def calls(self, programs, words):
        """How many calls there are when none fails."""
        Path(self.count).unlink(missing_ok=True)
        code, _, errors = programs.run(words, f"{self.folder}/tmp", self.environment(0))
        if code != 0:
            raise Found(f"with the library loaded, exit code {code}: {errors.strip()}")
        return sum(int(line) for line in Path(self.count).read_text().split())


def spread(count, limit, offset):
    """`limit` numbers of 1...count, evenly; all of them when they are fewer. `offset` 0..<1 shifts."""
    if limit >= count:
        return list(range(1, count + 1))
    return sorted({int((place + offset) * count / limit) + 1 for place in range(limit)})


def torture(acts, scratch, limit, is_quick=False):
    """Lets `limit` of the calls of every act fail in every way. Returns how many problems it found."""
    hows = [("EIO", False), ("ENOSPC", True), ("torn", False)] if is_quick else HOWS
    library = compile_shim(scratch)
    folder = Path(scratch) / "failing"
    failing = Failing(library, folder)
    problems = 0
    for act in acts:
        words = act.words(act.commands[0], folder)
        fresh(folder, act.template)
        count = failing.calls(act.programs, words)
        for place, (how, lasts) in enumerate(hows):
            kinds = {}
            chosen = spread(count, limit, place / len(hows))
            for call in chosen:
                fresh(folder, act.template)
                result = act.programs.run(words, folder / "tmp", failing.environment(call, how, lasts))
                try:
                    kind = judge(act, folder, result, how)
                except Found as problem:
                    problems += 1
                    say(f"errors, {act.name}, {how}{' on' * lasts}, call {call}: FOUND {problem}")
                    if result[2]:
                        say(f"  exit code {result[0]}: {result[2].strip()}")
                    keep(folder, scratch, f"errors-{act.name}-{how}{'-on' * lasts}-{call}")
                    continue
                kinds[kind] = kinds.get(kind, 0) + 1
            told = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
            print(f"errors {act.name}: {how}{' from there on' * lasts} at {len(chosen)} of {count} "
                  f"calls: {told}", flush=True)
    return problems + ask(acts, failing, limit, scratch)


def judge(act, folder, result, how):
    """One word for how the command ended, if that and what is left is right."""
    code, _, errors = result
    if how in ("kill", "torn"):
        if code not in (-9, 0):
            raise Found(f"exit code {code}")
    elif how in ("EINTR", "short"):
        if code != 0:
            raise Found(f"exit code {code} after an interruption, or less than was asked for")
    elif code not in (0, 3):
        raise Found(f"exit code {code} for a disk that fails")
    # What could not be removed goes with the next command.
    left = (*SHARED, JOURNAL) if how in ("EIO", "ENOSPC") else ()
    found = act.verify(folder, [result], left)
    if code > 0 and not any(text in errors for text in SAYING):
        raise Found("it does not say that it is the disk")
    act.again(folder, found)
    return {0: "done", 3: "refused", -9: "killed"}[code]


def ask(acts, failing, limit, scratch):
    """Questions on a disk that fails are answered rightly, or not at all."""
    act = next((act for act in acts if act.name == "forget"), None)
    if act is None:
        return 0
    problems = 0
    folder = failing.folder
    for question in QUESTIONS:
        words = [*question, "--db", f"{folder}/t.db"]
        fresh(folder, act.template)
        right = act.programs.run(words)
        count = failing.calls(act.programs, words)
        chosen = spread(count, limit, 0)
        refused = 0
        for how, lasts in (("EIO", False), ("EIO", True), ("ENOSPC", True), ("EINTR", True),
                           ("short", True)):
            for call in chosen:
                fresh(folder, act.template)
                result = act.programs.run(words, None, failing.environment(call, how, lasts))
                code, output, errors = result
                if result == right:
                    continue
                refused += 1
                # The sizes of both sides stand above a diff, and may be told before the disk fails.
                told = [line for line in errors.strip().split("\n") if not line.startswith("|")]
                if how in ("EINTR", "short") or code != 3 or len(told) != 1:
                    problems += 1
                    say(f"errors, {' '.join(question)}, {how}{' on' * lasts}, call {call}: FOUND exit "
                        f"code {code}: {errors.strip()} {output if code == 0 else ''}")
        print(f"errors {' '.join(question)}: {len(chosen)} of {count} calls in 5 ways, {refused} "
              "refused, the rest answered as ever", flush=True)
    return problems
