"""The one kind of error a user sees: what is wrong, how many, where, and what to do."""

from __future__ import annotations


class SarcregError(Exception):
    """A user's mistake or a fault in what was delivered; printed as one message, never as a traceback.

    exit_code: as agreed in the command line's contract (1 nothing published, 2 usage or configuration).
    """

    exit_code = 1


class ConfigurationError(SarcregError):
    """Something people wrote (registry.yaml, centre.yaml, a map, a command's words) cannot be used."""

    exit_code = 2


class ExportRefused(SarcregError):
    """A structural fault in one centre's export: it is refused, and that centre's last good one kept."""
