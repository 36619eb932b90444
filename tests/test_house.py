"""The house stands as planned: rooms in order, references that only point down, rows behind their scope."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from foundation.audit_words import is_named

ROOT = Path(__file__).resolve().parent.parent
# ARCHITECTURE §2, top to bottom. A change of this order is a decision record.
ROOMS = [
    "elearning",
    "reports",
    "certificates",
    "quizzes",
    "enrolments",
    "programmes",
    "courses",
    "organisation",
    "foundation",
]
# Rows about people: reached by screens, hooks, commands and exports only through permissions.py or a service.
SCOPED_MODELS = {
    "Officer",
    "Posting",
    "RoleGrant",
    "Duty",
    "Assignment",
    "Enrolment",
    "ItemCompletion",
    "CourseCompletion",
    "Delivery",
    "Message",
    "Notice",
    "Attempt",
    "Response",
    "AttemptEvent",
    "Dispute",
    "LateAnswer",
    "Mark",
    "MarkingTask",
    "ImportedSitting",
    "PathOrder",
    "PathCompletion",
    "Recognition",
    "Relief",
    "ReliefDocument",
    "Certificate",
    "CertificateFile",
    "PeriodReport",
    "ReportName",
    "ReportSubmission",
}
SCREENS = [
    "*/views.py",
    "*/views/*.py",
    "*/cms/*.py",
    "*/wagtail_hooks.py",
    "*/management/commands/*.py",
    "*/exports.py",
    "*/exports/*.py",
    "reports/*.py",
]
# (file, model): why it may name the whole table.
MAY_SEE_ALL = {
    ("certificates/management/commands/certificate_recover.py", "Certificate"): "an operator's, over all",
    ("certificates/views/letterheads.py", "Certificate"): "counts those of a unit that the actor manages",
    ("certificates/views/life.py", "ReliefDocument"): "the paper of a request found in scope",
    ("organisation/views/account.py", "Officer"): "the actor's own row",
    ("organisation/views/account.py", "Posting"): "the actor's own posting",
    ("organisation/views/people.py", "Officer"): "reads again, by key, an officer found in scope",
    ("organisation/views/slips.py", "Posting"): "of accounts found in scope",
    ("organisation/views/units.py", "Posting"): "counts those of a unit found in scope",
    ("quizzes/views/attempts.py", "Response"): "counts those of the actor's own attempt",
    ("quizzes/views/start_page.py", "Attempt"): "of the actor's own enrolment",
    ("reports/recounting.py", "Posting"): "counts whole units; a screen adds up those in its scope",
    ("reports/day_counts.py", "Posting"): "counts whole units; a screen adds up those in its scope",
    ("reports/views/reading.py", "Duty"): "none of them; the pages are read by unit",
    ("reports/personal_data.py", "ReportName"): "the officer's own download",
}


def _sources(*globs: str) -> Iterator[tuple[Path, str]]:
    for pattern in globs or ("**/*.py",):
        for room in ROOMS:
            yield from (
                (path, room)
                for path in sorted((ROOT / room).rglob("*.py"))
                if path.relative_to(ROOT).match(pattern) and "migrations" not in path.parts
            )


def _above(room: str) -> set[str]:
    return set(ROOMS[: ROOMS.index(room)])


def test_import_linter_holds_the_planned_order():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert config["contracts"][0]["layers"] == ROOMS
    assert config["root_packages"] == ROOMS


def test_references_by_string_point_only_down():
    upward = []
    for path, room in _sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named = re.match(r"([a-z]+)\.[A-Za-z_.]+$", node.value)
                if named and named[1] in _above(room):
                    upward.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.value}")

    # elearning names every room on purpose; it is the top.
    assert not upward


def test_templates_include_only_from_rooms_below():
    upward = []
    for room in ROOMS:
        for path in sorted((ROOT / "templates" / room).rglob("*.html")):
            for named in re.findall(r"{%-?\s*(?:include|extends)\s+\"([a-z]+)/", path.read_text()):
                if named in _above(room):
                    upward.append(f"{path.relative_to(ROOT)}: {named}/")

    assert not upward


def _whole_tables(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Models of SCOPED_MODELS that the code reaches past their scope, as ``Officer.objects`` does."""
    for node in ast.walk(tree):
        target = None
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            target = node.value
        elif isinstance(node, ast.Call) and node.args:
            function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if function in ("get_object_or_404", "get_list_or_404"):
                target = node.args[0]
        name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", None)
        if name in SCOPED_MODELS:
            yield name, node.lineno


