"""The states of a run and of its chunks. Pure."""

from enum import StrEnum


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ChunkState(StrEnum):
    """Where a chunk stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


UNFINISHED = (RunState.QUEUED, RunState.RUNNING)
STOPPED = (RunState.FAILED, RunState.CANCELLED)
