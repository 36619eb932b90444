"""Which lessons to reread for a topic. Knows no quiz: a higher room says which topics were missed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, QuerySet

from foundation.prepared import PreparedRows, Slot

from .models import Course, LessonPage, Topic
from .models.topics import TopicTree


@dataclass(frozen=True)
class LessonLink:
    title: str
    url: str


@dataclass(frozen=True)
class TopicToReread:
    """A topic in words with the lessons that teach it; without lessons where the course has none for it."""

    slug: str
    name: str
    lessons: list[LessonLink]


# Plain values: a page of the CMS costs more to make than all of this page.
FILED = ("item__course", "slug", "title", "topics__slug")


def _live_lessons() -> QuerySet[LessonPage]:
    return LessonPage.objects.live().order_by("path")


# Every result page of a quiz asks these two.
TOPICS = PreparedRows(Topic.objects.all)
LESSONS = PreparedRows(
    lambda: _live_lessons().filter(item__course=Slot("course", BigIntegerField())).values_list(*FILED)
)


def lessons_for_topics(course: Course, slugs: Iterable[str]) -> list[TopicToReread]:
    """The live lessons of ``course`` for each of ``slugs``, in that order; two queries however many there are."""
    slugs = list(slugs)
    if not slugs:
        return []
    shelf = _Shelf(TopicTree(list(TOPICS.rows())), [course], LESSONS.tuples(course=course.pk))
    return [TopicToReread(slug, *shelf.find(slug, [course])) for slug in slugs]


def lessons_of_courses(wanted: Mapping[str, Sequence[Course]]) -> dict[str, tuple[str, list[LessonLink]]]:
    """Slug → the name of the topic and the live lessons for it in the courses named beside it; two queries."""
    if not wanted:
        return {}
    courses = [course for asked in wanted.values() for course in asked]
    lessons = _live_lessons().filter(item__course__in=courses).values_list(*FILED)
    shelf = _Shelf(Topic.objects.tree(), courses, lessons)
    return {slug: shelf.find(slug, asked) for slug, asked in wanted.items()}


class _Shelf:
    """The live lessons of some courses under their topics; ``lessons`` are rows of FILED."""

    def __init__(self, tree: TopicTree, courses: Iterable[Course], lessons: Iterable[tuple]):
        self._tree = tree
        self._courses = {course.pk: course for course in courses}
        self._filed: dict[tuple[int, str, str], set[str]] = {}
        for *lesson, topic in lessons:
            self._filed.setdefault(tuple(lesson), set()).add(topic)

    def find(self, slug: str, courses: Sequence[Course]) -> tuple[str, list[LessonLink]]:
        """The name of a topic, and the lessons of ``courses`` that are filed under it or under a part of it.

        Where there is none, those that are filed under the nearest topic above.
        """
        tree = self._tree
        nearest = (self._under({above}, courses) for above in tree.above(slug))
        return tree.name_of(slug), self._under(tree.below(slug), courses) or next(filter(None, nearest), [])

    def _under(self, topics: set[str], courses: Sequence[Course]) -> list[LessonLink]:
        return [
            LessonLink(title, f"{self._courses[course_id].url}{slug}/")
            for (course_id, slug, title), own in self._filed.items()
            if own & topics and self._courses[course_id] in courses
        ]
