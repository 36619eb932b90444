"""A scenario's scenes as a graph: what is wrong with it, and how far an ending is. No database, no blocks.

A scene is (name, names of the scenes its choices lead to, whether it is an ending); the first one is the
start. Names are compared without case and surrounding spaces.
"""

from collections import deque
from collections.abc import Sequence

Scene = tuple[str, Sequence[str], bool]


def scene_key(name: str) -> str:
    return " ".join(name.split()).casefold()


def problem_of_graph(scenes: Sequence[Scene]) -> str:
    """Return a sentence about the first fault, or an empty string.

    Faults: two scenes of one name, a choice that leads nowhere, an ending with choices, a dead end
    (neither choices nor ending), a scene nobody reaches, a scene from which no ending can be reached.
    Circles are allowed as long as a way out exists.
    """
    graph: dict[str, list[str]] = {}
    endings: set[str] = set()
    for name, targets, is_ending in scenes:
        key = scene_key(name)
        if key in graph:
            return f"Dua adegan bernama “{name}”. Beri nama lain kepada salah satunya."
        graph[key] = [scene_key(target) for target in targets]
        if is_ending:
            endings.add(key)
        if is_ending and targets:
            return f"Adegan “{name}” ditandai sebagai penutup, tetapi masih punya pilihan. Hapus salah satunya."
        if not is_ending and not targets:
            return f"Adegan “{name}” buntu: beri pilihan, atau tandai sebagai penutup."
    for name, targets, _is_ending in scenes:
        for target in targets:
            if scene_key(target) not in graph:
                return f"Adegan “{name}” menuju “{target}”, tetapi adegan itu tidak ada."
    reached = distances(graph, [next(iter(graph), "")])
    out = steps_to_ending(graph, endings)
    for name, _targets, _is_ending in scenes:
        if scene_key(name) not in reached:
            return f"Adegan “{name}” tidak pernah tercapai dari adegan pertama."
    for name, _targets, _is_ending in scenes:
        if scene_key(name) not in out:
            return f"Dari adegan “{name}” tidak ada jalan menuju penutup: percakapannya berputar tanpa akhir."
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
