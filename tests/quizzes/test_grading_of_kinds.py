"""What holds for the answers of every kind, whatever the key and whatever a form sends."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exceptions import AnswerRefused
from quizzes.kinds import KINDS, NO_ANSWER, Asked, Key, Option, kind_of
from quizzes.kinds.written import LONGEST_ESSAY, fits, number_of
from quizzes.models import Response
from quizzes.services import save_answer, submit_attempt
from tests.clock import NOON
from tests.examples import examples
from tests.factories.quizzes import ALL_KINDS, AttemptFactory
from tests.quizzes.test_question_kinds import form_of, version_with

pytestmark = pytest.mark.once_on("sqlite")

WORDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)


def options(*fractions: str) -> list[Option]:
    return [Option(f"o{place}", f"Pilihan {place}", Decimal(worth)) for place, worth in enumerate(fractions)]


KEYS = {
    "single": Key(options("1", "0", "-0.5")),
    "multiple": Key(options("1", "1", "1", "0", "0")),
    "truefalse": Key(options("0", "1")),
    "situational": Key(options("0.5", "1", "0", "-1")),
    "ordering": Key(options("0", "0", "0", "0")),
    "matching": Key(
        options("0", "0", "0"),
        {"stems": [{"uuid": "s1", "text": "SPKT"}, {"uuid": "s2", "text": "SKCK"}, {"uuid": "s3", "text": "SIM"}]},
        {"pairs": {"s1": "o0", "s2": "o1", "s3": "o1"}},
    ),
    "short": Key(
        [],
        {},
        {
            "accepted": [
                {"uuid": "a", "text": "tanda*", "fraction": "0.5", "feedback": ""},
                {"uuid": "b", "text": "tanda bukti lapor", "fraction": "1", "feedback": ""},
            ]
        },
    ),
    "numerical": Key(
        [],
        {"units": ["menit", "jam"]},
        {
            "numbers": [
                {"uuid": "a", "number": "90", "tolerance": "20", "fraction": "0.5", "feedback": ""},
                {"uuid": "b", "number": "90", "tolerance": "5", "fraction": "1", "feedback": ""},
            ],
            "units": [{"name": "menit", "factor": "1"}, {"name": "jam", "factor": "60"}],
        },
    ),
    "gaps": Key(
        [],
        {"gaps": [{"uuid": "g1", "choices": []}, {"uuid": "g2", "choices": ["mencatat", "menolak"]}]},
        {"gaps": {"g1": ["menyapa", "memberi salam"], "g2": ["mencatat"]}},
    ),
    "essay": Key([], {"max_words": 200, "criteria": [{"uuid": "c", "text": "Empati", "points": 4}]}),
    "scenario": Key(
        [],
        {},
        {
            "start": "loket",
            "scenes": {
                "loket": {
                    "html": "Loket",
                    "ending": "",
                    "choices": [
                        {
                            "uuid": "w1",
                            "text": "Sapa",
                            "to": "selesai",
                            "fraction": "1",
                            "consequence": "",
                            "feedback": "",
                        },
                        {
                            "uuid": "w2",
                            "text": "Diam",
                            "to": "loket",
                            "fraction": "-1",
                            "consequence": "",
                            "feedback": "",
                        },
                    ],
                },
                "selesai": {"html": "Selesai", "ending": "good", "choices": []},
            },
        },
    ),
}
MARKED_BY_RULE = [kind for kind in ALL_KINDS if kind != "essay"]


def asked_of(kind: str) -> Asked:
    key = KEYS[kind]
    html = "<p>Petugas [[1]], lalu [[2]].</p>" if kind == "gaps" else "<p>Soal</p>"
    return Asked(html, key.options, key.shape, key.key if kind_of(kind).is_story else {})


def worth(kind: str, answer) -> Fraction | None:
    return kind_of(kind).fraction(KEYS[kind], answer)


def test_every_kind_is_held_to_these_rules():
    assert KEYS.keys() == KINDS.keys() == set(ALL_KINDS)


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_no_answer_earns_nothing(kind):
    assert worth(kind, NO_ANSWER) == 0


@pytest.mark.parametrize("kind", MARKED_BY_RULE)
def test_the_best_answer_earns_everything(kind):
    assert worth(kind, kind_of(kind).best(KEYS[kind])) == 1


def test_an_essay_is_worth_what_a_person_says():
    assert worth("essay", "Maaf.") is None


# What a form may hold: the names the kinds read and any other, with values from the question and from nowhere.
FIELDS = ["pilihan", "urutan", "geser", "pasangan-s1", "pasangan-s2", "jawaban", "angka", "satuan", "isian-g1"]
FIELDS += ["isian-g2", "langkah", "adegan", "epoch", "sequence", "ke"]
KNOWN = ["o0", "o1", "o2", "o3", "o0:-1", "o3:1", "o9:7", "w1", "w2", "0", "1", "menit", "jam", "90", "mencatat", ""]
NASTY = [
    "\x00",
    "\ud800",
    "\udfff\ud800",
    "‮terbalik",
    "👮🏽‍♀️" * 40,
    "x" * 30_000,
    "9" * 5_000,
    "1e999999",
    "NaN",
    "-0,0",
    "٣",
]
NASTY += ["'; DROP TABLE", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "＋１２", "\r\n" * 400]
VALUES = st.one_of(st.sampled_from(KNOWN), st.sampled_from(NASTY), st.text(max_size=60))
FORMS = st.dictionaries(
    st.one_of(st.sampled_from(FIELDS), st.text(max_size=12)), st.lists(VALUES, max_size=5), max_size=6
)


def taken(kind: str, form, stored=NO_ANSWER):
    """The answer a form leaves behind; what is refused leaves what stood before."""
    try:
        return kind_of(kind).accept(asked_of(kind), form, stored)
    except AnswerRefused:
        return stored


@pytest.mark.parametrize("kind", ALL_KINDS)
@settings(max_examples=examples(60))
@given(form=FORMS)
def test_whatever_a_form_sends_is_an_answer_or_refused_and_worth_between_minus_one_and_one(kind, form):
    answer = taken(kind, form)

    fraction = worth(kind, answer)
    assert fraction is None or -1 <= fraction <= 1
    assert answer or fraction == 0
    # It can be shown again and reviewed, and it says the same when it is sent a second time.
    kind_of(kind).fields(asked_of(kind), answer)
    kind_of(kind).lines(KEYS[kind], answer)
    if kind not in ("ordering", "scenario"):
        assert taken(kind, form, answer) == answer


def test_twenty_thousand_hostile_strings_through_every_field():
    chance = Random(11)
    letters = [*"aZ09 .,:-*\\'\"<>&%\x00\t\n", "\ud800", "\u202e", "\u200b", "é", "٣", "👮", "\U0010ffff"]
    for _number in range(20_000):
        text = "".join(chance.choices(letters, k=chance.choice([0, 1, 3, 12, 60, 300])))
        kind = chance.choice(ALL_KINDS)
        answer = taken(kind, {field: [text] for field in FIELDS})
        fraction = worth(kind, answer)
        assert fraction is None or -1 <= fraction <= 1
        number_of(text)
        fits(text, text)


@given(order=st.permutations(["o0", "o1", "o2", "o3"]), shuffled=st.permutations(["o0", "o1", "o2", "o3"]))
def test_the_order_in_which_options_are_shown_changes_nothing(order, shuffled):
    """The key stands in the author's order; what the officer saw only says how the form is read."""
    for kind in ("single", "situational", "multiple"):
        key = KEYS[kind]
        seen = Asked("", [option for uuid in shuffled for option in key.options if option.uuid == uuid])
        chosen = [uuid for uuid in order[:2] if uuid in seen.order][: 1 if kind != "multiple" else 2]
        answer = kind_of(kind).accept(seen, {"pilihan": chosen}, NO_ANSWER)
        assert worth(kind, answer) == worth(kind, chosen) == worth(kind, chosen[::-1])
    arranged = kind_of("ordering").accept(Asked("", [Option(uuid, "") for uuid in shuffled]), {"urutan": order}, [])
    assert worth("ordering", arranged) == worth("ordering", order)


