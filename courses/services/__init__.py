"""The verbs of content."""

from courses.compiling import compile_course

from .archiving import archive_course, refuse_deletion, refuse_move
from .editorial import set_up_editorial
from .publishing import publish_due_pages, recompile_after_move

__all__ = [
    "archive_course",
    "compile_course",
    "publish_due_pages",
    "recompile_after_move",
    "refuse_deletion",
    "refuse_move",
    "set_up_editorial",
]
