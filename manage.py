#!/usr/bin/env python
"""Entry point of every administrative command."""

import os
import sys
from pathlib import Path

import environ


def main() -> None:
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        # An installation names its settings in .env; demo and tests name theirs outside and never read it.
        environ.Env.read_env(Path(__file__).resolve().parent / ".env")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
