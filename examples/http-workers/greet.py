#!/usr/bin/env python3
"""Greets: curl -X POST localhost:8080/jobs -d '{"type":"greet","payload":{"name":"Ada"}}'"""

import logging

from pulse_worker import Worker, dead_letter, retry

worker = Worker(slots=8)


@worker.handles("greet")
def greet(job):
    if "name" not in job.payload:
        raise dead_letter("nobody to greet")
    if job.stopped.wait(job.payload.get("seconds", 0)):
        raise retry("1s", "was interrupted")
    print("hello", job.payload["name"], flush=True)
    return {"greeted": job.payload["name"]}


logging.basicConfig(level=logging.INFO)
worker.run()
