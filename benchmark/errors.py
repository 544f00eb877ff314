"""The errors that end a command, each with a sentence for the person at the keyboard."""


class FnbenchError(Exception):
    """Base of all: its message says what was given, what is allowed and what to do."""

    exit_code = 1


class UsageError(FnbenchError):
    """An option, a name or a folder that cannot be used."""

    exit_code = 2


class PluginError(UsageError):
    """A plugin that breaks the contract; the message names its file and what is missing."""


class NothingSelectedError(FnbenchError):
    """The selection is valid and empty."""

    exit_code = 5


class StoreError(FnbenchError):
    """Results could not be written; what was there before is whole."""


class FewerSeedsError(StoreError):
    """A record of another make would replace one that has more seeds; that one is left as it is."""


class CheckFailedError(FnbenchError):
    """A check found something wrong: a stale file or a plugin that breaks the contract."""


class ClusterError(FnbenchError):
    """A cluster that cannot be reached, was lost, or has no worker that can run cells; what is finished is kept."""
