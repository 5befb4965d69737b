"""What every part of script/test-cluster needs: checks that are told, and the program on the cluster."""

import contextlib
import os
import subprocess
import time

from environment import COMMAND
from hosts import Broken

#: An executor takes all of a worker.
SETTINGS = {"spark.executor.memory": "700m", "spark.sql.shuffle.partitions": "4"}


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    @contextlib.contextmanager
    def check(self, what):
        """A block that must hold; what it adds to the list is told."""
        told = []
        started = time.monotonic()
        try:
            yield told
        except Broken as broken:
            self.failed += 1
            print(f"not ok {what}\n# {broken}", flush=True)
            return
        self.passed += 1
        more = "".join(f", {text}" for text in told)
        print(f"ok {what}{more} ({time.monotonic() - started:.0f} s)", flush=True)


def need(holds, text):
    if not holds:
        raise Broken(text)


class Stand:
    def __init__(self, hosts, cluster):
        self.hosts = hosts
        self.cluster = cluster

    def scale(self, *words, command=(COMMAND,)):
        """Runs the program on the cluster."""
        words = list(map(str, words))
        if words[0] in ("load", "query"):
            words += ["--master", self.cluster.url]
            words += [word for pair in SETTINGS.items() for word in ("--conf", "=".join(pair))]
        result = subprocess.run(
            [*map(str, command), *words], env=os.environ, capture_output=True, cwd=self.hosts.folder)
        # Bytes as they are: lines may end in CR LF.
        result.stdout, result.stderr = result.stdout.decode(), result.stderr.decode()
        return result

    def load(self, fleet, store, *more):
        result = self.scale("load", fleet, store, *more)
        need(result.returncode == 0, f"load: exit code {result.returncode}: {result.stderr}")
        return result.stderr.strip().splitlines()[-1]
