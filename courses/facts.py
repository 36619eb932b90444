"""Facts that travel upward."""

from django.dispatch import Signal

# Sent each time a date that ``planner`` set for a page (or a learning path) has come and cannot be kept: with
# ``refusal`` (PageRefused, which names the page), ``planned_for`` (datetime), ``ends`` (False: it was to be published)
# and ``at``. It is tried again every minute.
date_refused = Signal()
