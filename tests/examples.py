"""How many examples a property test tries. ``EXAMPLES=20 make test`` tries twenty times as many."""

import os

_TIMES = int(os.environ.get("EXAMPLES", "1"))


def examples(number: int) -> int:
    return number * _TIMES
