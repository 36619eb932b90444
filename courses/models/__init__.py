"""Content: courses and their versions, the pages that hold them, legal sources and tariffs. Knows no learner."""

from .loaded import LoadedPage
from .pages import CatalogPage, CourseItemPage, CoursePage, HomePage, LessonLegalBasis, LessonPage
from .paths import LearningPath, PathStep, PathVersion
from .rows import Course, CourseItem, CourseVersion, CourseVersionItem, ItemKind
from .sources import LegalSource, SourceStatus, Tariff
from .topics import Topic, TopicTree

__all__ = [
    "CatalogPage",
    "Course",
    "CourseItem",
    "CourseItemPage",
    "CoursePage",
    "CourseVersion",
    "CourseVersionItem",
    "HomePage",
    "ItemKind",
    "LearningPath",
    "LegalSource",
    "LessonLegalBasis",
    "LessonPage",
    "LoadedPage",
    "PathStep",
    "PathVersion",
    "SourceStatus",
    "Tariff",
    "Topic",
    "TopicTree",
]
