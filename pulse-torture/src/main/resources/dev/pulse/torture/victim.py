"""A Python worker made to be killed: runs as many milliseconds as the payload says. Arguments: name, journal."""

import logging
import os
import sys
import time

from pulse_worker import Worker

NAME, JOURNAL = sys.argv[1], os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

worker = Worker(name=NAME, slots=4, lease=3)


@worker.handles("torture")
def run(job):
    os.write(JOURNAL, ("%s %d %s\n" % (job.id, job.attempt, NAME)).encode())
    time.sleep(job.payload / 1000)


logging.basicConfig(level=logging.INFO, stream=sys.stdout)
print("victim ready", flush=True)
worker.run()
print("victim done", flush=True)
