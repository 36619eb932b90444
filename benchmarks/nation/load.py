"""``python -m nation.load``: fill the database; the last word printed is how many seconds it took."""

import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402

from nation.generate import analyse, generate  # noqa: E402


def main() -> None:
    began = time.perf_counter()
    generate(settings.NATION_OFFICERS, say=lambda words: print(words, file=sys.stderr, flush=True))
    analyse()
    print(f"{time.perf_counter() - began:.1f}")


main()
