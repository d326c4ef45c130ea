"""Run the command line: ``python -m ipcredit``."""

from ipcredit.cli import main

main()
