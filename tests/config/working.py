# ruff: noqa: E402
"""A worker as a process of its own; words: prepare, work, check, each with a folder."""

from __future__ import annotations

import os
import signal
import sys
import threading

os.environ["DJANGO_SETTINGS_MODULE"] = "tenure.config.settings"

import django

django.setup()

from django.core.management import call_command

from tenure.config.jobs.models import Job
from tenure.config.jobs.worker import run_worker
from tests.config.chores import write_line

JOBS = 24


def main() -> None:
    word, folder = sys.argv[1:]
    if word == "prepare":
        call_command("migrate", verbosity=0)
        for number in range(JOBS):
            write_line.enqueue(folder, number)
    elif word == "work":
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        run_worker(stop, slots=2)
    else:
        states = Job.objects.filter(task__endswith="write_line").values_list("status", flat=True)
        print(sorted(set(states)), len(states))


if __name__ == "__main__":
    main()
