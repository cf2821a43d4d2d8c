"""Days of a real broker over three parts of this machine, for replay_days_test.py and whoever makes journals to be run again.

Tasks sleep, which a busy machine does not stretch, for a time that follows from their number; servers are rented at a high price, so
that a second of one is not lost in the rounding of bills to millionths.
"""

import time

from broker_desk import Desk
from deployment import ask, until

SITES = """policy = "{policy}"
queue = "fair"
lease_s = 20
lost_after_s = 30
[pools.shanghai]
site = "metro-shanghai"
cores = 3
basis = "rented"
rate_per_server_hour = 2400
[pools.guian]
site = "guian"
cores = 4
basis = "rented"
rate_per_server_hour = 1800
[pools.zhongwei]
site = "zhongwei"
cores = 2
basis = "rented"
rate_per_server_hour = 2000
[work.frames]
class = "film-render"
from = "shanghai"
[projects.film]
share = 2
[projects.lab]
"""

# Milliseconds of a task: from `base` on, in steps of 50 ms over two seconds.
TASK = ("ms=$(( {base} + (HINTERLAND_TASK * {step} + {first}) % 40 * 50 )); "
        "exec /usr/bin/sleep $(( ms / 1000 )).$(printf '%03d' $(( ms % 1000 )))")


class Day:
    """A broker in a folder of its own, and what is submitted to it."""

    def __init__(self, program, folder, policy="least-loaded"):
        folder.mkdir()
        self.desk = Desk(program, folder)
        self.desk.sites = folder / "sites.toml"
        self.desk.sites.write_text(SITES.format(policy=policy), encoding="utf-8")
        self.desk.open()
        self.jobs = []

    def submit(self, tasks, seed, project="film", base=1200, **more):
        command = TASK.format(step=7 + seed % 5, first=seed % 40, base=base)
        body = {"command": ["/bin/sh", "-c", command], "tasks": tasks, "hours": 0.002, "project": project, "class": "frames",
                "environment": ["PATH=/usr/bin:/bin"], **more}
        status, answer = ask(self.desk.socket, "POST", "/v1/jobs", body)
        self.desk.expect(status == 201, f"job {len(self.jobs)} is taken", answer)
        self.jobs.append(answer.get("job", 0))
        return answer.get("job", 0)

    def wave(self, seeds, pause, **more):
        """Bursts, as whoever renders sends them: more tasks at once than there are cores, and a while until the next."""
        for seed in seeds:
            self.submit(8 + seed % 5, seed, project="lab" if seed % 3 == 0 else "film", **more)
            self.submit(3 + seed % 3, seed + 7, project="film", **more)
            time.sleep(pause)

    def ends(self, seconds=60):
        def over():
            return all(job["state"] in ("done", "failed", "cancelled") for job in ask(self.desk.socket, "GET", "/v1/jobs")[1]["jobs"])
        self.desk.expect(until(over, seconds), "the day ends", self.desk.log())
        self.desk.stop()
