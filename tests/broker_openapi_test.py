#!/usr/bin/python3
"""What schemathesis makes of /openapi.json: requests that fit it and requests that do not, each answered as it says.

    broker_openapi_test.py PROGRAM SCHEMATHESIS
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from broker_desk import stops, verdict
from network_desk import NetworkDesk

EXAMPLES = os.environ.get("HINTERLAND_EXAMPLES", "25")  # of each request
LEFT_OUT = ("/v1/events",)  # it does not end: broker_network_test.py listens to it
# A schema cannot say which classes and projects a broker has, nor what hash some bytes have: what fits it may be refused.
NOT_HELD_TO = "positive_data_acceptance"


def main():
    program, schemathesis = str(Path(sys.argv[1]).resolve()), str(Path(sys.argv[2]).absolute())
    if not Path(schemathesis).exists():
        print("skipped: schemathesis is not installed")
        return 1 if os.environ.get("HINTERLAND_NO_SKIP") else 77
    with tempfile.TemporaryDirectory(prefix="hinterland-openapi-") as folder:
        desk = NetworkDesk(program, folder)
        desk.open()
        desk.submit("--held", "--", "true")
        for pool in json.loads(desk.tell("GET", "/v1/pools")[1])["pools"]:
            desk.run("drain", pool["name"])  # a million tasks of its making need not be tried
        ran = subprocess.run([schemathesis, "--no-color", "run", f"https://localhost:{desk.port}/openapi.json", "--tls-verify", str(desk.folder / "cert.pem"),
                              "--header", f"Authorization: Bearer {desk.tokens['operator']}", "--max-examples", EXAMPLES, "--seed", "1", "--request-timeout", "60", "--phases",
                              "examples,coverage,fuzzing", "--exclude-checks", NOT_HELD_TO, *(word for path in LEFT_OUT for word in ("--exclude-path", path))],
                             capture_output=True, text=True, timeout=800, check=False, cwd=folder)
        desk.expect(ran.returncode == 0, "schemathesis finds nothing", "")
        print(ran.stdout[-60000:], ran.stderr[-2000:])
        desk.survives("after schemathesis")
        stops(desk, [])
    return verdict(desk)


if __name__ == "__main__":
    sys.exit(main())
