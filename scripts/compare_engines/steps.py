"""Steps of an engine, each timed by itself."""

import os
import resource
import signal
import subprocess
import time
from pathlib import Path


class Failed(RuntimeError):
    """An engine that is left out, and why."""


def peak_mb(pid):
    """Peak memory of a process so far; 0 when it has ended. (What wait4 tells includes the process that started it.)"""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0


def run(name, command, limit, cwd):
    """Runs a program: processor and wall seconds, peak MB, and its log."""
    log = Path(cwd) / "log"
    started = time.monotonic()
    peak = 0
    with open(log, "wb") as out:
        child = subprocess.Popen(list(map(str, command)), stdout=out, stderr=out, cwd=cwd)
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - started > limit:
                os.kill(child.pid, signal.SIGKILL)
                os.wait4(child.pid, 0)
                raise Failed(f"{name}: stopped after {limit} s")
            peak = max(peak, peak_mb(child.pid))
            time.sleep(0.005)
    text = log.read_text(encoding="utf-8", errors="replace")
    if status != 0:
        raise Failed(f"{name}: {(text.strip().splitlines() or ['failed'])[-1]}")
    step = {
        "name": name,
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - started,
        "mb": peak,
    }
    return step, text


def here(name, work):
    """Runs a function in this process; the peak is that of the process so far."""
    wall, cpu = time.monotonic(), time.process_time()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"name": name, "cpu": time.process_time() - cpu, "wall": time.monotonic() - wall, "mb": peak}, result


def least(name, runs, work):
    """The run of least processor time."""
    done = [here(name, work) for _ in range(runs)]
    return min(done, key=lambda step: step[0]["cpu"])
