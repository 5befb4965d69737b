"""What is done to warehouses while something goes wrong, and what may be left of it."""

import os
import shutil
from pathlib import Path

from stand import Found, contents, fixtures, fresh, ingest, only_files, runs, state, version


# What SQLite keeps beside a warehouse that is in use, or was when its process ended. Readers cannot
# remove it.
SHARED = ("t.db-wal", "t.db-shm")
# Of a file in the making that is not yet one with a WAL.
JOURNAL = "t.db-journal"


class Act:
    """Commands that run at once on one warehouse.

    `make` fills a folder with what is there before; `commands` are what is tortured. `steps`, for
    commands that commit more than once, are shorter commands whose effect may be all that is left.
    """

    def __init__(self, name, make, *commands, steps=(), exact=False):
        self.name, self.make, self.exact = name, make, exact
        self.commands, self.steps = commands, steps

    def prepare(self, programs, scratch):
        """Finds out what is before and after, undisturbed."""
        self.programs = programs
        self.template = Path(scratch) / "templates" / self.name
        fresh_folder(self.template)
        self.make(programs, self.template)
        remove_shared(self.template)
        others = [n for n in os.listdir(self.template) if n not in ("t.db", "tmp")]
        # What is merged is read.
        self.others = others + [name + end for name in others for end in ("-wal", "-shm")]
        folder = Path(scratch) / "undisturbed"
        fresh(folder, self.template)
        db = folder / "t.db"
        self.before = runs(db) if db.exists() else []
        self.old = version(db) if db.exists() else 0
        self.states = [self.before]
        for words in [*self.steps, *self.commands]:
            must(programs, self.words(words, folder), folder)
            only_files(folder, db, self.others)
            self.states.append(runs(db))
            remove_shared(folder)
        self.after = self.states[-1]
        self.new = version(db)
        self.digest = contents(db) if self.exact else None
        # Of commands that run at once, any may be all that is left.
        if len(self.commands) > 1:
            for words in self.commands:
                fresh(folder, self.template)
                must(programs, self.words(words, folder), folder)
                self.states.append(runs(db))
        return self

    @staticmethod
    def words(words, folder):
        return [str(word).replace("{}", str(folder)) for word in words]

    def verify(self, folder, results, left=()):
        """After commands ended, each with (exit code, output, errors), or were killed (-9).

        `left` may lie about after all that were done; without a word to be done, a WAL may."""
        db = Path(folder) / "t.db"
        if any(code != 0 for code, _, _ in results):
            left = (*SHARED, JOURNAL, *left)
        only_files(folder, db, [*self.others, *left])
        found, stored = state(self.programs, db)
        if found not in self.states:
            raise Found(f"runs are there in part: {found}, of {self.states}")
        if not (self.old <= stored <= self.new or found == [] and stored == 0):
            raise Found(f"version {stored}, where it was {self.old} and becomes {self.new}")
        for code, _, errors in results:
            if code == 0 and len(results) == 1 and found != self.after:
                raise Found(f"it said done, and left {found} of {self.after}")
            if code == 0 and found == self.before != self.after:
                raise Found("it said done, and nothing is there")
            if code > 0:
                lines = errors.strip().split("\n")
                if len(lines) != 1 or not lines[0].startswith("collector: ") or len(lines[0]) > 800:
                    raise Found(f"exit code {code} with {len(lines)} lines: {errors!r}")
                if "unchanged" in errors and len(results) == 1 and found != self.before:
                    raise Found(f"'{errors.strip()}', but the warehouse is changed")
        if all(code == 0 for code, _, _ in results) and found != self.after:
            raise Found(f"all said done, and left {found} of {self.after}")
        return found

    def again(self, folder, found):
        """The same commands once more, undisturbed: everything is then there."""
        for words in self.commands:
            code, _, errors = self.programs.run(self.words(words, folder), Path(folder) / "tmp")
            repeated = code == 2 and "already in" in errors or code == 1 and found == self.after
            if code != 0 and not repeated:
                raise Found(f"once more: exit code {code}: {errors.strip()}")
        db = Path(folder) / "t.db"
        only_files(folder, db, self.others)
        last, stored = state(self.programs, db)
        if last != self.after or stored != self.new:
            raise Found(f"once more: {last}, version {stored}; not {self.after}, version {self.new}")
        if self.exact and contents(db) != self.digest:
            raise Found("once more: other rows than when undisturbed")


def remove_shared(folder):
    """Of a warehouse that was closed and is only read."""
    for name in SHARED:
        (Path(folder) / name).unlink(missing_ok=True)


def fresh_folder(path):
    shutil.rmtree(path, ignore_errors=True)
    (path / "tmp").mkdir(parents=True)


def must(programs, words, folder):
    code, _, errors = programs.run(words, Path(folder) / "tmp")
    if code != 0:
        raise Found(f"undisturbed, {' '.join(words)} ended with {code}: {errors.strip()}")


def empty(_programs, _folder):
    pass


def filled(sources, name="t.db"):
    """Two runs of two runtimes."""

    def make(programs, folder):
        for runtime, lines in (("runc", 1000), ("crun", 2000)):
            must(programs, ingest(sources.text(lines=lines), runtime, "redis", folder / name), folder)

    return make


def older(fixture):
    def make(_programs, folder):
        (folder / "t.db").write_bytes(Path(fixture).read_bytes())

    return make


def all_acts(sources, source=None, events=None):
    """Every act, by its name. `source` and `events` are what is ingested, a text without them."""
    source = source or sources.text()
    events = events or source
    db = "{}/t.db"
    one = ingest(source, "runc", "w", db)

    def merging(programs, folder):
        filled(sources)(programs, folder)
        must(programs, ingest(sources.text(), "runsc", "w", folder / "a.db"), folder)
        must(programs, ingest(sources.text(lines=3000), "runsc", "v", folder / "b.db"), folder)

    def forgetting(programs, folder):
        filled(sources)(programs, folder)
        must(programs, ingest(sources.text(), "runsc", "w", folder / "t.db"), folder)

    acts = [
        Act("create", empty, one),
        Act("ingest", filled(sources), one),
        Act("keep-events", filled(sources), ingest(events, "runc", "w", db, "--keep-events")),
        Act("two-writers", empty, one,
            ingest(sources.text(lines=4000), "runsc", "v", db, "--keep-events")),
        Act("merge", merging, ["collector", "merge", db, "{}/a.db", "{}/b.db"],
            steps=[["collector", "merge", db, "{}/a.db"]]),
        Act("forget", forgetting, ["collector", "forget", "runsc", "--db", db], exact=True),
        Act("compact", forgetting, ["collector", "forget", "runsc", "--db", db, "--compact"]),
        Act("relabel", forgetting,
            ["collector", "relabel", "runsc", "--runtime", "kata", "--db", db], exact=True),
    ]
    # Any command that writes brings an older file up to date: this one says what it did.
    renaming = ["collector", "relabel", "*", "--label", "moved", "--db", db]
    for fixture in fixtures():
        name = Path(fixture).stem.replace("version", "migrate-")
        acts.append(Act(name, older(fixture), renaming, exact=True))
        acts.append(Act(f"{name}-twice", older(fixture), renaming, renaming, exact=True))
    return {act.name: act for act in acts}
