"""An author sees the scenario as a picture, and as a list for who does not see it."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.graph import Scene, Way
from quizzes.graph_map import HEIGHT, WIDTH, map_of
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import QuizPageFactory, question
from tests.quizzes.test_scenario_graph import GOOD, GRAPHS, scene

STORY = [
    scene("loket", "duduk", ("marah", 0)),
    scene("duduk", "selesai", ("loket", 0.5)),
    scene("marah", ("pergi", -1), "duduk"),
    GOOD,
    scene("pergi", ending="bad"),
]


def test_every_scene_and_every_choice_is_drawn():
    drawn = map_of(STORY)

    assert not drawn.problem
    assert {node.name: node.shape for node in drawn.nodes} == {
        "loket": "start",
        "duduk": "scene",
        "marah": "scene",
        "selesai": "good",
        "pergi": "bad",
    }
    assert sorted((edge.letter, edge.worth) for edge in drawn.edges) == [
        *[("A", "best"), ("A", "best"), ("A", "harm"), ("B", "best"), ("B", "none"), ("B", "part")]
    ]
    assert drawn.tellings[1].choices[1][2] == "0,5"


def test_a_scene_lies_below_all_that_lead_to_it():
    depth = {node.name: node.y for node in map_of(STORY).nodes}

    assert depth["loket"] < depth["marah"] < depth["duduk"] < depth["selesai"]


def test_a_draft_with_holes_is_drawn_with_its_fault():
    drawn = map_of([scene("loket", "entah"), scene("", ending="good")])

    assert "tetapi adegan itu tidak ada" in drawn.problem
    assert {node.shape for node in drawn.nodes} == {"start", "missing", "good"}
    assert map_of([]).problem == "Skenario ini belum punya adegan."


@given(scenes=GRAPHS)
def test_no_two_scenes_lie_on_each_other_and_all_stand_within_the_picture(scenes):
    drawn = map_of(scenes)

    corners = [(node.left, node.top) for node in drawn.nodes]
    for place, (x, y) in enumerate(corners):
        assert 0 <= x <= drawn.width - WIDTH
        assert 0 <= y <= drawn.height - HEIGHT
        assert all(abs(x - left) >= WIDTH or abs(y - top) >= HEIGHT for left, top in corners[place + 1 :])
    assert len(drawn.edges) == sum(len(one.ways) for one in scenes)


@given(size=st.integers(2, 30), data=st.data())
def test_the_largest_scenario_is_drawn_at_once(size, data):
    """Thirty scenes in circles: the layers are found without walking every way through them."""
    targets = st.integers(0, size - 1).map(lambda place: f"adegan {place}")
    scenes = [
        Scene(f"adegan {place}", [Way("x", data.draw(targets), Fraction(1)) for _choice in range(4)])
        for place in range(size)
    ]

    assert len(map_of(scenes).edges) == size * 4


@pytest.mark.django_db
def test_the_map_stands_in_the_preview_with_the_key_and_only_there():
    page = QuizPageFactory(questions=[question("single"), question("scenario")])

    with_key = page.make_preview_request(preview_mode="kunci").content.decode()
    as_officer = page.make_preview_request(preview_mode="personel").content.decode()

    assert with_key.count('class="node') == 5
    assert "Peta ini dalam kata-kata" in with_key
    assert not re.search(r'(width|d|x)="[^"]*\d,\d', with_key)
    assert "story-map" not in as_officer.replace("map.css", "")


@pytest.mark.django_db
def test_the_editor_draws_the_scenarios_of_the_saved_draft(client):
    page = QuizPageFactory(questions=[question("single"), question("scenario")])
    panel = page.get_edit_handler()
    bound = panel.get_bound_panel(
        instance=page, request=None, form=panel.get_form_class()(instance=page, for_user=UserFactory())
    )

    (maps,) = [child for child in _all(bound) if type(child.panel).__name__ == "ScenarioMapsPanel"]

    assert maps.is_shown()
    assert [number for number, _map in maps.get_context_data()["maps"]] == [2]


def _all(panel):
    for child in getattr(panel, "children", []):
        yield child
        yield from _all(child)
