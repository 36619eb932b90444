"""What can stand in the way of publishing, withdrawing or loading content; each message tells an author what to do."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import Page


class CoursesError(Exception):
    """Base of this app's refusals."""


class PageRefused(CoursesError):
    """An act on ``page``, or on other content with a title, is refused; ``problems`` are sentences for its author."""

    heading = ""

    def __init__(self, page: "Page", problems: list[str]):
        self.page = page
        self.problems = problems
        super().__init__(" ".join([f"{self.heading} “{page.title}”.", *problems]))


class CompileRefused(PageRefused):
    """What stands on the page cannot be compiled, so it stays as it was."""

    heading = "Belum dapat diterbitkan:"


class WithdrawalRefused(PageRefused):
    heading = "Tidak dapat ditarik:"


class ArchivingRefused(PageRefused):
    heading = "Tidak dapat diarsipkan:"


class DeletionRefused(PageRefused):
    heading = "Tidak dapat dihapus:"


class MoveRefused(PageRefused):
    heading = "Tidak dapat dipindahkan:"


class UploadRefused(CoursesError):
    """The file is not what its name says, too large, or of a kind that is not taken."""


class ContentFileError(CoursesError):
    """A content file cannot be loaded; the message names file, place and what to do."""
