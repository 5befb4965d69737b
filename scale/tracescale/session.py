"""Spark, as this program wants it."""

import os
import sys
import tempfile
from contextlib import contextmanager

from pyspark.sql import SparkSession

from .errors import ENVIRONMENT, Failure

#: Chosen here because answers depend on them, or because they are nobody's business on a terminal.
SETTINGS = {
    # Integers that do not fit are an error, as in SQLite, never another number.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    # A condition on a run's number looks it up in a list of thousands: once for each run, not again for each of
    # its millions of rows, to which Spark would infer it (summary of 2,000 runs: 41 s).
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    # What a task holds of a file that it writes, bytes.
    "spark.hadoop.parquet.block.size": str(64 << 20),
    # Roll-ups are small tables next to what they are made of: joined where they are, not sent round.
    "spark.sql.autoBroadcastJoinThreshold": str(64 << 20),
}


def start(name, master=None, settings=()):
    """A session.

    :param master: local[*] unless told or `spark-submit` chose one.
    :param settings: further names and values.
    """
    submitted = is_submitted()
    builder = SparkSession.builder.appName(name)
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    if master or not submitted:
        builder = builder.master(master or "local[*]")
    if not submitted:
        builder = builder.config("spark.ui.enabled", "false")
        if (master or "local").startswith("local"):
            builder = builder.config("spark.driver.host", "127.0.0.1").config(
                "spark.driver.bindAddress", "127.0.0.1")
            # It reads, sorts and writes here, too: 1 GB is Spark's default, and too little.
            builder = builder.config("spark.driver.memory", f"{_memory()}m")
            # For the processors of one machine; 200 are for a cluster.
            builder = builder.config("spark.sql.shuffle.partitions", "8")
    for key, value in settings:
        builder = builder.config(key, value)
    if submitted:
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        return spark
    with _quiet():
        return builder.getOrCreate()


def _memory():
    """Half of this machine's memory, 1 to 8 GiB; in MiB."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return min(max(total // 2, 1024), 8192)


@contextmanager
def _quiet():
    """What the machine of Java says goes to a file without a name: what a user can mend is told in a line.

    :raises Failure: it does not start; with its last words.
    """
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as log:
        os.dup2(log.fileno(), 2)
        try:
            yield
        except Exception as error:
            log.seek(0)
            lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
            said = [line for line in lines if "Exception" in line or "rror" in line] or lines[-1:]
            # Of a master that does not answer Spark's exception does not speak.
            given_up = [line.partition("Reason: ")[2] for line in lines if "Reason: " in line]
            text = " ".join(" ".join(given_up[:1] or [str(error)] + said[:1]).split())
            raise Failure(ENVIRONMENT, f"Spark does not start: {text[:500]}") from None
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def is_submitted():
    """Whether `spark-submit` runs this: then the machine of Java was there before."""
    return "PYSPARK_GATEWAY_PORT" in os.environ


def tell(text):
    """A line on standard error. `spark-submit` mixes what a program of Python says there into its standard output,
    so there it is said by the machine of Java."""
    spark = SparkSession.getActiveSession() if is_submitted() else None
    if spark is None:
        print(text, file=sys.stderr)
    else:
        spark.sparkContext._jvm.System.err.println(text)


def stop(spark):
    """Ends it, also when it is in the middle of something."""
    try:
        spark.stop()
    except Exception as error:  # The answer, or the failure, is told already.
        print(f"tracescale: note: Spark did not end well: {error}".splitlines()[0], file=sys.stderr)
