"""Exports of strangers, or damaged ones, and locks: what must be refused, and what must not."""

import json
import os
import shutil
import socket

from tracescale.errors import Failure
from tracescale.fleet import Fleet
from tracescale.loader import Loader
from tracescale.storage import Storage
from tracescale.store import Store

from hosts import HOSTS, Broken
from stand import need


def damage(stand, checks, spark):
    """What is not as its manifest says is named, and nothing is loaded."""
    hosts = stand.hosts
    fleet, store = hosts.folder / "damaged", hosts.folder / "refused"
    # Of a warehouse whose rows are read, and of one whose runs came with another.
    first = min(HOSTS, key=hosts.name)
    storage = Storage(spark)

    def refuses(what, change, text):
        with checks.check(what):
            shutil.rmtree(fleet, ignore_errors=True)
            shutil.copytree(hosts.fleet, fleet)
            place = change()
            try:
                Loader(Fleet(spark, storage, str(fleet)), Store(spark, storage, str(store)), lambda text: None).load()
            except Failure as failure:
                need(failure.status == 4 and failure.text.startswith(f"{place}: {text}"),
                     f"exit code {failure.status}: {failure.text}")
            else:
                raise Broken("it was loaded")
            need(not list((store / "state").glob("*.json")), "it has a state all the same")

    def shard(host, table="call"):
        return sorted(fleet.glob(f"tables/{table}/warehouse={hosts.name(host)}/*.csv.*"))[0]

    def flip(path):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        return path

    def cut(path):
        path.write_bytes(path.read_bytes()[:-1])
        return path

    def remove(path):
        path.unlink()
        return path

    def lie():
        manifest = fleet / f"manifests/{hosts.name(first)}.json"
        value = json.loads(manifest.read_text())
        table = next(table for table in value["tables"] if table["name"] == "edge")
        table["rows"] += 1
        table["shards"][0]["rows"] += 1
        manifest.write_text(json.dumps(value))
        return fleet / table["shards"][0]["file"]

    def shorten():
        manifest = fleet / f"manifests/{hosts.name('b')}.json"
        manifest.write_text(manifest.read_text()[:-20])
        return manifest

    for host in HOSTS:
        refuses(f"a damaged shard of host {host} is named", lambda: flip(shard(host)), "the shard is damaged")
    refuses("a missing shard is named", lambda: remove(shard("a")), "the shard is missing")
    refuses("a missing shard of functions is named", lambda: remove(shard("c", "function")), "the shard is missing")
    refuses("a cut shard is named", lambda: cut(shard("b")), "the shard has ")
    refuses("a cut manifest is named", shorten, "it is no JSON")
    refuses("a manifest that lies about rows is found out", lie, "the shard has ")

    def hostile(change):
        """A manifest of host b with a value in it changed."""
        def work():
            manifest = fleet / f"manifests/{hosts.name('b')}.json"
            value = json.loads(manifest.read_text())
            text = change(value)
            manifest.write_text(text if isinstance(text, str) else json.dumps(value))
            return manifest
        return work

    def first_shard(value):
        return next(table for table in value["tables"] if table["name"] == "call")["shards"][0]

    def twice(value):
        table = next(table for table in value["tables"] if table["name"] == "edge")
        table["shards"] *= 2
        table["rows"] *= 2

    refuses("a shard that is named twice", hostile(twice), "a shard is named twice")
    refuses("a shard elsewhere", hostile(lambda v: first_shard(v).update(file="../../x")), "a shard of call is at ")
    refuses("a hash of another type", hostile(lambda v: first_shard(v).update(sha256=[])), "a member is missing")
    refuses("a manifest that is deep", hostile(lambda v: "[" * 200_000), "it is no JSON")
    refuses("rows that are none", hostile(lambda v: first_shard(v).update(rows=-1)), "tables/call/")
    shutil.rmtree(fleet)
    lock = hosts.folder / "store/lock.json"
    for pid, is_free in ((os.getpid(), False), (2 ** 22 + 1, True)):
        what = "that was killed is taken over" if is_free else "keeps others away"
        with checks.check(f"the lock of a load {what}"):
            lock.write_text(json.dumps({"host": socket.gethostname(), "pid": pid, "since": "2026-01-01"}))
            try:
                Loader(Fleet(spark, storage, str(hosts.fleet)), Store(spark, storage, str(lock.parent)),
                       lambda text: None).load()
                need(is_free and not lock.exists(), "it was loaded, or the lock is there")
            except Failure as failure:
                need(not is_free and failure.status == 3 and "another load" in failure.text, failure.text)
            lock.unlink(missing_ok=True)
