"""Facts that travel upward. Sent inside the transaction with ``send``: a receiver's error rolls all back."""

from django.dispatch import Signal

# Sent once per ledger row, with ``completion`` (CourseCompletion).
course_completed = Signal()

# Sent once per correction of the ledger, with ``completion`` (the new row), ``before`` (the one it corrects),
# ``actor`` (who answers for it) and ``reason``.
completion_corrected = Signal()
