"""Topics are a tree that lessons and questions share; a missed topic leads to its lessons."""

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from courses.exceptions import ContentFileError
from courses.loading import load_topics, read_entries
from courses.models import CoursePage, LessonPage, Topic
from courses.rereading import lessons_for_topics
from organisation.models import Role
from tests.courses.helpers import author, lesson_draft, publish, published_course_page, signed_in
from tests.factories.courses import CoursePageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture
def tree():
    """etika → kode-etik → gratifikasi; komunikasi."""
    ethics = Topic.objects.create(name="Etika")
    code = Topic.objects.create(name="Kode etik", parent=ethics)
    Topic.objects.create(name="Gratifikasi", parent=code)
    Topic.objects.create(name="Komunikasi")
    return Topic.objects.tree()


def lesson_about(course_page, *slugs, live=True) -> LessonPage:
    lesson = lesson_draft(course_page, title=f"Tentang {', '.join(slugs)}")
    lesson.topics = list(Topic.objects.filter(slug__in=slugs))
    return publish(lesson) if live else lesson


def test_a_topic_holds_everything_below_it(tree):
    assert tree.below("etika") == {"etika", "kode-etik", "gratifikasi"}
    assert tree.below("gratifikasi") == {"gratifikasi"}
    assert list(tree.above("gratifikasi")) == ["kode-etik", "etika"]
    assert tree.below("tidak-ada") == set()


def test_parts_are_shown_indented_below_their_topic(tree):
    assert tree.choices() == [
        ("etika", "Etika"),
        ("kode-etik", "– Kode etik"),
        ("gratifikasi", "– – Gratifikasi"),
        ("komunikasi", "Komunikasi"),
    ]


def test_the_tree_is_read_in_one_query(tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        again = Topic.objects.tree()
        again.choices(), again.below("etika"), list(again.above("gratifikasi"))


@pytest.mark.both_databases
def test_a_new_name_keeps_the_code_that_questions_go_by(tree):
    topic = Topic.objects.get(slug="kode-etik")
    topic.name = "Kode etik profesi"
    topic.full_clean()
    topic.save()

    assert Topic.objects.get(name="Kode etik profesi").slug == "kode-etik"


def test_a_topic_never_stands_below_itself(tree):
    ethics = Topic.objects.get(slug="etika")
    ethics.parent = Topic.objects.get(slug="gratifikasi")

    with pytest.raises(ValidationError, match="bagian dari dirinya"):
        ethics.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=ethics.pk).update(parent=ethics.pk)


def test_a_ring_made_by_two_editors_at_once_hangs_nothing(tree):
    Topic.objects.filter(slug="etika").update(parent=Topic.objects.get(slug="gratifikasi"))

    ring = Topic.objects.tree()

    assert ring.below("etika") == {"etika", "kode-etik", "gratifikasi"}
    assert ring.choices() == [("komunikasi", "Komunikasi")]
    assert list(ring.above("etika")) == ["gratifikasi", "kode-etik"]


def test_two_topics_with_the_same_name_are_refused(tree):
    with pytest.raises(ValidationError, match="Sudah ada topik"):
        Topic(name="kode ETIK").full_clean()


def test_a_trainer_writes_topics_and_nobody_deletes_them(tree):
    trainer, reviewer = signed_in(author(Role.TRAINER)), signed_in(author(Role.REVIEWER))
    topic = Topic.objects.get(slug="komunikasi")

    trainer.post("/admin/snippets/courses/topic/add/", {"name": "Mendengar aktif", "parent": topic.pk})

    assert Topic.objects.get(slug="mendengar-aktif").parent == topic
    assert trainer.get(f"/admin/snippets/courses/topic/delete/{topic.pk}/").status_code == 302
    assert reviewer.get("/admin/snippets/courses/topic/").status_code == 200
    reviewer.post("/admin/snippets/courses/topic/add/", {"name": "Menyapa"})
    assert not Topic.objects.filter(slug="menyapa").exists()


