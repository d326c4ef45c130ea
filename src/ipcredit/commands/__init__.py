"""The commands, one module each with its ``app``; :mod:`ipcredit.cli` loads the one that is run.

A module here is named as its command or group of commands.  It may import at its top whatever
it always needs: nothing of it is loaded for another command.  A new one is this module and its
line in :data:`ipcredit.cli.COMMANDS`; ``app`` comes from :func:`ipcredit.cli_options.command_app`
or, for a group, :func:`ipcredit.cli_options.group_app`.
"""
