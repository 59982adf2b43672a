# SPDX-License-Identifier: Apache-2.0
"""Build the wheel, install it by pip in an empty environment, assess the Great Green Wall there in an empty folder.

Fails where any of this fails, or where the environment is larger than it may be. Its size is what the installation adds to
an empty environment, without the compiled copies that Python makes of its sources as it runs. Versions are those of
``requirements.lock``, so that a size changes when we change it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
MOST_MB = 920  # of it the world of the atlas and its figures 23
SHOWN = 15  # of the packages, the largest
BIN = "Scripts" if os.name == "nt" else "bin"
# A line of a lock: name, version, and for which Python or system it holds.
LOCKED = re.compile(r"^([a-z0-9][a-z0-9.-]*==[^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)


def constraints(lock: str) -> str:
    r"""The versions of a lock without its hashes, which would be asked of our own wheel too.

    Examples
    --------
    >>> constraints("attrs==26.1.0 \\\n    --hash=sha256:aa\ncolorama==0.4.6 ; sys_platform == 'win32' \\\n")
    "attrs==26.1.0\ncolorama==0.4.6 ; sys_platform == 'win32'\n"
    """
    return "".join(f"{name} ; {when}\n" if when else f"{name}\n" for name, when in LOCKED.findall(lock))


def megabytes(folder: Path) -> float:
    """What the files of a folder take up on disk; on systems that do not say so, their lengths."""
    held = (path.lstat() for path in folder.rglob("*"))
    return sum(getattr(one, "st_blocks", -(-one.st_size // 512)) * 512 for one in held) / 2**20


def by_package(site: Path) -> Mapping[str, float]:
    """Megabytes of each folder of the packages, the largest first; libraries beside a package count as its own."""
    found: dict[str, float] = {}
    for path in site.iterdir():
        if path.is_dir():
            name = re.sub(r"\.libs$|-[^-]+\.dist-info$", "", path.name)
            found[name] = found.get(name, 0.0) + megabytes(path)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def run(*words: str | Path, cwd: Path) -> None:
    """Run a command as somebody would who has only this environment; stop where it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "UV_"))}
    kept |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=kept, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(word) for word in words)} ended with {done.returncode}")


def main() -> None:
    """Build, install, run, weigh."""
    with TemporaryDirectory(prefix="homeground-wheel-") as made:
        folder = Path(made)
        run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
        (wheel,) = folder.glob("*.whl")
        versions = folder / "versions.txt"
        versions.write_text(constraints((ROOT / "requirements.lock").read_text("utf-8")), encoding="utf-8")
        run(sys.executable, "-m", "venv", folder / "env", cwd=folder)
        empty = megabytes(folder / "env")
        pip = (folder / "env" / BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, "--no-compile", "--constraint", versions, wheel, cwd=folder)
        added = megabytes(folder / "env") - empty
        (folder / "empty").mkdir()
        homeground = folder / "env" / BIN / "homeground"
        run(homeground, "--version", cwd=folder / "empty")
        run(homeground, "run", "great-green-wall", cwd=folder / "empty")
        written = folder / "empty" / "results" / "great-green-wall" / "base"
        for name in ("index.html", "brief-en.pdf", "brief-fr.pdf", "tables.xlsx", "regions.parquet"):
            if not (written / name).stat().st_size:
                sys.exit(f"{name} is empty")
        site = next((folder / "env").rglob("site-packages"))
        for name, size in list(by_package(site).items())[:SHOWN]:
            print(f"{size:7.0f} MB  {name}")
        print(f"{added:7.0f} MB  the plain installation, wheel included; at most {MOST_MB} MB")
        if added > MOST_MB:
            sys.exit("the plain installation is too large: see what pulls the largest packages, or make it an extra")


if __name__ == "__main__":
    main()
