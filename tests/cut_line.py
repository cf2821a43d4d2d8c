"""A TCP line that can be cut, stalled and healed, and that counts what goes over it."""

import contextlib
import socket
import struct
import threading

CHUNK = 16_384


class CutLine:
    """From `port` on this machine to whatever port `there()` says. Open at first."""

    def __init__(self, there):
        self.there = there
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.changed = threading.Condition()
        self.state, self.sockets = "open", set()
        self.bytes = {"up": 0, "down": 0}
        self.cuts_at = {}  # the direction, and its count of bytes at which the line is cut
        self.loses, self.to_lose, self.resets = b"", 0, 0
        self.doomed = set()  # far ends whose next answer is lost
        threading.Thread(target=self.accept, daemon=True).start()

    def cut_after(self, direction, more):
        """In the midst of whatever is then on its way."""
        self.cuts_at[direction] = self.bytes[direction] + more

    def lose_answers(self, asked, count):
        """What has `asked` in it comes through and is done; its answer is a reset. The next `count` times."""
        with self.changed:
            self.loses, self.to_lose = asked, count

    def cut(self):
        self.change("cut")

    def stall(self):
        """Nothing comes through, and nobody is told."""
        self.change("stalled")

    def heal(self):
        """Who waited has to come again."""
        self.change("open")

    def change(self, state):
        with self.changed:
            self.state = state
            lost, self.sockets = (self.sockets, set()) if state != "stalled" else (set(), self.sockets)
            self.changed.notify_all()
        for one in lost:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.connect, args=(near,), daemon=True).start()

    def connect(self, near):
        try:
            if self.state == "cut":
                raise OSError("cut")
            far = socket.create_connection(("127.0.0.1", self.there()), timeout=5)
            far.settimeout(None)
        except OSError:
            near.close()
            return
        with self.changed:
            self.sockets |= {near, far}
        for one, other, direction in ((near, far, "up"), (far, near, "down")):
            threading.Thread(target=self.pump, args=(one, other, direction), daemon=True).start()

    def reset(self, near, far):
        self.resets += 1
        self.doomed.discard(far)
        self.sockets -= {near, far}
        near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        near.shutdown(socket.SHUT_RD)  # who reads from it lets it go, and so it is closed now
        near.close()
        far.close()

    def pump(self, one, other, direction):
        with contextlib.suppress(OSError):
            while data := one.recv(CHUNK):
                with self.changed:
                    self.bytes[direction] += len(data)
                    is_cut = self.bytes[direction] >= self.cuts_at.get(direction, self.bytes[direction] + 1)
                    self.changed.wait_for(lambda: self.state != "stalled" or one not in self.sockets)
                    if one not in self.sockets:
                        break
                    if direction == "up" and self.to_lose and self.loses in data:
                        self.to_lose -= 1
                        self.doomed.add(other)
                    elif one in self.doomed:
                        self.reset(other, one)
                        return
                if is_cut:
                    self.cuts_at.pop(direction)
                    other.sendall(data[:len(data) // 2])
                    self.cut()
                    break
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            with self.changed:
                self.sockets.discard(end)
