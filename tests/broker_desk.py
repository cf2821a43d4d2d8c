"""A broker that things are said to, for broker_input_test.py and broker_http_test.py."""

import atexit
import contextlib
import http.client
import json
import os
import resource
import signal
import subprocess
import time

from deployment import ROOT, Deployment, Unix, ask, left_over

PATIENCE_S = 5  # within which a broker that is well answers, on a machine that has other things to do
FILES = 1024  # what systemd and most shells give a program; it may ask for more
NEVER_RUNS = {"command": ["true"], "held": 1}


def bounded(what, most):
    return lambda: resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


class Desk(Deployment):
    """A broker, what is said to it, and what was wrong with its answers."""

    def __init__(self, program, folder):
        super().__init__(program, folder, 1)
        self.problems, self.checks = [], 0

    def open(self, what=resource.RLIMIT_NOFILE, most=FILES):
        self.begin(preexec_fn=bounded(what, most))
        atexit.register(self.broker.kill)
        assert self.heard(), self.log()

    def log(self):
        return (self.folder / "broker.log").read_text()[-300:]

    def expect(self, good, claim, said):
        self.checks += 1
        if not good:
            self.problems.append(f"{claim}\n    it said: {str(said)[:300]!r}")

    def survives(self, after):
        """It answers after this, or is begun anew."""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            if self.tell("GET", "/v1/health")[0] == 200:
                return self.expect(True, "", "")
        time.sleep(0.2)
        dead = self.broker.poll()
        how = "hangs" if dead is None else f"died of signal {-dead}" if dead < 0 else f"ended with {dead}"
        self.expect(False, f"{after}: the broker {how}", self.log().splitlines()[-1])
        self.kill()
        self.open()

    def run(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, errors="surrogateescape", timeout=60,
                              env={**os.environ, "HINTERLAND_BROKER": str(self.socket)})

    def submit(self, *words):
        taken = self.run("submit", *words)
        self.expect(taken.returncode in (0, 1) and taken.stdout.startswith("job "), f"submit {words!r:.80} is taken", taken.stderr)
        return int(taken.stdout.split()[1]) if taken.stdout.startswith("job ") else 0

    def refuses(self, words, *parts):
        """Exit status 2, and each part is in what it says; `a|b` is one or the other."""
        answer = self.run(*words)
        self.named(answer.returncode == 2, f"{words!r:.80} is refused with status 2 (got {answer.returncode})", answer.stderr, parts)

    def named(self, good, claim, said, parts):
        missing = [part for part in parts if not any(word in said for word in part.split("|"))]
        self.expect(good and not missing, f"{claim}, naming {', '.join(parts)}", said)

    def tell(self, method, target, body=None):
        """The status and the text of the answer; 0 and why there is none."""
        connection = Unix(self.socket)
        try:
            connection.connect()
            connection.sock.settimeout(PATIENCE_S)
            data = json.dumps(body) if isinstance(body, dict) else body
            connection.request(method, target, body=data)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="surrogateescape")
        except (OSError, http.client.HTTPException) as trouble:
            return 0, repr(trouble)
        finally:
            connection.close()

    def denies(self, body, *parts):
        """400, or 404 for what is not there; and each part is in what it says."""
        got, said = self.tell("POST", "/v1/jobs", body)
        self.named(got in (400, 404), f"{body!r:.90} is refused (got {got})", said, parts)

    def takes(self, body):
        got, said = self.tell("POST", "/v1/jobs", body)
        self.expect(got == 201, f"{body!r:.90} is taken", said)
        return json.loads(said)["job"] if got == 201 else 0

    def job(self, number):
        return json.loads(self.tell("GET", f"/v1/jobs/{number}?tasks=0")[1])

    def ends(self, number, state, seconds=10):
        """Waits until it is over, and it is over so."""
        until = time.time() + seconds
        while (now := self.job(number)["state"]) in ("queued", "running", "held") and now != state and time.time() < until:
            time.sleep(0.02)
        self.expect(now == state, f"job {number} {self.job(number)['command']!s:.90} is {state}", now)

    def fails(self, body, *parts):
        """It is taken, fails, and its log says why."""
        number = self.takes(body)
        self.ends(number, "failed")
        said = self.tell("GET", f"/v1/jobs/{number}/log?stream=stderr")[1]
        self.named(True, f"the log of job {number}, {body!r:.90}, says why it failed", said, parts)
        return number


def stops(desk, stay):
    desk.expect(desk.tell("GET", "/v1/health")[0] == 200, "after everything it answers", desk.log())
    desk.broker.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        desk.broker.wait(20)  # a call on a line that is dead may take 15 s
    desk.expect(desk.broker.poll() == 0, f"SIGTERM ends it with 0, beside {len(stay)} open connections", desk.broker.poll())
    desk.kill()
    sound = desk.run("journal", "check", str(desk.journal))
    desk.expect(sound.returncode == 0 and "sound" in sound.stdout, "its journal is sound", sound.stdout + sound.stderr)
    desk.expect(not (orphans := left_over(desk.folder)), "no process of a task is left", orphans)


def run_parts(desk, parts):
    """One after the other, whatever becomes of the broker."""
    for part in parts:
        try:
            part(desk)
        except (OSError, ValueError, LookupError, http.client.HTTPException) as trouble:  # the broker is gone
            desk.expect(False, f"{part.__name__} comes to its end", repr(trouble))
        desk.survives(f"after {part.__name__}")


def verdict(*desks):
    problems = [problem for desk in desks for problem in desk.problems]
    print(*problems, f"{sum(desk.checks for desk in desks)} checks, {len(problems)} problems", sep="\n")
    return 1 if problems else 0
