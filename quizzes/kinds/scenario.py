"""A conversation played scene by scene: each choice stands, its consequence is told, and the next scene opens."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from quizzes.choices import EndingTone
from quizzes.exceptions import AnswerRefused
from quizzes.graph import steps_to_ending

from .base import STALE_PAGE, Answer, Asked, Key, Kind, Line, Sent, result_of

# A conversation that turns in circles ends here; nobody plays on for ever.
MOST_STEPS = 40
Story = Mapping[str, Any]


@dataclass(frozen=True)
class PlayedStep:
    """A scene that lies behind, what was chosen there and what came of it."""

    html: SafeString
    chosen: str
    consequence: str


@dataclass(frozen=True)
class Play:
    """Where the conversation stands: the steps so far, the open scene, its choices (uuid, text).

    At an ending there are none; ``ending`` says in words how it went, ``tone`` is an EndingTone.
    """

    steps: list[PlayedStep]
    html: SafeString
    choices: list[tuple[str, str]]
    ending: str
    tone: str

    @property
    def number(self) -> int:
        """How many choices were made; the form sends it along, so that a second click changes nothing."""
        return len(self.steps)


class Scenario(Kind):
    """Earns the mean of the fractions of the choices made; one made again in a circle counts once. An unfinished
    one counts 0 for each choice that the shortest way to an ending still asks for.

    The key holds ``start`` and ``scenes``: {name: {html, ending, choices: [{uuid, text, to, fraction,
    consequence, feedback}]}}. The answer lists the uuids chosen. A form sends ``adegan``, how many choices
    were made before, and ``langkah``, the next one.
    """

    template = "quizzes/kinds/scenario.html"
    lines_template = "quizzes/kinds/_story_lines.html"
    is_story = True

    def accept(self, asked: Asked, sent: Sent, stored: Answer) -> list[str]:
        path = list(stored or [])
        chosen = (sent.get("langkah") or [""])[-1]
        made = (sent.get("adegan") or [""])[-1]
        if not chosen or made != str(len(path)):
            # Nothing chosen, or the scene was left behind on another page: what was chosen there stands.
            return path
        if len(path) >= MOST_STEPS:
            raise AnswerRefused("Percakapan ini sudah terlalu panjang. Lanjutkan ke soal berikutnya.")
        if chosen not in {choice["uuid"] for choice in self._open_scene(asked.story, path)["choices"]}:
            raise AnswerRefused(STALE_PAGE)
        return [*path, chosen]

    def fraction(self, key: Key, answer: Answer) -> Fraction:
        if not answer:
            return Fraction(0)
        scenes = key.key["scenes"]
        graph = {name: [choice["to"] for choice in scene["choices"]] for name, scene in scenes.items()}
        endings = {name for name, scene in scenes.items() if scene["ending"]}
        made = [choice for _scene, choice in _played(key.key, answer)]
        earned = {choice["uuid"]: Fraction(choice["fraction"]) for choice in made}
        missing = steps_to_ending(graph, endings)[made[-1]["to"]]
        return sum(earned.values(), Fraction(0)) / (len(earned) + missing)

    def lines(self, key: Key, answer: Answer) -> list[Line]:
        lines = []
        for scene, choice in _played(key.key, answer or []):
            best = max(scene["choices"], key=lambda other: Fraction(other["fraction"]))
            better = Fraction(best["fraction"]) > Fraction(choice["fraction"])
            lines.append(
                Line(
                    scene["html"],
                    escape(choice["text"]),
                    escape(best["text"]) if better else "",
                    result_of(Fraction(choice["fraction"])),
                    "\n".join(filter(None, [choice["consequence"], choice["feedback"]])),
                )
            )
        return lines

    def best(self, key: Key) -> list[str]:
        """The shortest way to an ending by choices of full worth; ``problem_of_graph`` sees to it that there is one."""
        scenes = key.key["scenes"]
        ways: deque[tuple[str, list[str]]] = deque([(key.key["start"], [])])
        seen = {key.key["start"]}
        while ways:
            name, path = ways.popleft()
            if scenes[name]["ending"]:
                return path
            for choice in scenes[name]["choices"]:
                if Fraction(choice["fraction"]) == 1 and choice["to"] not in seen:
                    seen.add(choice["to"])
                    ways.append((choice["to"], [*path, choice["uuid"]]))
        return []

    def fields(self, asked: Asked, stored: Answer) -> Play:
        path = stored or []
        scene = self._open_scene(asked.story, path)
        over = len(path) >= MOST_STEPS
        return Play(
            steps=[
                PlayedStep(mark_safe(behind["html"]), choice["text"], choice["consequence"])
                for behind, choice in _played(asked.story, path)
            ],
            html=mark_safe(scene["html"]),
            choices=[] if over else [(choice["uuid"], choice["text"]) for choice in scene["choices"]],
            ending=EndingTone(scene["ending"]).label if scene["ending"] else "",
            tone=scene["ending"],
        )

    @staticmethod
    def _open_scene(story: Story, path: Sequence[str]) -> Mapping[str, Any]:
        name = story["start"]
        for _scene, choice in _played(story, path):
            name = choice["to"]
        return story["scenes"][name]


def _played(story: Story, path: Sequence[str]):
    """Each scene of the way with the choice made there."""
    name = story["start"]
    for uuid in path:
        scene = story["scenes"][name]
        choice = next(choice for choice in scene["choices"] if choice["uuid"] == uuid)
        yield scene, choice
        name = choice["to"]
