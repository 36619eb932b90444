"""Content files → the CMS. Files are reviewed outside it; what people wrote in it is never overwritten.

A loader of pages has one shape: ``load_lesson_page(course_page, entry, source_sha256=…, at=…, after=…) -> Outcome``.
It reads the entry (raising ContentFileError with file, line and path) and hands the fields to ``load_item_page``.
``elearning.management.commands.load_courses`` calls them inside one transaction.
"""

from .courses import load_course_page, load_site
from .entries import Entry, read_entries, read_entry
from .lessons import load_lesson_page
from .pages import Did, Outcome, load_item_page, load_page, publish_page
from .sources import load_legal_sources, load_tariffs
from .streams import block, block_id, listed, rich_text
from .topics import find_topic, load_topics

__all__ = [
    "Did",
    "Entry",
    "Outcome",
    "block",
    "block_id",
    "find_topic",
    "listed",
    "load_course_page",
    "load_item_page",
    "load_legal_sources",
    "load_lesson_page",
    "load_page",
    "load_site",
    "load_tariffs",
    "load_topics",
    "publish_page",
    "read_entries",
    "read_entry",
    "rich_text",
]
