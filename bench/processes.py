"""Work in a process of its own, where nothing else has taken memory."""

import os
import re
import subprocess
import sys
from pathlib import Path

from django.db import connection


def once(module: str, *arguments) -> list[float]:
    """Run ``python -m module arguments`` on the load's database; its numbers."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "TEST_DB_NAME": connection.settings_dict["NAME"],
    }
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    )
    return [float(part) for part in done.stdout.split()]


def megabytes() -> float:
    """The largest size of this process so far."""
    # Not getrusage(), which begins with the largest size of the parent process.
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
