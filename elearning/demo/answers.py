"""What an invented person answers: the better they know it, the more often rightly, and else plausibly wrong."""

from random import Random

from quizzes.kinds import Answer
from quizzes.models import QuestionKind, VersionQuestion

HALF_KNOWN = ["tidak tahu", "menyapa", "asas", "sebentar", "petugas"]
ESSAY = (
    "Selamat malam, saya {name} dari layanan Polresta Contoh. Kami mohon maaf Bapak menunggu dua minggu tanpa kabar. "
    "Laporan Bapak dipegang penyidik; besok pukul 10.00 WIT saya kabari perkembangannya, ada atau belum. "
    "Mohon nomor KTP tidak dikirim lewat percakapan ini."
)
NAMES = ["Rina", "Yohan", "Sari", "Dedi"]


def answer_of(question: VersionQuestion, *, skill: float, chance: Random) -> Answer:
    """The answer of somebody who knows ``skill`` (0..1) of the course, in the shape of the question's kind."""
    key, knows = question.answer_key, chance.random() < skill
    if question.kind == QuestionKind.ESSAY:
        return ESSAY.format(name=chance.choice(NAMES))
    if question.kind == QuestionKind.SCENARIO:
        return _played(key.key, skill, chance)
    best = question.rules.best(key)
    if knows:
        return best
    match question.kind:
        case QuestionKind.ORDERING:
            place = chance.randrange(len(best) - 1)
            return [*best[:place], best[place + 1], best[place], *best[place + 2 :]]
        case QuestionKind.MATCHING:
            others = [option.uuid for option in key.options]
            return {
                stem: partner if chance.random() < skill else chance.choice(others) for stem, partner in best.items()
            }
        case QuestionKind.GAPS:
            return {gap: text if chance.random() < skill else chance.choice(HALF_KNOWN) for gap, text in best.items()}
        case QuestionKind.NUMERICAL:
            return {"number": str(chance.randrange(5, 60)), "unit": best["unit"]}
        case QuestionKind.SHORT:
            return chance.choice(HALF_KNOWN)
        case _:
            return [chance.choice(key.options).uuid]


def _played(story: dict, skill: float, chance: Random) -> list[str]:
    """A conversation in which each choice is the best one with probability ``skill``; it always comes to an end."""
    path: list[str] = []
    name = story["start"]
    while not story["scenes"][name]["ending"] and len(path) < 20:
        choices = story["scenes"][name]["choices"]
        best = max(choices, key=lambda choice: float(choice["fraction"]))
        choice = best if chance.random() < skill else chance.choice(choices)
        path.append(choice["uuid"])
        name = choice["to"]
    return path
