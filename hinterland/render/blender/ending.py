"""How a script ends the Blender that runs it."""

import contextlib
import os
import sys

import bpy


def end(main):
    """With the status that `main` gives for the words after `--`. Blender leaves its temporary folder behind when a script ends it."""
    try:
        status = main(sys.argv[sys.argv.index("--") + 1:] if "--" in sys.argv else [])
    except SystemExit as wrong_words:  # argparse's
        status = wrong_words.code
    with contextlib.suppress(OSError):
        os.rmdir(bpy.app.tempdir)
    sys.exit(status)
