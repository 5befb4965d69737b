"""The environment of Python in which scale/ is tested: .build/cluster/environment."""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".build/cluster/environment"
COMMAND = ENVIRONMENT / "bin/tracescale"
PROGRAM = [sys.argv[0]]


def lacking(text):
    """Ends the program, which cannot run here."""
    print(f"{PROGRAM[0]}: {text}", file=sys.stderr)
    sys.exit(3)


def enter(program):
    """Goes on in an environment that has scale/, as a user installs it, and its pyspark; made when missing."""
    PROGRAM[0] = program
    if not shutil.which("java"):
        lacking("there is no java; install openjdk-17-jre-headless or later")
    python = ENVIRONMENT / "bin/python"
    mark = ENVIRONMENT / "installed"
    wanted = (ROOT / "scale/pyproject.toml").read_text()
    if not mark.exists() or mark.read_text() != wanted:
        print("# installing scale/ and pyspark", flush=True)
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        venv.create(ENVIRONMENT, with_pip=True)
        install(python)
        mark.write_text(wanted)
    if Path(sys.prefix).resolve() != ENVIRONMENT.resolve():
        os.execv(python, [str(python), *sys.argv])
    # What is tested is what is here now, as a user would install it; pyspark is there already.
    install(python, "--no-deps", "--force-reinstall")


def install(python, *more):
    # A copy: building leaves things where it builds.
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "scale", Path(folder) / "scale")
        result = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *more,
             str(Path(folder) / "scale")], capture_output=True, text=True)
    if result.returncode:
        lacking(f"scale/ cannot be installed: {result.stderr.strip().splitlines()[-1]}")
