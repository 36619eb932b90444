"""A conversation at the counter as a graph of scenes."""

from fractions import Fraction

from wagtail import blocks

from quizzes.choices import EndingTone, QuestionKind
from quizzes.graph import Scene, Way, problem_of_graph

from .base import TEXT_FEATURES, QuestionBlock, fraction_block
from .choice import PicturedBlock
from .folding import NamedBlock


class ChoiceBlock(NamedBlock):
    text = blocks.TextBlock(label="Yang dikatakan atau dilakukan", rows=2, max_length=400)
    to = blocks.CharBlock(label="Berlanjut ke adegan", max_length=30, help_text="Nama adegan berikutnya.")
    fraction = fraction_block("Bobot", "1 untuk tindakan terbaik, 0 untuk yang tidak membantu, di bawah 0 merugikan.")
    consequence = blocks.TextBlock(
        label="Akibatnya", rows=2, required=False, help_text="Langsung ditunjukkan sesudah dipilih."
    )
    feedback = blocks.TextBlock(
        label="Umpan balik", rows=2, required=False, help_text="Ditunjukkan sesudah kuis kepada yang memilih ini."
    )

    class Meta:
        label = "Pilihan"
        label_format = "{fraction}: {text} → {to}"


class SceneBlock(PicturedBlock):
    name = blocks.CharBlock(label="Nama adegan", max_length=30, help_text="Pendek dan unik, misalnya “loket”.")
    text = blocks.RichTextBlock(label="Yang terjadi", features=TEXT_FEATURES)
    choices = blocks.ListBlock(
        ChoiceBlock(),
        label="Pilihan",
        max_num=5,
        default=[],
        collapsed=True,
        help_text="Adegan penutup tidak punya pilihan.",
    )
    ending = blocks.ChoiceBlock(
        label="Penutup", choices=EndingTone.choices, required=False, help_text="Hanya untuk adegan penutup."
    )

    answer_names = ["name", "text", "choices", "ending"]

    class Meta:
        label = "Adegan"
        label_format = "{name} {ending}"


class ScenarioBlock(QuestionBlock):
    """The first scene is where it begins."""

    def __init__(self, **kwargs):
        scenes = blocks.ListBlock(
            SceneBlock(), label="Adegan; yang pertama adalah awalnya", min_num=2, max_num=30, collapsed=True
        )
        super().__init__([("scenes", scenes)], **kwargs)

    def key_problem(self, value) -> str:
        return problem_of_graph(scenes_of(value))

    class Meta:
        label = QuestionKind.SCENARIO.label
        icon = "redirect"
        label_format = "{text}"


def scenes_of(value) -> list[Scene]:
    """The scenes of a scenario block as a graph; drafts may have holes."""
    return [
        Scene(
            scene["name"] or "",
            [
                Way(choice["text"] or "", choice["to"] or "", Fraction(choice["fraction"] or 0))
                for choice in scene["choices"]
            ],
            scene["ending"] or "",
        )
        for scene in value["scenes"]
    ]
