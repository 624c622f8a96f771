"""A worker for Pulse over plain HTTP. Needs Python 3.8 or newer and its standard library, nothing else.

    from pulse_worker import Worker

    worker = Worker(slots=8)

    @worker.handles("send-email")
    def send_email(job):
        return {"sent_to": job.payload["to"]}     # the job's result; an exception is a failure and retried

    worker.run()                                  # until SIGTERM or SIGINT, then drains

Copy this file into your program. It claims by long poll, keeps its lease by heartbeats on a thread of their own, repeats
each report until it is answered, honours cancel and drain, and comes back by itself when the server was away.
"""

import base64
import http.client
import json
import logging
import os
import queue
import random
import re
import signal
import socket
import threading
import time
import traceback
import urllib.error
import urllib.request

LOG = logging.getLogger("pulse")

POLL = 20  # seconds that a claim waits for work; the server allows 30
CALL = 10  # seconds that any call may take beyond that
LONGEST_PAUSE = 5  # seconds between two tries at most


class Ended(Exception):
    """What a handler raises to end its attempt otherwise than by returning (ack) or by failing."""

    def __init__(self, outcome, **fields):
        super().__init__(outcome)
        self.report = {"outcome": outcome, **fields}


def drop():
    """The job needs no work: completed, without a result."""
    return Ended("drop")


def retry(after, reason="asked to be retried"):
    """Again after a while, such as "5m"; charged as an attempt."""
    return Ended("retry", after=after, reason=reason)


def snooze(after):
    """Later, such as "1h"; charges nothing."""
    return Ended("snooze", after=after)


def dead_letter(reason):
    """No retry can help; a person has to look."""
    return Ended("dead_letter", reason=reason)


def canceled():
    """Confirms that the handler stopped because of job.stopped."""
    return Ended("canceled")


class Job:
    """One attempt of one job, as a handler sees it."""

    def __init__(self, session, facts):
        self.session = session
        self.token = facts["token"]
        self.id = facts["id"]
        self.type = facts["type"]
        self.attempt = facts["attempt"]
        self.headers = facts["headers"]
        self.tags = facts["tags"]
        self.payload = base64.b64decode(facts["payload_base64"]) if "payload_base64" in facts else facts["payload"]
        self.timeout = seconds(facts["timeout"])
        self.stopped = threading.Event()  # canceled, timed out, or the lease is lost: nobody waits for the work any more
        self.reported = False


class Refused(Exception):
    """The server has answered no, and would say so again."""

    def __init__(self, status, detail):
        super().__init__("%d %s" % (status, detail))
        self.status = status


class Unavailable(Exception):
    """No answer, or one that asks to come again."""

    def __init__(self, reason, after=0):
        super().__init__(reason)
        self.after = after


