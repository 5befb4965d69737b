"""Disks that fill up at every tenth of what is written. Needs a mount namespace of its own."""

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

from acts import SHARED
from kills import keep
from stand import Found, Lacking, fresh, say

# A page more than the last tenth: even that is not enough for the -shm of readers.
TENTHS = range(0, 11)


def wrapper(scratch):
    """What a command begins with that may mount; raises where that is not allowed."""
    for flags in (["-m"], ["-r", "-m"]):
        words = ["unshare", *flags]
        try:
            tried = subprocess.run(
                [*words, "mount", "-t", "tmpfs", "-o", "size=64k", "none", str(scratch)],
                capture_output=True, text=True)
        except FileNotFoundError:
            raise Lacking("there is no program unshare")
        if tried.returncode == 0:
            return words
    raise Lacking("this user may not mount a small disk (unshare -m, unshare -rm): "
                  + (tried.stderr.strip() or "refused"))


class Disk:
    """A tmpfs, which remains while its size changes."""

    def __init__(self, path):
        self.path = Path(path)
        self.path.mkdir(parents=True, exist_ok=True)

    def mount(self, kilobytes, again=False):
        options = f"size={kilobytes}k" + (",remount" if again else "")
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(self.path)], check=True)

    def unmount(self):
        subprocess.run(["umount", "-l", str(self.path)], check=True)

    def used(self):
        """Kilobytes."""
        info = os.statvfs(self.path)
        return (info.f_blocks - info.f_bfree) * info.f_frsize // 1024


class Peak:
    """The most that is used while something runs."""

    def __init__(self, disk):
        self.disk, self.most, self.is_done = disk, disk.used(), False
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.is_done:
            self.most = max(self.most, self.disk.used())
            time.sleep(0.0005)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_done = True
        self.thread.join()


def torture(acts, scratch, tenths=TENTHS):
    """Runs each act on disks with room for so many tenths of what it needs, the temporary files on
    the same disk too. Returns how many problems it found."""
    problems = 0
    for act in acts:
        disk = Disk(Path(scratch) / "disk")
        folder = disk.path / "w"
        words = act.words(act.commands[0], folder)
        disk.mount(1 << 20)
        fresh(folder, act.template)
        before = disk.used()
        with Peak(disk) as peak:
            code, _, errors = act.programs.run(words, folder / "tmp")
        disk.unmount()
        if code != 0:
            raise Found(f"undisturbed on a disk in memory, {act.name}: {errors.strip()}")
        need = peak.most - before
        kinds = {}
        for tenth in tenths:
            disk.mount(1 << 20)
            try:
                fresh(folder, act.template)
                # A size of 0 is none at all.
                disk.mount(max(4, before + need * tenth // 10), again=True)
                result = act.programs.run(words, folder / "tmp")
                if result[0] not in (0, 3):
                    raise Found(f"exit code {result[0]}")
                # Readers see the same on the full disk as after more room is made.
                found = act.verify(folder, [result], SHARED)
                disk.mount(1 << 20, again=True)
                if act.verify(folder, [result], SHARED) != found:
                    raise Found("more room changes what is there")
                act.again(folder, found)
                kind = {0: "done", 3: "refused"}[result[0]]
                kinds[kind] = kinds.get(kind, 0) + 1
            except Found as problem:
                problems += 1
                say(f"full, {act.name}, {tenth} tenths of {need} KB: FOUND {problem}")
                say(f"  exit code {result[0]}: {result[2].strip()}")
                keep(folder, scratch, f"full-{act.name}-{tenth}")
            finally:
                disk.unmount()
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        print(f"full {act.name}: disks with room for {len(tenths)} steps of {need} KB: {told}",
              flush=True)
    shutil.rmtree(Path(scratch) / "disk", ignore_errors=True)
    return problems
