"""The folder into which hosts export: manifests, the description of the tables, shards (docs/export.md)."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import reduce

from pyspark.errors import PySparkException
from pyspark.sql import functions as F
from pyspark.sql.types import DoubleType, LongType, StringType, StructField, StructType

from .errors import DAMAGED, ENVIRONMENT, NO, USAGE, Failure

#: The version of the warehouse whose tables the canned queries read.
SCHEMA_VERSION = 4
#: Its tables.
TABLES = set(
    "kernel condition run function kernel_function process call edge dropped metric stat run_stat event run_function "
    "run_group group_function syscall run_environment process_size run_size runtime_function group_edge".split())
#: What Spark says of files that are not what they should be.
DAMAGE = (
    "MALFORMED", "CSV header", "FAILED_READ_FILE", "PATH_NOT_FOUND", "FILE_NOT_EXIST", "not a Parquet file",
    "CANNOT_READ_FILE_FOOTER")
#: Text of shards, bytes, that one task turns into one file.
TEXT_A_TASK = 64 << 20
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TYPES = {"bigint": LongType(), "double": DoubleType(), "string": StringType()}


@dataclass(frozen=True)
class Shard:
    file: str
    rows: int
    bytes: int
    text_bytes: int
    sha256: str
    first_run: int | None
    last_run: int | None


@dataclass
class Manifest:
    path: str
    warehouse: str
    schema_file: str
    schema_sha256: str
    events: bool
    runs: dict  # the UUID of each run → its number there
    tables: dict  # name → shards
    content: str = field(default="")  # changes with any shard


class Fleet:
    """An export folder, as its manifests say. Reads no row before it is asked for."""

    def __init__(self, spark, storage, folder):
        self.spark = spark
        self.storage = storage
        self.folder = folder.rstrip("/") or "/"
        self.manifests = self._manifests()
        self.tables = self._schema()

    def _manifests(self):
        folder = f"{self.folder}/manifests"
        names = [n for n in self.storage.names(folder) if n.endswith(".json") and not n.startswith(".")]
        if not names:
            raise Failure(NO, f"{folder}: there is no manifest; 'tracequery export spark {self.folder}' makes them")
        found = {}
        for name in names:
            path = f"{folder}/{name}"
            try:
                manifest = _manifest(path, self.storage.read(path))
            except FileNotFoundError:
                raise Failure(ENVIRONMENT, f"{path}: it went away; load again") from None
            if manifest.warehouse in found:
                raise Failure(
                    DAMAGED, f"{path}: warehouse {manifest.warehouse} is that of "
                    f"{found[manifest.warehouse].path} too; remove the older of the two")
            found[manifest.warehouse] = manifest
        return [found[name] for name in sorted(found)]

    def is_current(self, manifest):
        """Whether a manifest is still what it was when it was read."""
        try:
            return _manifest(manifest.path, self.storage.read(manifest.path)).content == manifest.content
        except (Failure, FileNotFoundError):
            return False

    def _schema(self):
        """The tables by name, which must be the same in all exports but for the words about them."""
        known = {}
        first = None
        for manifest in self.manifests:
            path = f"{self.folder}/{manifest.schema_file}"
            if path in known:
                digest = known[path]
            else:
                try:
                    data = self.storage.read(path)
                except FileNotFoundError:
                    raise Failure(
                        DAMAGED, f"{path}: it is missing, but {manifest.path} names it; export that warehouse "
                        "again") from None
                digest = known[path] = hashlib.sha256(data).hexdigest()
                described = _described(path, data)
                if first is None:
                    first = described
                elif _shape(described) != _shape(first):
                    raise Failure(
                        DAMAGED, f"{path}: its tables are not those of the other exports; export again with one "
                        "version of tracequery")
            if digest != manifest.schema_sha256:
                raise Failure(DAMAGED, f"{path}: its SHA-256 is not that of {manifest.path}; export again")
        self.csv = first["csv"]
        return {table["name"]: table for table in first["tables"]}

    def check(self, shards):
        """Every shard must be there, with its bytes and their SHA-256.

        :raises Failure: names the first that is not.
        """
        paths = [f"{self.folder}/{shard.file}" for shard in shards]
        for path, shard, size in zip(paths, shards, self.storage.sizes(paths)):
            if size is None:
                raise Failure(DAMAGED, f"{path}: the shard is missing, but the manifest names it; export that "
                              "warehouse again")
            if size != shard.bytes:
                raise Failure(DAMAGED, f"{path}: the shard has {size} bytes, not {shard.bytes}; export that "
                              "warehouse again")
        # The workers read and hash: a shard is read whole.
        for start in range(0, len(paths), 2000):
            hashed = (
                self.spark.read.format("binaryFile").load(paths[start:start + 2000])
                .select("path", F.sha2("content", 256)).collect())
            digests = {path[path.rindex("/tables/") + 1:]: digest for path, digest in hashed}
            for shard in shards[start:start + 2000]:
                if digests.get(shard.file) != shard.sha256:
                    raise Failure(DAMAGED, f"{self.folder}/{shard.file}: the shard is damaged: its SHA-256 is not "
                                  "the manifest's; export that warehouse again")

    def rows(self, table, shards):
        """The rows of a table.

        :param shards: the shards of each warehouse, by the warehouse's number, which becomes the column `_w`.
        """
        schema = struct(self.tables[table])
        parts = []
        text = 0
        for number, some in shards.items():
            if not some:
                continue
            text += sum(shard.text_bytes for shard in some)
            reader = (
                self.spark.read.schema(schema).options(**self.csv)
                .option("mode", "FAILFAST").option("enforceSchema", "false"))
            part = reader.csv([f"{self.folder}/{shard.file}" for shard in some])
            parts.append(part.select(*map(_unescaped, schema.fields), F.lit(number).alias("_w")))
        if not parts:
            return empty(self.spark, schema.add("_w", LongType()))
        rows = reduce(lambda one, other: one.union(other), parts)
        count = sum(len(some) for some in shards.values())
        return rows.coalesce(max(1, min(count, -(-text // TEXT_A_TASK))))


def struct(table):
    """A table's columns as Spark's types."""
    return StructType([
        StructField(column["name"], TYPES[column["type"]], True) for column in table["columns"]])


def empty(spark, schema):
    """No rows. In SQL, since rows that Python makes need a Python on the workers."""
    columns = ", ".join(f"CAST(NULL AS {f.dataType.simpleString()}) AS `{f.name}`" for f in schema.fields)
    return spark.sql(f"SELECT {columns} WHERE false")


def _unescaped(column):
    """A text that begins with a backslash was given one more, so that none is taken for NULL."""
    value = F.col(column.name)
    if not isinstance(column.dataType, StringType):
        return value
    return F.when(value.startswith("\\"), F.substring(value, 2, 1 << 30)).otherwise(value).alias(column.name)


def _shape(described):
    return [
        [table[key] for key in ("name", "union", "local_number", "natural_key", "key")]
        + [[(c["name"], c["type"], c["nullable"], c["refers_to"]) for c in table["columns"]]]
        for table in described["tables"]], described["csv"]


def _described(path, data):
    try:
        described = json.loads(data)
        right = described["format"] == "kernel-footprint-spark-schema" and described["format_version"] == 1
        _shape(described)
        # Names become folders and SQL.
        if not isinstance(described["csv"], dict) or not all(
                re.fullmatch(r"[a-z_]+", table["name"]) and all(
                    re.fullmatch(r"[a-z_]+", column["name"]) and column["type"] in TYPES
                    for column in table["columns"])
                for table in described["tables"]):
            raise ValueError
        if not TABLES <= {table["name"] for table in described["tables"]}:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Failure(DAMAGED, f"{path}: it does not describe tables; export again") from None
    if not right:
        raise Failure(DAMAGED, f"{path}: its format is not known; update tracescale")
    return described


def _manifest(path, data):
    """Reads a manifest of a stranger: every member that is used is looked at."""
    def need(holds, what):
        if not holds:
            raise Failure(DAMAGED, f"{path}: {what}; export that warehouse again")

    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Failure(DAMAGED, f"{path}: it is no JSON ({error}); export that warehouse again") from None
    need(isinstance(value, dict) and value.get("format") == "kernel-footprint-spark-manifest", "it is no manifest")
    if value.get("format_version") != 1:
        raise Failure(USAGE, f"{path}: version {value.get('format_version')!r} of the format is not known; update "
                      "tracescale")
    if value.get("schema_version") != SCHEMA_VERSION:
        raise Failure(USAGE, f"{path}: its warehouse has version {value.get('schema_version')!r}, wanted is "
                      f"{SCHEMA_VERSION}; export it with the tracequery of this version")
    try:
        warehouse = value["warehouse"]
        need(UUID.fullmatch(warehouse), "the warehouse's name is no UUID")
        schema_file = value["schema"]["file"]
        need(re.fullmatch(r"schemas/[A-Za-z0-9.-]+\.json", schema_file), "its schema's file is not below schemas/")
        runs = {run["uuid"]: run["run_id"] for run in value["runs"]}
        need(len(runs) == len(value["runs"]), "a run is named twice")
        need(all(UUID.fullmatch(uuid) for uuid in runs), "a run's name is no UUID")
        need(all(map(_is_count, runs.values())), "a run's number is none")
        tables = {}
        for table in value["tables"]:
            name = table["name"]
            place = re.compile(rf"tables/{re.escape(name)}/warehouse={warehouse}/[A-Za-z0-9-]+\.csv\.(zst|gz)")
            shards = []
            for shard in table["shards"]:
                need(place.fullmatch(shard["file"]), f"a shard of {name} is at {shard['file']!r}")
                need(all(_is_count(shard[key]) for key in ("rows", "bytes", "text_bytes")),
                     f"{shard['file']}: a number is none")
                need(re.fullmatch(r"[0-9a-f]{64}", shard["sha256"]), f"{shard['file']}: its SHA-256 is none")
                ends = (shard["first_run_id"], shard["last_run_id"])
                need(ends == (None, None) or all(map(_is_count, ends)), f"{shard['file']}: its runs are none")
                shards.append(Shard(
                    shard["file"], shard["rows"], shard["bytes"], shard["text_bytes"], shard["sha256"], *ends))
            need(name not in tables, f"table {name} is named twice")
            need(sum(shard.rows for shard in shards) == table["rows"], f"the rows of {name} do not add up")
            tables[name] = shards
        files = [shard.file for some in tables.values() for shard in some]
        need(len(set(files)) == len(files), "a shard is named twice")
        manifest = Manifest(
            path, warehouse, schema_file, value["schema"]["sha256"], bool(value["events"]), runs, tables)
    except (KeyError, TypeError, AttributeError):
        raise Failure(DAMAGED, f"{path}: a member is missing or of another type; export that warehouse again") \
            from None
    lines = sorted(f"{s.file} {s.sha256} {s.rows}" for some in tables.values() for s in some)
    manifest.content = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return manifest


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def status(error):
    """The exit code of what went wrong within Spark."""
    return DAMAGED if any(word in str(error) for word in DAMAGE) else ENVIRONMENT


def problem(error):
    """What went wrong within Spark, in one line, with the file if it tells one."""
    text = str(error)
    if isinstance(error, PySparkException) or hasattr(error, "java_exception"):
        cause = getattr(error, "java_exception", None)
        while cause is not None and cause.getCause() is not None:
            cause = cause.getCause()
        if cause is not None:
            text = f"{text.splitlines()[0]} {cause.getMessage()}"
    place = re.search(r"[a-z0-9]+:/\S*?\.csv\.(zst|gz)", text)
    line = " ".join(text.split())
    if "Java heap space" in line or "OutOfMemoryError" in line:
        return "Spark has too little memory; --conf spark.driver.memory=16g, or spark.executor.memory, gives it more"
    return (f"{place.group(0)}: " if place else "") + (line if len(line) < 400 else line[:400] + " …")
