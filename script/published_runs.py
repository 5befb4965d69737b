"""The runs that script/results left in a folder, and what tracequery answers of them."""
import csv
import gzip
import json
import lzma
import os
import shutil
import subprocess
import sys

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Warehouse:
    def __init__(self, folder, scratch, program):
        self.program = program
        self.name = os.path.basename(os.path.abspath(folder))
        self.folder = folder
        self.path = os.path.join(scratch, self.name + ".db")
        packed = os.path.join(folder, "runs.db.xz")
        if os.path.exists(packed):
            with lzma.open(packed) as source, open(self.path, "wb") as target:
                shutil.copyfileobj(source, target)
        elif os.path.exists(os.path.join(folder, "traces.db")):
            shutil.copyfile(os.path.join(folder, "traces.db"), self.path)
        else:
            sys.exit(f"script/results-tables: {folder} has neither runs.db.xz nor traces.db")

    def ask(self, *arguments):
        """The rows of an answer, as dictionaries; none where no run is selected."""
        done = subprocess.run([self.program, *arguments, "--db", self.path, "--format", "ndjson"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode > 1:
            sys.exit(f"script/results-tables: {' '.join(arguments)}: {done.stderr.strip()}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def functions(self, selection, *options):
        """How many of the runs reached each function."""
        return {row["function"]: row["runs"] for row in self.ask("functions", selection, *options)}

    def traceable(self):
        """The functions that its kernel lets trace, by canonical name; None where that is not known."""
        try:
            with gzip.open(os.path.join(self.folder, "traceable.txt.gz"), "rt") as source:
                return {canonical(line.strip()) for line in source}
        except FileNotFoundError:
            return None

    def syscalls(self, selection):
        return {row["syscall"] for row in self.ask("syscalls", selection)}


def subsystems(path, needed=True):
    """The part of the kernel of each function, by canonical name."""
    try:
        with open(path, newline="") as source:
            return {row["function"]: row["subsystem"] for row in csv.DictReader(source)}
    except OSError as error:
        if not needed and isinstance(error, FileNotFoundError):
            return {}
        sys.exit(f"script/results-tables: {path}: {error.strerror}; script/subsystems makes it")


def canonical(name):
    """Without what the compiler adds, which differs from build to build: .isra.0, .constprop.0, .part.0."""
    return name.split(".")[0]


def find_program():
    built = os.path.join(REPOSITORY, ".build", "release", "tracequery")
    found = built if os.path.exists(built) else shutil.which("tracequery")
    return found or sys.exit("script/results-tables: no tracequery; script/demo builds it")
