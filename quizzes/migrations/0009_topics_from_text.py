"""Every topic that a question names as text gets its place in the tree of topics; the text stays what it was."""

import json

from django.db import migrations


def named_topics(apps):
    for page in apps.get_model("quizzes", "QuizPage").objects.all():
        yield from (child["value"].get("topic") for child in page.questions.raw_data if isinstance(child["value"], dict))
    # Drafts: what an author saved and has not published yet.
    revisions = apps.get_model("wagtailcore", "Revision").objects.filter(
        content_type__app_label="quizzes", content_type__model="quizpage"
    )
    for content in revisions.values_list("content", flat=True).iterator():
        for child in json.loads(content.get("questions") or "[]"):
            if isinstance(child["value"], dict):
                yield child["value"].get("topic")
    yield from apps.get_model("quizzes", "VersionQuestion").objects.values_list("topic", flat=True).distinct()


def make_topics(apps, schema_editor):
    Topic = apps.get_model("courses", "Topic")
    for slug in {slug for slug in named_topics(apps) if slug}:
        Topic.objects.get_or_create(slug=slug, defaults={"name": slug.replace("-", " ").capitalize()})


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0008_bank"),
        ("courses", "0003_topics"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(make_topics, migrations.RunPython.noop)]
