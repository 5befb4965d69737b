"""Hosts that export again: with more runs, with and without events."""

from tracescale import session
from tracescale.fleet import Fleet
from tracescale.loader import Loader
from tracescale.storage import Storage
from tracescale.store import Store

import compare
from hosts import HOSTS
from stand import SETTINGS, need


def growth(stand, checks):
    """Runs that a host adds later, and a host whose events come later."""
    hosts = stand.hosts
    store = hosts.folder / "store"
    last = max(HOSTS, key=hosts.name)
    with checks.check("a host grows: only what is new is loaded, and all answers are those of a new merge") as told:
        hosts.ingest(last, "overrun-runsc-redis-server-3", "overrun-overwrite", "runsc", "redis-server")
        hosts.ingest(last, "runc-python_tornado-1", "graph", "runc", "python_tornado", "--keep-events")
        hosts.export(last, "--events")
        told.append(stand.load(hosts.fleet, store))
        merged = hosts.merge(hosts.folder / "merged-2.db")
        spark = session.start("growth", "local[2]", SETTINGS.items())
        try:
            Store(spark, Storage(spark), str(store)).register()
            count, _, rows = compare.all_alike(
                hosts, merged, spark, rounds=compare.ROUNDS[:1], tell=lambda text: None)
        finally:
            session.stop(spark)
        told.append(f"{count} answers with {rows} rows")
    with checks.check("events that come later, go and come again are there once, also in the store anew") as told:
        spark = session.start("events", "local[2]", SETTINGS.items())
        try:
            storage = Storage(spark)
            place = str(hosts.folder / "events-store")

            def events(*options, anew=False):
                """The events of a store after all hosts have exported so, as merged or not."""
                for host in HOSTS:
                    hosts.export(host, *options)
                fleet, store = Fleet(spark, storage, str(hosts.fleet)), Store(spark, storage, place, anew)
                Loader(fleet, store, lambda text: None).load(anew=anew)
                return sorted(
                    tuple(row) for row in store.table("event").drop("function_id", "caller_id").collect())

            need(events() == [], "events that were not exported")
            first = events("--events")
            need(len(first) == len(hosts.ask(merged, "sql", "SELECT 1 FROM event")), "other events than merged")
            need(events() == first, "other events after an export without")
            need(events("--events") == first, "other events after they came again")
            need(events("--events", anew=True) == first, "other events in the store anew")
            told.append(f"{len(first)} events")
        finally:
            session.stop(spark)
