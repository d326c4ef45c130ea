"""The commands, one module each with its ``app``; :mod:`ipcredit.cli` loads the one that is run.

A module here is named as its command.  It may import at its top whatever the command always
needs: nothing of it is loaded for another command.
"""
