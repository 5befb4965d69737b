"""The loaded warehouses: a folder of Parquet, and what of it is valid.

    state/00000007.json             what the store consists of; the newest counts
    tables/call/store_load=7/             rows that came with load 7
    tables/group_function/store_load=7/group_id=3/    of a roll-up: the rows of group 3, as of load 7

A file is never changed. What no state names is work in progress, or left over: the next load removes it.
"""

import json
import os
import re
import socket
import uuid
from contextlib import contextmanager
from datetime import datetime, timezone

from py4j.protocol import Py4JError
from pyspark.sql.types import LongType

from .errors import DAMAGED, ENVIRONMENT, NO, USAGE, Failure
from .fleet import SCHEMA_VERSION, empty, struct

FORMAT = "tracescale-store"
#: Tables that are kept in parts, each of which is replaced as a whole, by this column.
PARTITIONS = {
    "kernel_function": "kernel_id",
    "metric": "kernel_id",
    "group_function": "group_id",
    "group_edge": "group_id",
    "runtime_function": "condition_id",
}


class Store:
    """A store as of its newest state, or an empty one.

    :param anew: what is there will be replaced, and need not be readable.
    """

    def __init__(self, spark, storage, folder, anew=False):
        self.spark = spark
        self.anew = anew
        self.storage = storage
        self.folder = folder.rstrip("/") or "/"
        self.state = self._newest()

    @staticmethod
    def none(tables):
        """The state of an empty store.

        :param tables: the description of tables by name.
        """
        return {
            "format": FORMAT, "format_version": 1, "number": 0, "schema_version": SCHEMA_VERSION,
            "tables": tables, "warehouses": [], "parts": {}}

    def _newest(self):
        names = [n for n in self.storage.names(f"{self.folder}/state") if re.fullmatch(r"\d{8}\.json", n)]
        if not names:
            return None
        path = f"{self.folder}/state/{names[-1]}"
        try:
            state = json.loads(self.storage.read(path))
            right = state["format"] == FORMAT and state["number"] == int(names[-1][:8])
        except (ValueError, KeyError, TypeError, RecursionError):
            right = False
        if not right:
            raise Failure(DAMAGED, f"{path}: it is not the state of a store; load into a new folder")
        if state.get("format_version") != 1 or state.get("schema_version") != SCHEMA_VERSION:
            if self.anew:
                return dict(self.none({}), number=state["number"])
            raise Failure(DAMAGED, f"{path}: the store was made by another version; load with --anew")
        return state

    def need(self):
        """The state, which must be there.

        :raises Failure: nothing was loaded yet.
        """
        if self.state is None:
            raise Failure(NO, f"{self.folder}: nothing is loaded; 'tracescale load FLEET {self.folder}' does it")
        return self.state

    def place(self, table, load):
        return f"{self.folder}/tables/{table}/store_load={load}"

    def table(self, name, keys=None, state=None):
        """The rows of a table.

        :param keys: of a table in parts: only these of its partitions.
        """
        state = state or self.need()
        schema = struct(state["tables"][name])
        parts = state["parts"].get(name, {} if name in PARTITIONS else [])
        if name in PARTITIONS:
            column = PARTITIONS[name]
            paths = [
                f"{self.place(name, load)}/{column}={key}" for key, load in parts.items()
                if keys is None or int(key) in keys]
        else:
            paths = [self.place(name, load) for load in parts]
        if not paths:
            return empty(self.spark, schema)
        # The columns in the names of folders are read from there, and need no guess at their types.
        rows = (
            self.spark.read.schema(struct(state["tables"][name]).add("store_load", LongType()))
            .option("basePath", f"{self.folder}/tables/{name}").parquet(*paths))
        return rows.select(schema.names)

    def register(self):
        """Names every table for SQL."""
        for name in self.need()["tables"]:
            self.table(name).createOrReplaceTempView(name)

    @contextmanager
    def writing(self):
        """Keeps other loads away, and has the newest state.

        :raises Failure: another load is under way.
        """
        if self.storage.names(f"{self.folder}/manifests"):
            raise Failure(USAGE, f"{self.folder}: hosts export into this folder; name another one for the store")
        path = f"{self.folder}/lock.json"
        owner = json.dumps({
            "host": socket.gethostname(), "pid": os.getpid(), "load": str(uuid.uuid4()),
            "since": datetime.now(timezone.utc).isoformat(timespec="seconds")}) + "\n"
        just_now = Failure(ENVIRONMENT, f"{path}: another load began just now; load again")
        try:
            self.storage.write(path, owner)
        except FileExistsError:
            self._take_over(path)
            try:
                self.storage.write(path, owner)
            except FileExistsError:
                raise just_now from None
        # Where renaming replaces, of two that came at once the later has it.
        if self.storage.read(path) != owner.encode():
            raise just_now
        try:
            self.state = self._newest()
            yield
        finally:
            try:
                self.storage.remove(path)
            except (Py4JError, OSError, Failure):
                # The machine of Java is gone. The lock is that of a process that will have ended.
                pass

    def _take_over(self, path):
        """Removes the lock of a load that ended without doing so.

        :raises Failure: it may be under way still.
        """
        try:
            other = json.loads(self.storage.read(path))
            host, pid, since = other["host"], int(other["pid"]), other["since"]
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError):
            host, pid, since = "somewhere", 0, "some time"
        if host == socket.gethostname() and pid > 0 and not _lives(pid):
            self.storage.remove(path)
            return
        raise Failure(
            ENVIRONMENT, f"{path}: another load, process {pid} of {host}, has been under way since {since}; if it "
            "is not, remove this file")

    def commit(self, state):
        """Makes a state the newest.

        :raises Failure: another load ended meanwhile.
        """
        path = f"{self.folder}/state/{state['number']:08d}.json"
        try:
            self.storage.write(path, json.dumps(state, indent=1) + "\n")
        except FileExistsError:
            raise Failure(
                ENVIRONMENT, f"{path}: another load into this store has ended meanwhile; load again") from None
        self.state = state

    def sweep(self):
        """Removes what the newest state does not name. Not while somebody reads an older one: so a load
        does it when it begins, and what it replaces stays until the next."""
        state = self.state
        number = state["number"] if state else 0
        named = set()
        if state:
            for table, parts in state["parts"].items():
                loads = parts.values() if isinstance(parts, dict) else parts
                named |= {(table, f"store_load={load}") for load in loads}
        for table in self.storage.names(f"{self.folder}/tables"):
            for name in self.storage.names(f"{self.folder}/tables/{table}"):
                if re.fullmatch(r"store_load=\d+", name) and (table, name) not in named:
                    self.storage.remove(f"{self.folder}/tables/{table}/{name}")
        for name in self.storage.names(f"{self.folder}/state"):
            if re.fullmatch(r"\d{8}\.json", name) and int(name[:8]) < number:
                self.storage.remove(f"{self.folder}/state/{name}")
        self.storage.remove(f"{self.folder}/loading")


def _lives(pid):
    """Whether there is such a process here."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
