"""What every part of script/torture needs: the programs, sources, and what a warehouse holds."""

import contextlib
import glob
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "Tests/Fixtures/captures"


class Lacking(Exception):
    """This machine, or its user's rights, do not allow a part."""


class Found(Exception):
    """Something that must not be."""


class Programs:
    """The programs as their users run them, with a folder of their own for temporary files."""

    def __init__(self, folder, scratch):
        self.collector = str(Path(folder) / "collector")
        self.tracequery = str(Path(folder) / "tracequery")
        self.scratch = Path(scratch)
        for program in (self.collector, self.tracequery):
            if not os.access(program, os.X_OK):
                raise Lacking(f"there is no program {program}")
        version = [int(part) for part in sqlite3.sqlite_version.split(".")]
        if version < [3, 37]:
            raise Lacking(f"SQLite {sqlite3.sqlite_version} of this python3 is older than 3.37")

    def start(self, words, temporary=None, more=None):
        environment = {**os.environ, "TMPDIR": str(temporary or "/tmp"), "NO_COLOR": "1"}
        environment.pop("TRACE_DB", None)
        environment.update(more or {})
        return subprocess.Popen(
            [getattr(self, words[0]), *map(str, words[1:])], env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, words, temporary=None, more=None, seconds=300):
        """(exit code, standard output, standard error); minus the signal that ended it."""
        process = self.start(words, temporary, more)
        return ended(process, seconds)

    def ask(self, db, *words):
        return self.run(["tracequery", *words, "--db", db])


def ended(process, seconds=300):
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        raise Found(f"{process.args} was still running after {seconds} s: {errors.strip()}")
    return process.returncode, output, errors


class Sources:
    """Recordings: real captures, and a text of the beginning of one, which is quick to read."""

    def __init__(self, scratch):
        self.folder = Path(scratch) / "sources"
        self.folder.mkdir(parents=True, exist_ok=True)

    def text(self, capture="runc-redis-server-1", lines=5000):
        path = self.folder / f"{capture}-{lines}.txt"
        if not path.exists():
            packed = CAPTURES / capture / "func.txt.zst"
            unpacking = subprocess.Popen(["zstd", "-dc", packed], stdout=subprocess.PIPE)
            kept = [unpacking.stdout.readline() for _ in range(lines)]
            unpacking.kill()
            unpacking.wait()
            entries = sum(not line.startswith(b"#") for line in kept)
            promise = re.compile(rb"(entries-written: )\d+/\d+")
            path.write_bytes(promise.sub(b"\\g<1>%d/%d" % (entries, entries), b"".join(kept)))
        return [path, "--kernel", "6.1.0-56-amd64", "--pids", CAPTURES / capture / "func.pids"]

    @staticmethod
    def capture(name, recording="func"):
        return [CAPTURES / name, "--recording", recording]


def ingest(source, runtime, workload, db, *more):
    return ["collector", "ingest", *source, "--runtime", runtime, "--workload", workload, "--db", db,
            *more]


# What a run is, by names instead of numbers, in every version of the schema. Numbers of repeats
# follow the order of ingests.
RUN = """
  SELECT runtime, workload, label, status, seen, kept, lost, clock, source_hash, k.release, k.machine,
    c.tracer, c.method, c.filters
  FROM run JOIN condition AS c USING (condition_id) JOIN kernel AS k USING (kernel_id)
  WHERE run_id = ?"""
PARTS = [
    "SELECT pid, incarnation, tgid, parent_pid, comm, role FROM process WHERE run_id = ?",
    """SELECT pid, incarnation, f.name, f.syscall, calls, first_ns, last_ns
       FROM call JOIN function AS f USING (function_id) WHERE run_id = ?""",
    """SELECT role, a.name, b.name, calls FROM edge
       JOIN function AS a ON a.function_id = caller_id JOIN function AS b ON b.function_id = callee_id
       WHERE run_id = ?""",
    "SELECT reason, events FROM dropped WHERE run_id = ?",
    "SELECT name, cpu, value FROM run_stat WHERE run_id = ?",
    """SELECT sequence, ts_ns, cpu, pid, f.name, g.name FROM event
       JOIN function AS f ON f.function_id = event.function_id
       LEFT JOIN function AS g ON g.function_id = caller_id WHERE run_id = ?""",
]


@contextlib.contextmanager
def opened(db):
    """A copy, so that looking needs no room on a full disk and leaves nothing beside the file."""
    with tempfile.TemporaryDirectory(prefix="kernel-footprint-torture.") as folder:
        for end in ("", "-wal", "-journal"):
            if os.path.exists(f"{db}{end}"):
                shutil.copy(f"{db}{end}", f"{folder}/t.db{end}")
        connection = sqlite3.connect(f"{folder}/t.db")
        try:
            yield connection
        finally:
            connection.close()


def runs(db):
    """What is in the warehouse: for each run its names and a digest of all else that is its own, sorted."""
    with opened(db) as connection:
        connection.execute("BEGIN")
        found = []
        for (run,) in connection.execute("SELECT run_id FROM run").fetchall():
            row = connection.execute(RUN, [run]).fetchone()
            digest = hashlib.sha256(repr(row[3:]).encode())
            for part in PARTS:
                rows = sorted(connection.execute(part, [run]), key=repr)
                digest.update(repr(rows).encode())
            found.append(f"{row[0]}/{row[1]}/{row[2] or '-'} {digest.hexdigest()[:16]}")
        return sorted(found)


def version(db):
    with opened(db) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def contents(db):
    """A digest of every row and every definition: of files that were made in the same way."""
    with opened(db) as connection:
        digest = hashlib.sha256(str(version(db)).encode())
        for line in connection.iterdump():
            digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()[:16]


def fixtures():
    """Warehouses of older versions, as their programs left them, oldest first."""
    found = glob.glob(str(ROOT / "Tests/TraceStoreTests/Fixtures/version*.sqlite"))
    return sorted(found, key=lambda path: int(re.search(r"version(\d+)", path)[1]))


def check_integrity(db):
    """For files of older versions, which `tracequery check` does not read."""
    with opened(db) as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchall()
        if answer != [("ok",)] or connection.execute("PRAGMA foreign_key_check").fetchall():
            raise Found(f"{db} is damaged: {answer[:3]}")


def state(programs, db):
    """What a warehouse holds, after the program says that it is sound: (runs, its version).

    ([], 0) when there is none yet, or an empty file."""
    if not os.path.exists(db):
        return [], 0
    code, output, errors = programs.ask(db, "check", "--format", "tsv")
    if code == 3 and "the file is empty" in errors:
        return [], 0
    if code == 3 and "brings it up to date" in errors:
        check_integrity(db)
    elif code != 0 or errors:
        raise Found(f"tracequery check ended with {code}: {errors.strip()}\n{output}")
    return runs(db), version(db)


def only_files(folder, db, allowed=()):
    """Nothing lies about but the warehouse, what it was made from, and the empty temporary folder."""
    names = {os.path.basename(db), "tmp", *allowed}
    left = [name for name in os.listdir(folder) if name not in names]
    left += [f"tmp/{name}" for name in os.listdir(f"{folder}/tmp")]
    if left:
        raise Found(f"left behind: {', '.join(sorted(left))}")


def fresh(folder, template):
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    (Path(folder) / "tmp").mkdir(exist_ok=True)


def say(text):
    print(text, file=sys.stderr, flush=True)