class Worker:
    """Works on the types that it has handlers for, each job on a thread of its own, at most `slots` at once.

    The environment says where and as whom: PULSE_URL (http://localhost:8080), and PULSE_API_KEY or PULSE_USER with
    PULSE_PASSWORD. `lease` and `drain` are seconds: how long the jobs of a worker that died stay its own, and how long
    running jobs may take after SIGTERM before they are handed back.
    """

    def __init__(self, url=None, name=None, slots=4, queues=(), lease=30, drain=25):
        self.url = (url or os.environ.get("PULSE_URL", "http://localhost:8080")).rstrip("/")
        self.name = name or "%s/%d" % (socket.gethostname(), os.getpid())
        self.slots, self.queues, self.lease, self.drain = slots, list(queues), lease, drain
        self.handlers = {}
        self._changed = threading.Condition()  # guards all that follows
        self._held = {}  # by token: granted, and not yet answered for
        self._busy = 0  # handlers at work, those included that nobody waits for any more
        self._session = None
        self._renewed = 0.0  # when its lease was, for certain
        self._leaving = False  # the server is: it grants nothing more
        self._stopping = False
        self._signals = queue.SimpleQueue()  # its put may be called by a signal's handler

    def handles(self, job_type):
        def register(handler):
            self.handlers[job_type] = handler
            return handler

        return register

    def run(self):
        """Works until SIGTERM, SIGINT or stop(); returns when all is done or handed back. A second signal hurries it."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        for loop in (self._claim_loop, self._heartbeat_loop):
            threading.Thread(target=loop, daemon=True).start()
        trouble = self._signals.get()
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        hurry = time.monotonic() + self.drain
        while (self._busy or self._held) and time.monotonic() < hurry and self._signals.empty():
            with self._changed:
                self._changed.wait(0.2)
        if self._session:
            try:
                self._call("DELETE", "/sessions/" + self._session)  # hands back whatever is still held
            except (Refused, Unavailable) as e:
                LOG.warning("the session lapses by itself: %s", e)
        if trouble:
            raise SystemExit("pulse worker: %s" % trouble)

    def stop(self, trouble=None):
        self._signals.put(trouble)

    # The claimer: one long poll at a time, for as many jobs as there are free slots.

    def _claim_loop(self):
        tries = 0
        while self._await_free_slot():
            session = self._session
            try:
                if session is None:
                    session = self._open()
                free = self.slots - self._busy
                granted = self._call("POST", "/sessions/%s/claim" % session, {"max": free, "wait": "%ds" % POLL}, POLL)
                for facts in granted["jobs"]:
                    self._start(Job(session, facts))
                tries = 0
            except Refused as e:
                if not self._lost(session, e):
                    return
            except Unavailable as e:
                LOG.info("claim: %s", e)
                tries += 1
                time.sleep(pause(tries, e.after))

    def _await_free_slot(self):
        with self._changed:
            while not self._stopping and (self._leaving or self._busy >= self.slots):
                self._changed.wait()
            return not self._stopping

    def _open(self):
        wanted = {"worker": self.name, "types": sorted(self.handlers), "slots": self.slots, "lease_ttl": "%ds" % self.lease}
        if self.queues:
            wanted["queues"] = self.queues
        asked = time.monotonic()
        session = self._call("POST", "/sessions", wanted)["session_id"]
        LOG.info("session %s", session)
        with self._changed:
            self._session, self._renewed, self._leaving = session, asked, False
        return session

    def _lost(self, session, why):
        """The session ended, so its jobs are not ours any more: their reports will be answered stale. Says whether it is
        that; any other refusal would be the same again, and stops the worker."""
        if isinstance(why, Refused) and (session is None or why.status not in (404, 409)):
            self.stop(why)
            return False
        LOG.warning("session %s is lost: %s", session, why)
        with self._changed:
            if self._session == session:
                self._session, self._leaving = None, False
                self._changed.notify_all()
            for job in self._held.values():
                if job.session == session:
                    job.stopped.set()
        return True

    # One job: its handler, and a report that is repeated until it is answered.

    def _start(self, job):
        with self._changed:
            self._held[job.token] = job
            self._busy += 1
        threading.Thread(target=self._work, args=[job], daemon=True).start()

    def _work(self, job):
        self._report(job, {"outcome": "release"} if self._stopping else self._handle(job))
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def _handle(self, job):
        clock = threading.Timer(job.timeout or 0, self._timed_out, [job])
        clock.daemon = True
        if job.timeout:
            clock.start()
        try:
            result = self.handlers[job.type](job)
            json.dumps(result, allow_nan=False)  # what is no JSON is the handler's failure
            return {"outcome": "ack"} if result is None else {"outcome": "ack", "result": result}
        except Ended as e:
            return e.report
        except BaseException as e:
            return failure("fail", e)
        finally:
            clock.cancel()

    def _timed_out(self, job):
        job.stopped.set()
        self._report(job, failure("timeout", TimeoutError("ran longer than %gs" % job.timeout)))

    def _report(self, job, report):
        with self._changed:
            if job.reported:
                return  # its timeout was quicker, or the handler was
            job.reported = True
        tries = 0
        while True:
            said = {"id": job.id, "token": job.token, **report}
            try:
                answer = self._call("POST", "/sessions/%s/report" % job.session, {"reports": [said]})
                if answer["items"][0]["answer"] != "applied":
                    LOG.warning("job %s attempt %d: %s", job.id, job.attempt, answer["items"][0]["answer"])
                break
            except Refused as e:
                LOG.error("job %s attempt %d: report refused: %s", job.id, job.attempt, e)
                if report["outcome"] == "fail":
                    break  # the lease ends the attempt
                report = failure("fail", e)
            except Unavailable as e:
                tries += 1
                LOG.info("report: %s", e)
                time.sleep(pause(tries, e.after))
        with self._changed:
            del self._held[job.token]
            self._changed.notify_all()

    # Heartbeats, on a thread of their own: a lease never depends on how long a handler or a claim takes.

    def _heartbeat_loop(self):
        rest = 0
        while True:
            time.sleep(rest)
            rest = min(1, self.lease / 3)
            with self._changed:
                session = self._session
                held = {token: job for token, job in self._held.items() if job.session == session}
            if session is None:
                continue
            try:
                asked = time.monotonic()
                answer = self._call("POST", "/sessions/%s/heartbeat" % session, {"held": list(held)})
                for job in held.values():
                    if job.id in answer["cancel"]:
                        job.stopped.set()
                with self._changed:
                    self._renewed, self._leaving = asked, answer["drain"]
                    self._changed.notify_all()
                if not answer["drain"]:  # else soon again, to notice that another server has taken its place
                    rest = self.lease / 3
            except Refused as e:
                if not self._lost(session, e):
                    return
            except Unavailable as e:
                LOG.info("heartbeat: %s", e)
                if time.monotonic() > self._renewed + self.lease:
                    self._lost(session, "no heartbeat was answered for %gs" % self.lease)

    def _call(self, method, path, body=None, wait=0):
        request = urllib.request.Request(self.url + path, method=method, headers=credentials())
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=wait + CALL) as response:
                return json.load(response)
        except urllib.error.HTTPError as e:
            with e:
                text = e.read(10_000).decode("utf-8", "replace")
                after = e.headers.get("Retry-After", "")
            if 400 <= e.code < 500 and e.code not in (408, 429):
                raise Refused(e.code, text) from None
            raise Unavailable("%d %s" % (e.code, text), int(after) if after.isdigit() else 0) from None
        except (OSError, http.client.HTTPException, ValueError) as e:
            raise Unavailable("%s: %s" % (self.url, e)) from None


def credentials():
    key, user = os.environ.get("PULSE_API_KEY"), os.environ.get("PULSE_USER")
    if key:
        return {"Authorization": "Bearer " + key}
    if user:
        pair = "%s:%s" % (user, os.environ.get("PULSE_PASSWORD", ""))
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    return {}


def failure(outcome, error):
    stack = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return {"outcome": outcome, "error": {"type": type(error).__name__, "message": str(error), "stack": stack}}


def pause(tries, asked):
    """Seconds before the next try: as the server asked, else longer each time, and never all workers at once."""
    return max(asked, min(LONGEST_PAUSE, 0.1 * 2 ** min(tries, 10))) * random.uniform(0.7, 1)


def seconds(text):
    """A duration as Pulse writes it, such as 1h30m; None for none."""
    unit = {"d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}
    return sum(float(n) * unit[u] for n, u in re.findall(r"([\d.]+)(ms|[dhms])", text)) if text else None
