"""One run of the program `hinterland` on a copy of the open scene, one at a time."""

import os
import signal
import subprocess
import tempfile

import bpy

from .scene_copy import save_copy


class NotBegun(Exception):
    """Why the program could not be begun."""


class Errand:
    last = None  # the one that runs, or ran last

    def __init__(self, program, words):
        scene = save_copy()
        self.program, self.log = program, tempfile.TemporaryFile()  # noqa: SIM115, it is as long-lived as this
        self.process = subprocess.Popen([program, "render", scene, *words], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        cwd=os.path.dirname(bpy.data.filepath) or None)

    @classmethod
    def is_running(cls):
        return cls.last is not None and cls.last.process.poll() is None

    @classmethod
    def begin(cls, program, words):
        if cls.is_running():
            raise NotBegun("It is at work on a scene already")
        try:
            cls.last = cls(program, words)
        except (OSError, RuntimeError, ValueError) as error:
            raise NotBegun(f"{program}: {error}; the add-on's preferences say which program it is") from error

    def said(self):
        """All of it; read where it lies, for the program's next words go where the file's position is."""
        return os.pread(self.log.fileno(), os.fstat(self.log.fileno()).st_size, 0).decode(errors="replace")

    def wait(self):
        """Its exit status."""
        return self.process.wait()

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