@given(chosen=st.sets(st.sampled_from(["o0", "o1", "o2", "o3", "o4"])))
def test_one_more_right_choice_never_earns_less_and_one_more_wrong_one_never_more(chosen):
    for option in KEYS["multiple"].options:
        with_it = worth("multiple", [*(chosen | {option.uuid})])
        without = worth("multiple", [*(chosen - {option.uuid})])
        assert (with_it >= without) if option.fraction > 0 else (with_it <= without)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("matching", {"s1": "o0", "s2": "o1", "s3": "o1"}, "o2"),
        ("gaps", {"g1": "menyapa", "g2": "mencatat"}, "menolak"),
    ],
)
@given(data=st.data())
def test_one_more_right_part_earns_more(kind, right, wrong, data):
    parts = data.draw(st.dictionaries(st.sampled_from(sorted(right)), st.booleans()))
    answer = {part: right[part] if rightly else wrong for part, rightly in parts.items()}
    part = data.draw(st.sampled_from(sorted(right)))

    assert worth(kind, answer | {part: right[part]}) >= worth(kind, answer)
    assert worth(kind, answer) == Fraction(sum(parts.values()), len(right))


@given(order=st.permutations(["o0", "o1", "o2", "o3"]))
def test_an_order_earns_its_right_neighbours(order):
    neighbours = sum(pair in {("o0", "o1"), ("o1", "o2"), ("o2", "o3")} for pair in pairwise(order))

    assert worth("ordering", list(order)) == Fraction(neighbours, 3)


