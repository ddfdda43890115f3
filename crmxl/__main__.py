"""`python -m crmxl` is the command `crmxl`."""

from crmxl.cli import run

run()