def test_lessons_for_a_topic_are_those_filed_under_it_or_under_a_part_of_it(tree):
    course_page = CoursePageFactory()
    code, gift = lesson_about(course_page, "kode-etik"), lesson_about(course_page, "gratifikasi")
    course_page = publish(CoursePage.objects.get(pk=course_page.pk))

    topics = lessons_for_topics(course_page.course, ["kode-etik", "gratifikasi", "komunikasi"])

    assert [(topic.name, [lesson.title for lesson in topic.lessons]) for topic in topics] == [
        ("Kode etik", [code.title, gift.title]),
        ("Gratifikasi", [gift.title]),
        ("Komunikasi", []),
    ]
    assert topics[1].lessons[0].url == f"{course_page.course.url}{gift.slug}/"


def test_without_a_lesson_of_its_own_a_topic_leads_to_the_nearest_one_above(tree):
    course_page = CoursePageFactory()
    lesson_about(course_page, "etika")
    code = lesson_about(course_page, "kode-etik")
    course_page = publish(CoursePage.objects.get(pk=course_page.pk))

    (topic,) = lessons_for_topics(course_page.course, ["gratifikasi"])

    assert [lesson.title for lesson in topic.lessons] == [code.title]


def test_drafts_and_lessons_of_other_courses_are_not_offered(tree):
    course_page, other = published_course_page(lessons=1), published_course_page(lessons=1)
    lesson_about(course_page, "kode-etik", live=False)
    lesson_about(other, "kode-etik")

    (topic,) = lessons_for_topics(course_page.course, ["kode-etik"])

    assert topic.lessons == []


def test_rereading_asks_two_queries_for_many_topics(tree, django_assert_num_queries):
    course_page = CoursePageFactory()
    for slug in ("etika", "kode-etik", "gratifikasi", "komunikasi"):
        lesson_about(course_page, slug)
    course = publish(CoursePage.objects.get(pk=course_page.pk)).course

    # The tree, and the lessons with their topics.
    with django_assert_num_queries(2):
        lessons_for_topics(course, ["etika", "kode-etik", "gratifikasi", "komunikasi"])


def topic_file(tmp_path, *topics):
    file = tmp_path / "topics.yaml"
    file.write_text(yaml.safe_dump(list(topics)))
    return read_entries(file, root=tmp_path)


def test_a_file_makes_missing_topics_and_leaves_those_of_the_cms(tree, tmp_path):
    Topic.objects.filter(slug="kode-etik").update(name="Kode etik profesi")

    load_topics(
        topic_file(
            tmp_path,
            {"slug": "kode-etik", "name": "Lain"},
            {"slug": "menyapa", "name": "Menyapa warga", "parent": "komunikasi"},
        )
    )

    assert Topic.objects.get(slug="kode-etik").name == "Kode etik profesi"
    assert Topic.objects.get(slug="menyapa").parent.slug == "komunikasi"


def test_a_topic_that_only_a_question_named_gets_its_name_and_place_from_the_file(tree, tmp_path):
    Topic.objects.named("sapaan")
    named = {"slug": "sapaan", "name": "Sapaan pertama", "parent": "komunikasi"}

    load_topics(topic_file(tmp_path, named))

    topic = Topic.objects.get(slug="sapaan")
    assert (topic.name, topic.parent.slug) == ("Sapaan pertama", "komunikasi")


@pytest.mark.parametrize(
    ("topic", "sentence"),
    [
        ({"slug": "Kode Etik", "name": "Kode etik"}, "bukan kode topik"),
        ({"slug": "menyapa", "name": "Menyapa", "parent": "tidak-ada"}, "belum ada; tuliskan di atas"),
    ],
)
def test_a_mistake_in_the_file_of_topics_says_what_to_do(tmp_path, topic, sentence):
    with pytest.raises(ContentFileError, match=sentence):
        load_topics(topic_file(tmp_path, topic))


@pytest.mark.once_on("sqlite")
def test_the_courses_of_the_project_name_only_topics_of_their_file():
    call_command("load_courses", verbosity=0)

    known = {entry["slug"] for entry in yaml.safe_load((settings.BASE_DIR / "content/topics.yaml").read_text())}
    assert set(Topic.objects.values_list("slug", flat=True)) == known
    for lesson in LessonPage.objects.all():
        assert lesson.topics.exists(), lesson
