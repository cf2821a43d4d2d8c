"""A PostgreSQL server of a test's own: in a folder, on a socket there, gone at the end."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

NOBODY = 65534
AS_NOBODY = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]  # it does not run as root


def programs():
    """Its folder; ends the test where there is none: as skipped, or as failed where nothing may skip."""
    found = sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found and Path("/usr/bin/setpriv").exists():
        return found[-1]
    print("skipped: there is no PostgreSQL server here (or no setpriv)")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)


class Server:
    def __init__(self, folder):
        self.programs, self.folder = programs(), Path(folder)
        self.folder.mkdir()
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)

    def __enter__(self):
        data = str(self.folder / "data")
        self.spawn("initdb", "-D", data, "-U", "hl", "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8").wait()
        self.server = self.spawn("postgres", "-D", data, "-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}")
        for _ in range(100):
            if self.sql("SELECT 1").returncode == 0:
                return self
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait()

    def spawn(self, program, *words):
        """Ends with this process, whatever becomes of that."""
        user = AS_NOBODY if os.geteuid() == 0 else []
        log = (self.folder / "log").open("ab")
        return subprocess.Popen(["/usr/bin/setpriv", "--pdeathsig", "QUIT", *user, str(self.programs / program), *words],
                                cwd="/", stdout=log, stderr=log)

    def sql(self, text, database="postgres"):
        return subprocess.run([str(self.programs / "psql"), "-XAt", "-h", str(self.folder), "-U", "hl", "-d", database, "-c", text],
                              capture_output=True, text=True, cwd="/")

    def url(self, database, folder=None):
        return f"postgresql://hl@/{database}?host={folder or self.folder}"


class Wire:
    """A way to the server that can be cut: then nothing more comes through, and nobody is told."""

    def __init__(self, server, folder):
        self.to, self.folder, self.open = str(server.folder / ".s.PGSQL.5432"), Path(folder), True
        self.folder.mkdir()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / ".s.PGSQL.5432"))
        self.listener.listen()
        self.kept = []  # so that nothing is closed
        threading.Thread(target=self.accept, daemon=True).start()

    def cut(self):
        self.open = False

    def mend(self):
        """For whoever comes anew: what was cut stays so."""
        self.open = True

    def accept(self):
        while True:
            here = self.listener.accept()[0]
            self.kept.append(here)
            if not self.open:
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(self.to)
            self.kept.append(there)
            for a, b in ((here, there), (there, here)):
                threading.Thread(target=self.carry, args=(a, b), daemon=True).start()

    def carry(self, a, b):
        try:
            while (data := a.recv(65536)) and self.open:
                b.sendall(data)
            if self.open:
                b.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
