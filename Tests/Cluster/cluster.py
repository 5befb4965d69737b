"""A standalone Spark on loopback: a master and two workers, of which each is a process of ours."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pyspark

from hosts import Broken

SPARK = Path(pyspark.__file__).parent


class Cluster:
    """Started by `with`; everything that it started is stopped at the end."""

    def __init__(self, folder, workers=2, cores=1, memory="1g"):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.count = workers
        self.cores = cores
        self.memory = memory
        self.processes = {}
        self.url = None

    def __enter__(self):
        try:
            log = self._start("master", "Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
            self.url = self._await(log, r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
            for number in range(self.count):
                self.start_worker(f"worker-{number}")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start_worker(self, name):
        log = self._start(
            name, "Worker", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0", "--cores", str(self.cores),
            "--memory", self.memory, "--work-dir", str(self.folder / name), self.url)
        self._await(log, r"Successfully registered with master")

    def _start(self, name, what, *words):
        log = self.folder / f"{name}.log"
        # A session of its own, by whose number its executors are found and stopped too.
        with open(log, "wb") as output:
            self.processes[name] = subprocess.Popen(
                [str(SPARK / "bin/spark-class"), f"org.apache.spark.deploy.{what.lower()}.{what}", *words],
                env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "512m",
                     "SPARK_LOCAL_DIRS": str(self.folder)},
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        return log

    def _await(self, log, pattern, seconds=120):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = re.search(pattern, log.read_text(errors="replace"))
            if found:
                return found.group(1) if found.groups() else found.group(0)
            time.sleep(0.1)
        raise Broken(f"{log.name} did not say '{pattern}' within {seconds} s: {log.read_text()[-500:]}")

    def kill(self, name):
        """kill -9 of a worker and of its executors, as when its machine is gone."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self):
        for process in self.processes.values():
            with_group(process, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                pass
            # Executors that outlive their worker.
            with_group(process, signal.SIGKILL)
            process.wait()
        self.processes = {}


def with_group(process, what):
    try:
        os.killpg(process.pid, what)
    except ProcessLookupError:
        pass


def executors(spark):
    """What each executor has done: its tasks, those that failed, bytes that it read and wrote in shuffles."""
    listed = spark.sparkContext._jsc.sc().statusStore().executorList(False)
    result = {}
    for i in range(listed.size()):
        one = listed.apply(i)
        if one.id() != "driver":
            result[one.id()] = {
                "tasks": one.completedTasks(), "failed": one.failedTasks(), "active": one.activeTasks(),
                "alive": one.isActive(), "host": one.hostPort()}
    return result