def test_screens_reach_people_only_through_their_scope():
    found = {
        (str(path.relative_to(ROOT)), model): line
        for path, _room in _sources(*SCREENS)
        if path.name != "permissions.py"
        for model, line in _whole_tables(ast.parse(path.read_text()))
    }

    past_scope = [f"{file}:{line} {model}" for (file, model), line in found.items() if (file, model) not in MAY_SEE_ALL]
    assert not past_scope, "Start from a …_for_actor queryset (permissions.py): " + ", ".join(past_scope)
    assert not MAY_SEE_ALL.keys() - found.keys(), "An exception that nobody needs any more."


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("Officer.objects.all()", ["Officer"]),
        ("models.Duty.objects.overdue(at=at)", ["Duty"]),
        ("get_object_or_404(Certificate, pk=1)", ["Certificate"]),
        ("get_object_or_404(officers_for_actor(user, at=at), pk=1)", []),
        ("Unit.objects.all()", []),
    ],
)
def test_the_scope_check_sees_what_it_should(code, caught):
    assert [name for name, _line in _whole_tables(ast.parse(code))] == caught


def test_no_source_file_has_outgrown_one_sitting():
    long = {
        str(path.relative_to(ROOT)): lines
        for path, _room in _sources()
        if (lines := len(path.read_text().splitlines())) > 400
    }

    assert not long


# Writes an XLSX while a person waits, without asking how long it is: why it is never long.
SHORT_XLSX = {
    "certificates/views/register.py": "the life of one certificate",
    "courses/reports.py": "the legal sources that are due",
    "enrolments/views/recognitions.py": "a template",
    "organisation/views/imports.py": "a template",
    "quizzes/views/analysis.py": "the quizzes of the platform, or the questions and choices of one",
}


def test_an_xlsx_is_written_at_once_only_where_its_length_is_known():
    """A list grows with the unit that looks: that of Mabes would run into the limit of the sheet, or of patience."""
    writes = {
        str(path.relative_to(ROOT)): path.read_text()
        for path, room in _sources()
        if room != "foundation" and re.search(r"import .*xlsx_response", path.read_text())
    }

    unasked = {file for file, text in writes.items() if not re.search(r"\bmust_wait\(", text)}

    assert unasked <= SHORT_XLSX.keys()
    assert SHORT_XLSX.keys() <= writes.keys()


def test_every_verb_of_the_audit_trail_has_words():
    """Officers and auditors read the trail; a verb in code would mean nothing to them."""
    written = {
        verb
        for path, _room in _sources()
        for passage in re.findall(r"""verb=([^,)]*)""", path.read_text())
        for verb in re.findall(r'"([a-z_]+\.[a-z_]+)"', passage)
    }
    assert written, "the pattern finds nothing any more"
    assert {verb for verb in written if not is_named(verb)} == set()


@pytest.mark.parametrize("document", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_every_test_that_a_document_names_is_there(document):
    named = set(re.findall(r"`(?:[\w/.]+::)?(test_\w+)`", document.read_text()))
    files = set(re.findall(r"`(tests/[\w/]+\.py)`", document.read_text()))
    written = {
        name for file in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text())
    }

    assert named <= written, f"{document.name} names tests that are gone: {', '.join(sorted(named - written))}"
    assert all((ROOT / file).exists() for file in files), f"{document.name} names a file that is gone"
