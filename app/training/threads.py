"""How many processor threads torch takes."""

import torch


def use_threads(count: int) -> None:
    """Let torch use count threads; 0 leaves it the number of cores."""
    if count:
        torch.set_num_threads(count)
