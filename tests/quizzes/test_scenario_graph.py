"""A scenario's graph is checked before it is published: every scene leads somewhere, and out again."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.graph import Scene, Way, distances, problem_of_graph, scene_key, steps_to_ending
from quizzes.kinds import Key, kind_of


def scene(name: str, *ways: str | tuple[str, float], ending: str = "") -> Scene:
    """``scene("loket", "duduk", ("marah", 0))``: choices to other scenes, worth 1 unless they say otherwise."""
    pairs = [(way, 1) if isinstance(way, str) else way for way in ways]
    return Scene(name, [Way(f"Ke {to}", to, Fraction(worth)) for to, worth in pairs], ending)


GOOD = scene("selesai", ending="good")


def test_a_conversation_with_a_good_and_a_bad_ending_is_sound():
    assert not problem_of_graph([scene("loket", "selesai", ("pergi", -1)), GOOD, scene("pergi", ending="bad")])


def test_a_circle_is_allowed_while_a_way_out_exists():
    assert not problem_of_graph([scene("loket", ("marah", 0), "selesai"), scene("marah", ("loket", 0.5)), GOOD])


def test_names_are_compared_without_case_and_spaces():
    assert not problem_of_graph([scene("Loket", "  SELESAI "), GOOD])


@pytest.mark.parametrize(
    ("scenes", "sentence"),
    [
        ([scene("loket", "selesai"), scene(" Loket ", "selesai"), GOOD], "Dua adegan bernama"),
        ([scene("loket", "selesai", "dapur"), GOOD], "menuju “dapur”, tetapi adegan itu tidak ada"),
        ([scene("loket", "selesai"), scene("selesai", "loket", ending="good")], "masih punya pilihan"),
        ([scene("loket", "selesai", "sepi"), scene("sepi"), GOOD], "“sepi” buntu"),
        ([scene("loket", "selesai"), scene("gudang", "selesai"), GOOD], "“gudang” tidak pernah tercapai"),
        (
            [scene("loket", "selesai", "putar"), scene("putar", "balik"), scene("balik", "putar"), GOOD],
            "“putar” tidak ada jalan menuju penutup",
        ),
        ([scene("loket", "loket")], "tidak ada jalan menuju penutup"),
        ([scene("loket", ("selesai", 0.5)), GOOD], "Nilai penuh tidak dapat dicapai"),
    ],
)
def test_each_fault_is_named_with_its_scene(scenes, sentence):
    assert sentence in problem_of_graph(scenes)


NAMES = [f"adegan {number}" for number in range(6)]
WORTHS = st.sampled_from(["-1", "-0.5", "0", "0.5", "1"])
GRAPHS = st.integers(2, 6).flatmap(
    lambda size: st.tuples(
        *(
            st.one_of(
                st.builds(
                    lambda ways, name=name: Scene(name, [Way("x", to, Fraction(worth)) for to, worth in ways]),
                    st.lists(st.tuples(st.sampled_from([*NAMES[:size], "entah"]), WORTHS), max_size=4),
                ),
                st.builds(lambda tone, name=name: Scene(name, [], tone), st.sampled_from(["good", "bad"])),
            )
            for name in NAMES[:size]
        )
    )
)


@given(scenes=GRAPHS)
def test_any_graph_gets_a_verdict_and_a_sound_one_can_be_left_from_everywhere(scenes):
    problem = problem_of_graph(scenes)

    graph = {scene_key(one.name): [scene_key(way.to) for way in one.ways] for one in scenes}
    endings = {scene_key(one.name) for one in scenes if one.ending}
    sound = (
        all(target in graph for targets in graph.values() for target in targets)
        and all(bool(one.ways) != bool(one.ending) for one in scenes)
        and distances(graph, [scenes[0].name]).keys() == graph.keys()
        and steps_to_ending(graph, endings).keys() == graph.keys()
    )
    if not problem:
        assert sound
    elif sound:
        assert "Nilai penuh" in problem


def story_of(scenes) -> Key:
    return Key(
        [],
        {},
        {
            "start": scenes[0].name,
            "scenes": {
                one.name: {
                    "html": one.name,
                    "ending": one.ending,
                    "choices": [
                        {
                            "uuid": f"{one.name}/{place}",
                            "text": "x",
                            "to": way.to,
                            "fraction": str(way.fraction),
                            "consequence": "",
                            "feedback": "",
                        }
                        for place, way in enumerate(one.ways)
                    ],
                }
                for one in scenes
            },
        },
    )


# A chain of full worth from the start to an ending, with any other choices between its scenes.
SOUND = st.lists(st.lists(st.tuples(st.integers(0, 5), WORTHS), max_size=3), min_size=1, max_size=5).map(
    lambda others: [
        *(
            scene(NAMES[place], NAMES[place + 1], *((NAMES[to % (len(others) + 1)], Fraction(w)) for to, w in more))
            for place, more in enumerate(others)
        ),
        scene(NAMES[len(others)], ending="good"),
    ]
)


@given(scenes=SOUND, picks=st.lists(st.integers(0, 3), max_size=50))
def test_every_way_through_a_sound_scenario_earns_between_minus_one_and_one(scenes, picks):
    assert not problem_of_graph(scenes)
    key, rules = story_of(scenes), kind_of("scenario")
    path, here = [], scenes[0].name
    for pick in picks:
        choices = key.key["scenes"][here]["choices"]
        if not choices:
            break
        choice = choices[pick % len(choices)]
        path.append(choice["uuid"])
        here = choice["to"]

    assert -1 <= rules.fraction(key, path) <= 1
    assert len(rules.lines(key, path)) == len(path)
    assert rules.fraction(key, rules.best(key)) == 1


def test_going_round_in_circles_earns_nothing_more():
    key = story_of([scene("loket", "loket", ("selesai", 0)), GOOD])
    around, out = "loket/0", "loket/1"

    assert kind_of("scenario").fraction(key, [around, out]) == Fraction(1, 2)
    assert kind_of("scenario").fraction(key, [around, around, around, out]) == Fraction(1, 2)
