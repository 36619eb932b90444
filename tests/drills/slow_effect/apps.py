"""An outbox effect that says when it began and waits to be killed the first time."""

import time
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class SlowEffectConfig(AppConfig):
    name = "tests.drills.slow_effect"
    label = "slow_effect"

    def ready(self):
        from foundation import audit, outbox

        @outbox.handles("drill.effect")
        def effect(payload):
            from django.utils import timezone

            began = Path(settings.VAR_DIR) / "began"
            if not began.exists():
                began.touch()
                time.sleep(60)
            audit.record(verb="drill.effect", actor=None, at=timezone.now(), detail=payload)
