"""Many processes that write, and many that read, at once."""

import os
import random
import threading
import time
from pathlib import Path

from readers import QUESTIONS, RUNTIMES, Readers
from stand import Found, ingest, runs, say

WRITERS, READERS = 8, 4


class Writers:
    """Threads that ingest one source after another, each in a process, until the time is over."""

    def __init__(self, programs, db, sources, folder, until):
        self.programs, self.db, self.sources, self.folder = programs, db, sources, folder
        self.until, self.written, self.problems = until, [], []
        self.longest = 0
        self.threads = [threading.Thread(target=self.write, args=[n]) for n in range(WRITERS)]

    def write(self, writer):
        number = 0
        while time.monotonic() < self.until or number == 0:
            number += 1
            # Each source comes early, so that readers' questions soon have an answer.
            names = list(self.sources)
            name = names[writer % len(names)] if number == 1 else random.choice(names)
            label = f"w{writer}-{number}"
            runtime, workload = name.split("/")
            more = ["--label", label, "--again"]
            # Now and then a transaction that takes longer.
            if number % 5 == 0:
                more.append("--keep-events")
            words = ingest(self.sources[name], runtime, workload, self.db, *more)
            begin = time.monotonic()
            try:
                code, _, errors = self.programs.run(words, f"{self.folder}/tmp")
            except Exception as problem:  # told by the thread that waits
                code, errors = -1, str(problem)
            self.longest = max(self.longest, time.monotonic() - begin)
            if code == 0:
                self.written.append((name, label, "--keep-events" in more))
            else:
                self.problems.append(f"{label}: exit code {code}: {errors.strip()}")


def alone(programs, texts, folder):
    """What each source is when nobody else writes: its digest, without and with single events."""
    wanted = {}
    for name, source in texts.items():
        for events in (False, True):
            db = folder / "alone.db"
            words = ingest(source, *name.split("/"), db, *["--keep-events"] * events)
            code, _, errors = programs.run(words, folder / "tmp")
            if code != 0:
                raise Found(f"alone, exit code {code}: {errors.strip()}")
            wanted[name, events] = runs(db)[0].split()[1]
            db.unlink()
    return wanted


def torture(programs, sources, scratch, seconds):
    """Eight that ingest and four that ask, so long. Returns how many problems it found."""
    folder = Path(scratch) / "crowd"
    (folder / "tmp").mkdir(parents=True)
    for reader in range(READERS):
        (folder / str(reader)).mkdir()
    db = folder / "t.db"
    texts = {
        "runc/redis": sources.text(lines=1500), "runc/node": sources.text(lines=4000),
        "runsc/redis": sources.text(lines=2000), "crun/redis": sources.text(lines=2500),
    }
    wanted = alone(programs, texts, folder)
    writers = Writers(programs, db, texts, folder, time.monotonic() + seconds)
    questions = [*QUESTIONS, ["export", "csv", "{}/tables", "--force"]]
    begin, largest = time.monotonic(), 0
    with Readers(programs, db, READERS, questions, folder=folder) as readers:
        for thread in writers.threads:
            thread.start()
        while any(thread.is_alive() for thread in writers.threads):
            time.sleep(0.1)
            if RUNTIMES <= {name.split("/")[0] for name, _, _ in list(writers.written)}:
                readers.is_filled = True
            if os.path.exists(f"{db}-wal"):
                largest = max(largest, os.path.getsize(f"{db}-wal"))
    took = time.monotonic() - begin
    problems = writers.problems + readers.problems
    code, output, errors = programs.ask(db, "check", "--format", "tsv")
    if code != 0:
        problems.append(f"tracequery check ended with {code}: {errors.strip()} {output}")
    stored = runs(db)
    expected = sorted(
        f"{name}/{label} " + wanted[name, events] for name, label, events in writers.written)
    if [line.split()[0] for line in stored] != [line.split()[0] for line in expected]:
        problems.append(f"{len(writers.written)} runs were told done, {len(stored)} are there")
    elif stored != expected:
        problems.append("some of the runs are not what they are alone")
    # Readers may have looked until the last of the writers was done: the next one cleans up.
    code, _, errors = programs.run(ingest(sources.text(lines=500), "runc", "last", db))
    left = [name for name in os.listdir(folder) if name.startswith("t.db-")]
    left += os.listdir(folder / "tmp")
    if code != 0 or left:
        problems.append(f"afterwards: exit code {code}, {errors.strip()}, left behind: {left}")
    for problem in problems[:20]:
        say(f"crowd: FOUND {problem}")
    print(
        f"crowd: {WRITERS} writers and {READERS} readers for {took:.0f} s: "
        f"{len(writers.written)} runs written, all there; {readers.answers} answers, "
        f"{readers.refusals} refused before there were runs to answer from; longest ingest {writers.longest:.1f} s, "
        f"largest WAL {largest / 1e6:.1f} MB" if not problems else
        f"crowd: {len(problems)} problems with {len(writers.written)} runs", flush=True)
    return len(problems)