def test_of_two_accepted_forms_the_better_one_counts_whatever_their_order():
    assert worth("short", "Tanda  BUKTI lapor") == 1
    assert worth("short", "tanda terima") == Fraction(1, 2)
    assert worth("numerical", {"number": "1,5", "unit": "jam"}) == 1
    assert worth("numerical", {"number": "75", "unit": "menit"}) == Fraction(1, 2)
    assert worth("numerical", {"number": "90", "unit": ""}) == 0


@given(form=WORDS, before=WORDS, after=WORDS)
def test_a_star_stands_for_anything(form, before, after):
    plain = form.replace("*", "").replace("\\", "")
    if plain:
        assert fits(f"*{plain}*", f"{before}{plain}{after}")
    assert fits("\\*", "*")
    assert not fits("\\*", "x")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("12,5", "12.5"), ("12.5", "12.5"), ("1.250", "1250"), ("1.250,75", "1250.75"), ("-3", "-3"), ("−3", "-3")],
        *[
            ("1 000", "1000"),
            (",5", "0.5"),
            ("1.2.3", None),
            ("dua", None),
            ("", None),
            ("1e3", None),
            ("12,5,1", None),
        ],
    ],
)
def test_numbers_are_read_as_indonesians_write_them(text, number):
    assert number_of(text) == (None if number is None else Decimal(number))


# The same through the door an officer comes in by.


@pytest.fixture
def sitting(client, db):
    """A running attempt with one question of a kind, and its officer at the browser."""

    def begin(kind: str):
        attempt = AttemptFactory(version=version_with(kind))
        client.force_login(attempt.enrolment.officer.user)
        return attempt

    return begin


@pytest.mark.parametrize("kind", ALL_KINDS)
@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=FORMS)
def test_no_form_brings_the_server_down(client, sitting, kind, form):
    attempt = Response.objects.filter(question__kind=kind).order_by("-pk").first()
    attempt = attempt.attempt if attempt else sitting(kind)
    client.force_login(attempt.enrolment.officer.user)
    sendable = {
        name.encode("utf-8", "replace").decode(): [value.encode("utf-8", "replace").decode() for value in values]
        for name, values in form.items()
    }
    address = reverse("quiz-question", args=[attempt.uuid, 1])
    for accept in ("application/json", "text/html"):
        answer = client.post(address, sendable | {"epoch": "1", "sequence": "1"}, headers={"accept": accept})
        assert answer.status_code in (200, 302, 409)
    assert client.get(address).status_code == 200


