"""``python -m kefu`` is ``kefu``."""

from kefu.cli.main import run

run()
