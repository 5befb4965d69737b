"""kill -9 at random moments."""

import os
import random
import signal
import time
from pathlib import Path

from acts import SHARED
from readers import Readers
from stand import Found, ended, fresh, say


class Clock:
    """How long commands take undisturbed, and when they first touch the warehouse, in seconds."""

    def __init__(self, act, folder):
        fresh(folder, act.template)
        begin = time.monotonic()
        watch = Sizes(folder)
        running = start(act, folder)
        self.touched = None
        while any(process.poll() is None for process in running):
            if self.touched is None and watch.changed():
                self.touched = time.monotonic() - begin
            time.sleep(0.0005)
        self.whole = time.monotonic() - begin
        self.touched = self.touched or 0
        for process in running:
            ended(process)


class Sizes:
    def __init__(self, folder):
        self.paths = [f"{folder}/t.db{end}" for end in ("", "-wal")]
        self.first = self.now()

    def now(self):
        # Readers make an empty WAL.
        return [os.path.getsize(path) if os.path.exists(path) else 0 for path in self.paths]

    def changed(self):
        try:
            return self.now() != self.first
        except FileNotFoundError:
            return True


def start(act, folder):
    return [act.programs.start(act.words(words, folder), f"{folder}/tmp") for words in act.commands]


def shoot(act, folder, clock, aimed, readers):
    """One kill: of half of them, `aimed`, the moment lies where the warehouse is written."""
    fresh(folder, act.template)
    db = f"{folder}/t.db"
    with Readers(act.programs, db, readers) as asking:
        watch = Sizes(folder)
        running = start(act, folder)
        if aimed:
            while not watch.changed() and any(p.poll() is None for p in running):
                time.sleep(0.0002)
            moments = [random.uniform(0, 1.1 * (clock.whole - clock.touched)) for _ in running]
        else:
            moments = [random.uniform(0, 1.05 * clock.whole) for _ in running]
        if random.random() < 0.5:
            moments = [moments[0]] * len(running)
        begin = time.monotonic()
        for moment, process in sorted(zip(moments, running), key=lambda pair: pair[0]):
            time.sleep(max(0, begin + moment - time.monotonic()))
            process.send_signal(signal.SIGKILL)
        results = [ended(process) for process in running]
        left = os.path.exists(f"{db}-wal") and os.path.getsize(f"{db}-wal") > 0
        found = act.verify(folder, results, SHARED if readers else ())
    act.again(folder, found)
    if asking.problems:
        raise Found(f"a reader beside: {asking.problems[0]}")
    return all(code == 0 for code, _, _ in results), found, left, asking.answers


def torture(acts, scratch, moments, readers):
    """Kills each act so often. Returns how many problems were found."""
    problems = 0
    for act in acts:
        folder = Path(scratch) / "killed"
        clock = Clock(act, folder)
        done = whole = nothing = wals = answers = 0
        for number in range(moments):
            try:
                finished, found, left, asked = shoot(act, folder, clock, number % 2 == 1, readers)
            except Found as problem:
                problems += 1
                say(f"kill, {act.name}, shot {number + 1}: FOUND {problem}")
                keep(folder, scratch, f"kill-{act.name}-{number + 1}")
                continue
            answers += asked
            wals += left
            if finished:
                done += 1
            elif found == act.before:
                nothing += 1
            else:
                whole += 1
        print(
            f"kill {act.name}: {moments} kills ({done} came too late); {nothing} left what was before, "
            f"{whole} whole runs more or less; {wals} left a WAL; {answers} answers beside", flush=True)
    return problems


def keep(folder, scratch, name):
    """What was found stays to be looked at."""
    place = Path(scratch) / "found" / name
    fresh(place, folder)
    say(f"  it lies in {place}")