def test_an_essay_of_any_length_is_kept_or_refused_with_a_sentence_and_what_stood_before_stays(client, sitting):
    attempt = sitting("essay")
    address = reverse("quiz-question", args=[attempt.uuid, 1])
    save_answer(attempt=attempt, position=1, sent={"jawaban": ["Saya minta maaf."]}, epoch=1, sequence=1, at=NOON)

    too_long = client.post(
        address,
        {"jawaban": "m" * (LONGEST_ESSAY + 1), "epoch": "1", "sequence": "2"},
        headers={"accept": "application/json"},
    )

    assert too_long.status_code == 409
    assert too_long.json()["label"] == "Jawaban terlalu panjang: 20001 huruf, paling banyak 20000. Ringkaslah dahulu."
    assert attempt.responses.get().answer == "Saya minta maaf."


@pytest.mark.parametrize("kind", ["single", "multiple", "ordering", "matching", "scenario", "truefalse"])
def test_options_of_another_question_are_refused(sitting, kind):
    other = AttemptFactory(version=version_with(kind)).responses.get().question
    attempt = sitting(kind)
    foreign = other.rules.best(other.answer_key)
    form = {"adegan": ["0"], "langkah": foreign[:1]} if kind == "scenario" else form_of(kind, foreign)
    if kind == "matching":
        own = attempt.responses.get().question.shape["stems"][0]["uuid"]
        form = {f"pasangan-{own}": [next(iter(foreign.values()))]}

    with pytest.raises(AnswerRefused, match="bukan bagian dari soalnya"):
        save_answer(attempt=attempt, position=1, sent=form, epoch=1, sequence=1, at=NOON)

    assert attempt.responses.get().answer == NO_ANSWER


def test_a_question_that_was_not_drawn_takes_no_answer(client, sitting):
    attempt = sitting("short")
    answer = client.post(
        reverse("quiz-question", args=[attempt.uuid, 2]),
        {"jawaban": "tanda bukti lapor", "epoch": "1", "sequence": "1"},
        headers={"accept": "application/json"},
    )

    assert answer.status_code == 409
    assert "tidak ada dalam percobaan" in answer.json()["label"]


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_an_attempt_of_somebody_else_does_not_exist(client, sitting, kind):
    attempt = AttemptFactory(version=version_with(kind))
    sitting("single")

    assert client.get(reverse("quiz-question", args=[attempt.uuid, 1])).status_code == 404
    assert client.post(reverse("quiz-question", args=[attempt.uuid, 1]), {"jawaban": "x"}).status_code == 404


@pytest.mark.parametrize("kind", MARKED_BY_RULE)
def test_what_comes_after_the_end_changes_nothing_and_an_old_page_does_neither(sitting, kind):
    attempt = sitting(kind)
    question = attempt.responses.get().question
    best = question.rules.best(question.answer_key)
    forms = [form_of(kind, best)]
    if kind == "scenario":
        forms = [{"adegan": [str(made)], "langkah": [choice]} for made, choice in enumerate(best)]
    for sequence, form in enumerate(forms, start=5):
        save_answer(attempt=attempt, position=1, sent=form, epoch=1, sequence=sequence, at=NOON)
    stands = attempt.responses.get().answer

    save_answer(attempt=attempt, position=1, sent={}, epoch=1, sequence=2, at=NOON)
    first = submit_attempt(attempt=attempt, at=NOON)
    save_answer(attempt=attempt, position=1, sent={}, epoch=1, sequence=99, at=NOON)
    second = submit_attempt(attempt=attempt, at=NOON)

    assert attempt.responses.get().answer == stands
    assert (first.grade, first.submitted_at) == (second.grade, second.submitted_at)
    assert first.grade == 100
