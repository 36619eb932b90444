"""A scenario's scenes as a graph: what is wrong with it, and how far an ending is. No database, no blocks.

Scenes are named; names are compared without case and surrounding spaces. The first scene is the start.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Way:
    """A choice: its words, the name of the scene it leads to, and what it is worth (-1..1)."""

    text: str
    to: str
    fraction: Fraction


@dataclass(frozen=True)
class Scene:
    """``ending`` is an EndingTone, or empty for a scene that goes on."""

    name: str
    ways: Sequence[Way]
    ending: str = ""


def scene_key(name: str) -> str:
    return " ".join(name.split()).casefold()


def problem_of_graph(scenes: Sequence[Scene]) -> str:
    """Return a sentence about the first fault, or an empty string.

    Faults: two scenes of one name, a choice that leads nowhere, an ending with choices, a dead end
    (neither choices nor ending), a scene nobody reaches, a scene from which no ending can be reached,
    no way to an ending that earns everything. Circles are allowed as long as a way out exists.
    """
    graph: dict[str, list[str]] = {}
    full: dict[str, list[str]] = {}
    endings: set[str] = set()
    for scene in scenes:
        key = scene_key(scene.name)
        if key in graph:
            return f"Dua adegan bernama “{scene.name}”. Beri nama lain kepada salah satunya."
        graph[key] = [scene_key(way.to) for way in scene.ways]
        full[key] = [scene_key(way.to) for way in scene.ways if way.fraction == 1]
        if scene.ending:
            endings.add(key)
        if scene.ending and scene.ways:
            return f"Adegan “{scene.name}” ditandai sebagai penutup, tetapi masih punya pilihan. Hapus salah satunya."
        if not scene.ending and not scene.ways:
            return f"Adegan “{scene.name}” buntu: beri pilihan, atau tandai sebagai penutup."
    for scene in scenes:
        for way in scene.ways:
            if scene_key(way.to) not in graph:
                return f"Adegan “{scene.name}” menuju “{way.to}”, tetapi adegan itu tidak ada."
    start = next(iter(graph), "")
    reached, out = distances(graph, [start]), steps_to_ending(graph, endings)
    for scene in scenes:
        if scene_key(scene.name) not in reached:
            return f"Adegan “{scene.name}” tidak pernah tercapai dari adegan pertama."
    for scene in scenes:
        if scene_key(scene.name) not in out:
            return f"Dari adegan “{scene.name}” tidak ada jalan menuju penutup: percakapannya berputar tanpa akhir."
    if not endings & distances(full, [start]).keys():
        return "Nilai penuh tidak dapat dicapai: buat satu jalan sampai penutup yang semua pilihannya berbobot 1."
    return ""


def distances(graph: dict[str, list[str]], start: Sequence[str]) -> dict[str, int]:
    """How many choices away each scene is from the nearest of ``start``; those out of reach are missing."""
    found = {key: 0 for key in start if key in graph}
    queue = deque(found)
    while queue:
        key = queue.popleft()
        for target in graph[key]:
            if target in graph and target not in found:
                found[target] = found[key] + 1
                queue.append(target)
    return found


def steps_to_ending(graph: dict[str, list[str]], endings: set[str]) -> dict[str, int]:
    """The fewest choices from each scene to an ending; scenes without a way out are missing."""
    backwards: dict[str, list[str]] = {key: [] for key in graph}
    for key, targets in graph.items():
        for target in targets:
            if target in backwards:
                backwards[target].append(key)
    return distances(backwards, sorted(endings))
