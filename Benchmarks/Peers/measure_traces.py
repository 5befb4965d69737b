"""Runs collector and its peers on the same corpus and prints Markdown; called by script/bench."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURE = "Tests/Fixtures/captures/runc-redis-server-1"
WORK = ".build/bench"

# function text: the method's steps on it: one grep a pid, interrupts out, the name, count.
FUNCTION_PIPE = (
    "for p in $(grep -oE '^ *[^ ]+-[0-9]+' {text} | sed 's/.*-//' | sort -u); do "
    "grep -E -- \"-$p +[([]\" {text} | grep -vE '\\] .{{2}}[hHsZz]' | cut -d: -f2 | cut -d' ' -f2 "
    "| sort | uniq -c; done")
FUNCTION_GAWK = (
    "gawk '!/^#/ && match($0, /-([0-9]+) +(\\([^)]*\\) +)?\\[[0-9]+\\] (.....) +[0-9.]+: ([^ ]+)/, m) "
    "&& substr(m[3], 3, 1) !~ /[hHsZz]/ {{ print m[1], m[4] }}' {text} | sort | uniq -c")
GRAPH_PIPE = (
    "for p in $(grep -oE -- '-[0-9]+ +[|]' {text} | tr -dc '0-9\\n' | sort -u); do "
    "grep -E -- \"-$p +[|]\" {text} | cut -d'|' -f2- | cut -c2- | {filters} start | {filters} errors "
    "| {filters} interrupts | tr -d ' ;(){{}}' | sort | uniq -c; done")
GRAPH_GAWK = (
    "gawk -F'|' '!/^#/ && match($1, /-([0-9]+) +$/, m) && $2 !~ /}}/ "
    "{{ gsub(/[ ;(){{}}]/, \"\", $2); print m[1], $2 }}' {text} | sort | uniq -c")
REPORT = (
    "trace-cmd report {dat} 2> /dev/null | mawk '$4 == \"function:\" {{ print $1, $5 }}' "
    "| LC_ALL=C sort | uniq -c")
IMPORT = (
    "sed 's/^ *//; s/ /\\t/g' counts.txt > counts.tsv; rm -f peer.db; sqlite3 peer.db "
    "'CREATE TABLE call(calls INTEGER, task TEXT, function TEXT)' '.mode tabs' '.import counts.tsv call'")


def run(command, cpus=None, stdin=None):
    """Runs a shell command; (wall seconds, CPU seconds, peak KiB of its largest process, stderr)."""
    words = ["taskset", "-c", cpus] if cpus else []
    begin = time.monotonic()
    process = subprocess.Popen(words + ["bash", "-c", "exec " + command if stdin is None and "|" not in
                               command and ";" not in command else command], stdin=stdin,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=WORK)
    told = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    wall = time.monotonic() - begin
    if status != 0:
        sys.exit(f"bench: failed with {status}: {command}\n{told}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, told


def best(command, cpus=None, times=3):
    return min((run(command, cpus) for _ in range(times)), key=lambda result: result[0])


def corpus(kind, source, target, size):
    """Makes a part of the corpus once; its size is in its name."""
    target = f"{target}-{size >> 20}M" + (".dat" if kind == "dat" else ".txt" if kind != "raw" else "")
    path = f"{WORK}/{target}"
    if not os.path.exists(path):
        subprocess.run([f"{HERE}/corpus", kind, f"{WORK}/{source}", f"{path}.new", str(size)],
                       check=True, stdout=subprocess.DEVNULL)
        os.rename(f"{path}.new", path)
    return target


def prepare():
    os.makedirs(WORK, exist_ok=True)
    if not os.path.exists(f"{WORK}/flat.dat"):
        subprocess.run(["trace-cmd", "convert", "-i", f"{CAPTURE}/trace.dat", "-o", f"{WORK}/flat.new",
                        "--file-version", "7", "--compression", "none"], check=True,
                       stdout=subprocess.DEVNULL)
        os.rename(f"{WORK}/flat.new", f"{WORK}/flat.dat")
    for name in ("func.txt", "graph.txt"):
        if not os.path.exists(f"{WORK}/{name}"):
            subprocess.run(["zstd", "-dqf", f"{CAPTURE}/{name}.zst", "-o", f"{WORK}/{name}"], check=True)
    subprocess.run(["cc", "-O2", "-o", f"{WORK}/filters", f"{HERE}/filters.c"], check=True)


def seen(told):
    return int(re.search(r"seen (\d+)", told)[1])


def machine():
    def read(command):
        return subprocess.run(command, shell=True, capture_output=True, text=True).stdout.strip()
    load = os.getloadavg()[0]
    print(f"{read('uname -srm')}; {read('nproc')} × "
          f"{read('lscpu | grep ^Model.name').split(':')[-1].strip()}; "
          f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') >> 30} GiB; "
          f"load {load:.1f} at the start; {read('trace-cmd --version | grep version').split(' (')[0]}, "
          f"{read('gawk --version | head -1').split(',')[0]}, "
          f"sqlite3 {read('sqlite3 --version').split()[0]}\n")


class Table:
    def __init__(self, collector, slice_size):
        self.collector, self.slice_size = collector, slice_size
        print("| work | input | processors | time (of processors) | rate | peer, scaled by events | "
              "ratio (of processors) |")
        print("| --- | --- | --- | --- | --- | --- | --- |")

    def row(self, work, path, cpus, result, events, peer=None):
        wall, spent, size = result[0], result[1], os.path.getsize(f"{WORK}/{path}")
        rate = f"{events / wall / 1e6:.1f} M events/s, {size / wall / 1e6:.0f} MB/s"
        told, ratio = "", ""
        if peer:
            name, (seconds, peer_spent), peer_events = peer
            scaled, spent_scaled = seconds / peer_events * events, peer_spent / peer_events * events
            told = f"{name}: {scaled:.0f} s ({spent_scaled:.0f} s)"
            ratio = f"{scaled / wall:.0f} × ({spent_scaled / spent:.0f} ×)"
        print(f"| {work} | {size / 1e6:.0f} MB, {events / 1e6:.1f} M events | {cpus} | {wall:.2f} s ({spent:.2f} s) | "
              f"{rate} | {told} | {ratio} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--collector", required=True)
    parser.add_argument("--size", default="3G")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    number = re.fullmatch(r"(\d+)([KMG]?)", options.size)
    if not number:
        parser.error("--size takes a number with K, M or G")
    size = int(number[1]) * units.get(number[2], 1)
    if options.quick:
        size //= 20
    collector = os.path.abspath(options.collector)
    prepare()
    machine()
    part = min(size, 64 << 20)
    dat, small = corpus("dat", "flat.dat", "pages", size), corpus("dat", "flat.dat", "pages", part)
    table = Table(collector, part)

    _, _, _, told = run(f"{collector} count {small}")
    small_events = seen(told)
    report = run(REPORT.format(dat=small) + " > counts.txt")[:2]
    imported = run(IMPORT)[:2]
    peer = ("trace-cmd report, mawk, sort, uniq", report, small_events)
    for name, cpus in (("1", "0"), ("2", "0,1")):
        result = best(f"{collector} count {dat}", cpus)
        table.row("trace.dat → counts", dat, name, result, seen(result[3]), peer)
        two = result
    events = seen(two[3])
    packed = dat.replace(".dat", "-zstd.dat")
    if not os.path.exists(f"{WORK}/{packed}"):
        run(f"trace-cmd convert -i {dat} -o {packed} --file-version 7 --compression zstd")
    result = best(f"{collector} count {packed}", "0,1")
    table.row("the same, zstd", packed, "2", result, events)

    def ingest():
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(f"{WORK}/bench.db{suffix}"):
                os.remove(f"{WORK}/bench.db{suffix}")
        return run(f"{collector} ingest {dat} --runtime runc --workload redis --db bench.db", "0,1")
    result = min((ingest() for _ in range(3)), key=lambda item: item[0])
    peer = ("the same, sqlite3 .import", (report[0] + imported[0], report[1] + imported[1]),
            small_events)
    table.row("collector ingest", dat, "2", result, events, peer)
    share = f"decoding and counting alone take {two[0]:.2f} s of the ingest's {result[0]:.2f} s"

    for kind, source, pipe, gawk in (("function", "func.txt", FUNCTION_PIPE, FUNCTION_GAWK),
                                     ("graph", "graph.txt", GRAPH_PIPE, GRAPH_GAWK)):
        text = corpus(kind, source, kind, size // 2)
        small = corpus(kind, source, kind, part)
        _, _, _, told = run(f"{collector} count {small}")
        slice_events = seen(told)
        shell = run("export LC_ALL=C; " + pipe.format(text=small, filters="./filters"))[:2]
        awk = run("export LC_ALL=C; " + gawk.format(text=small))[:2]
        for name, cpus in (("1", "0"), ("2", "0,1")):
            result = best(f"{collector} count {text}", cpus)
            peer = ("grep, cut, filters, sort, uniq a pid", shell, slice_events)
            table.row(f"{kind} text → counts", text, name, result, seen(result[3]), peer)
        peer = ("gawk, sort, uniq", awk, slice_events)
        table.row(f"{kind} text → counts", text, "2", result, seen(result[3]), peer)
    print(f"\nPeers ran on {part >> 20} MB of the same corpus; {share}.")
    if options.memory:
        memory(collector)


def memory(collector):
    """Peak memory of an ingest of raw pages that come through pipes, so that 10 GB need no disk."""
    folder = corpus("raw", "flat.dat", "raw", 1 << 30)
    shutil.copytree(f"{CAPTURE}/events", f"{WORK}/fifo/events", dirs_exist_ok=True)
    shutil.copy(f"{CAPTURE}/kallsyms.zst", f"{WORK}/fifo/kallsyms.zst")
    shutil.copy(f"{CAPTURE}/uname-r", f"{WORK}/fifo/uname-r")
    print("\n| ingested | peak (VmHWM) |\n| --- | --- |")
    for times in (1, 10):
        writers = []
        for cpu in sorted(os.listdir(f"{WORK}/{folder}")):
            place = f"{WORK}/fifo/per_cpu/{cpu}"
            os.makedirs(place, exist_ok=True)
            if not os.path.exists(f"{place}/trace_pipe_raw"):
                os.mkfifo(f"{place}/trace_pipe_raw")
            pages = f"{WORK}/{folder}/{cpu}"
            writers.append(subprocess.Popen(
                ["bash", "-c", f"for i in $(seq {times}); do cat {pages}; done > {place}/trace_pipe_raw"]))
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(f"{WORK}/memory.db{suffix}"):
                os.remove(f"{WORK}/memory.db{suffix}")
        _, _, peak, _ = run(
            f"{collector} ingest fifo --kallsyms none --runtime runc --workload redis --db memory.db")
        for writer in writers:
            writer.wait()
        print(f"| {times} GiB of raw pages | {peak / 1024:.1f} MB |", flush=True)


if __name__ == "__main__":
    main()
