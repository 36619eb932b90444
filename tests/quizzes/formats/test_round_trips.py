"""What is written can be read again, and nothing of it is lost: every kind in every format that holds it."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizzes.formats import FORMATS
from quizzes.formats.building import built
from quizzes.formats.text import canonical, html_of, one_line
from tests.examples import examples
from tests.factories.questions import ANSWERS, LINE, questions, single, words

MARKS = ["<p>", "</p>", "<br>", "<b>", "</b>", "<ul>", "<li>", "<div>", "&nbsp;", " ", "\n"]


def there_and_back(code: str, question):
    """The question after it was written and read, or None where the format says that it cannot hold it."""
    written = FORMATS[code].write([question])
    if any(unheld.omitted for unheld in written.unheld):
        return None
    assert not written.unheld
    reading = FORMATS[code].read(written.content)
    assert not reading.refusals, (reading.refusals, written.content.decode(errors="replace"))
    (only,) = reading.questions
    return only


GIFT = ["single", "multiple", "truefalse", "situational", "matching", "short", "numerical", "gaps", "essay"]


@pytest.mark.parametrize("kind", GIFT)
@settings(max_examples=examples(20))
@given(data=st.data())
def test_gift_loses_nothing(kind, data):
    question = data.draw(questions(kind))

    assert there_and_back("gift", question) in (None, question)


@pytest.mark.parametrize("kind", [*GIFT, "ordering"])
@settings(max_examples=examples(20))
@given(data=st.data())
def test_moodle_xml_loses_nothing(kind, data):
    question = data.draw(questions(kind))

    assert there_and_back("moodle-xml", question) in (None, question)


@pytest.mark.parametrize("kind", ANSWERS)
@settings(max_examples=examples(4))
@given(data=st.data())
def test_the_template_loses_nothing(kind, data):
    # One workbook for many questions: opening one costs a process.
    asked = data.draw(st.lists(questions(kind, pictures=False), min_size=6, max_size=10))

    written = FORMATS["xlsx"].write(asked)
    reading = FORMATS["xlsx"].read(written.content)

    assert not written.unheld
    assert not reading.refusals
    assert reading.questions == asked


@settings(max_examples=examples(30))
@given(data=st.data())
def test_aiken_loses_nothing_of_what_it_holds(data):
    value = data.draw(single(pictures=False))
    options = [option | {"text": one_line(option["text"]), "feedback": ""} for option in value["options"]]
    assume(len({option["text"] for option in options}) == len(options))
    question = built("single", {"text": html_of(data.draw(LINE)), "options": options}, line=1)

    assert there_and_back("aiken", question) in (None, question)


@settings(max_examples=examples(100))
@given(html=st.lists(st.one_of(words(0, 4), st.sampled_from(MARKS))).map("".join))
def test_the_spelling_of_a_text_stands_after_one_pass(html):
    assert canonical(canonical(html)) == canonical(html)
