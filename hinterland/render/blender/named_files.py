"""Which files a name that a scene holds stands for: one, the frames of a sequence, the tiles of a texture, a list, or a folder.

Each kind has
    folder      from where the names of its files count: they stay together, as they are called, wherever they are placed
    is_one_of   whether a path is one of its files; asks no disk, so it may speak of another machine's
    needed()    the files that a render asks for, there or not
    present()   those of its files that are there

Paths are absolute and normal, as resolve() gives them.
"""

import os
import re


def resolve(stored, base):
    """What Blender 3.4 on Unix reads for a path as a file of the folder `base` has it: `//` is that folder, `\\` is `/`, and
    `C:\\x` is `/c/x`."""
    if stored.startswith("//"):
        stored = f"{base.rstrip('/')}/{stored[2:]}"
    elif re.match(r"[A-Za-z]:[\\/]", stored):
        stored = f"/{stored[0].lower()}{stored[2:]}"
    return os.path.abspath(stored.replace("\\", "/"))


def files_below(folder):
    return [os.path.join(where, name) for where, _, names in os.walk(folder) for name in names]


class OneFile:
    def __init__(self, path):
        self.path, self.folder = path, os.path.dirname(path)

    def is_one_of(self, path):
        return path == self.path

    def needed(self):
        return [self.path]

    def present(self):
        return [self.path] if os.path.isfile(self.path) else []


class Frames:
    """sea_0001.exr: the last digits before the extension are a number, with more of them where it needs more.

    `needed` are the numbers a render asks for; `most` those it could ask for at any frame, or None where nobody knows.
    """

    def __init__(self, path, needed=(), most=None):
        self.path, self.folder = path, os.path.dirname(path)
        self.numbers, self.most = needed, most
        stem, self.extension = os.path.splitext(os.path.basename(path))
        parts = re.fullmatch(r"(.*?)(\d+)(\D*)", stem)
        self.head, digits, self.tail = parts.groups() if parts else (stem, "", "")
        self.digits = len(digits)

    def number(self, path):
        """Which of the frames a path is; None if it is none."""
        pattern = re.escape(self.head) + r"(-?\d+)" + re.escape(self.tail + self.extension)
        here = re.fullmatch(pattern, os.path.basename(path)) if os.path.dirname(path) == self.folder else None
        number = int(here[1]) if here and self.digits else None
        return number if number is not None and self.frame(number) == path else None

    def frame(self, number):
        sign = "-" if number < 0 else ""
        return os.path.join(self.folder, f"{self.head}{sign}{abs(number):0{self.digits}}{self.tail}{self.extension}")

    def is_one_of(self, path):
        return path == self.path or self.number(path) is not None

    def needed(self):
        if self.numbers and self.digits:
            return [self.frame(number) for number in self.numbers]
        return [] if self.present() else [self.path]

    def present(self):
        if not self.digits:
            return OneFile(self.path).present()
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        paths = [os.path.join(self.folder, name) for name in names]
        numbers = {path: self.number(path) for path in paths if os.path.isfile(path)}
        return [path for path, n in numbers.items() if n is not None and (self.most is None or n in self.most)]


class Tiles:
    """wall.<UDIM>.png is wall.1001.png and on, ten to a row; wall.<UVTILE>.png the same tiles as u1_v1 and on."""

    def __init__(self, path, numbers):
        self.path, self.folder, self.numbers = path, os.path.dirname(path), numbers
        name = re.escape(os.path.basename(path))
        self.name = re.compile(name.replace("<UDIM>", r"\d{4}").replace("<UVTILE>", r"u\d+_v\d+"))

    def tile(self, number):
        row, column = divmod(number - 1001, 10)
        return self.path.replace("<UDIM>", str(number)).replace("<UVTILE>", f"u{column + 1}_v{row + 1}")

    def is_one_of(self, path):
        return os.path.dirname(path) == self.folder and self.name.fullmatch(os.path.basename(path)) is not None

    def needed(self):
        return [self.tile(number) for number in self.numbers]

    def present(self):
        return [path for path in self.needed() if os.path.isfile(path)]


class Listed:
    """Files of one folder, by their names."""

    def __init__(self, folder, names):
        self.path, self.folder, self.names = folder, folder, names

    def is_one_of(self, path):
        return path in self.needed()

    def needed(self):
        return [os.path.join(self.folder, name) for name in self.names]

    def present(self):
        return [path for path in self.needed() if os.path.isfile(path)]


class Folder:
    """All below it. A render that asks for it (`needed`) misses it if nothing is there."""

    def __init__(self, path, needed=True):
        self.path, self.folder, self.is_needed = path, path, needed

    def is_one_of(self, path):
        return path.startswith(self.folder + os.sep)

    def needed(self):
        return [] if self.present() or not self.is_needed else [self.path]

    def present(self):
        return files_below(self.folder)
