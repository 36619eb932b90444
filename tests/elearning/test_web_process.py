"""What a web process does once, so that no page has to."""

import subprocess
import sys

from django.conf import settings

LOOK = "import gc, elearning.wsgi; print(gc.get_freeze_count(), len(gc.get_objects()))"


def test_what_was_loaded_at_the_start_is_never_looked_through_for_garbage_again():
    said = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=settings.BASE_DIR, capture_output=True, check=True, text=True
    )

    set_aside, left = (int(number) for number in said.stdout.split())

    assert set_aside > 100_000
    assert left < set_aside / 20
