"""Category paths as text: ``Pelayanan/Antrean``; a slash in a name is doubled. Moodle puts its context in front."""

import re

CONTEXT = re.compile(r"\$[a-z0-9]+\$$")


def names_in(text: str) -> tuple[str, ...]:
    """The names from the top down."""
    names = (name.replace("//", "/").strip() for name in re.split(r"(?<!/)/(?!/)", text))
    return tuple(name for name in names if name)


def joined(path: tuple[str, ...]) -> str:
    return "/".join(map(_name, path))


def path_from(text: str) -> tuple[str, ...]:
    """As ``names_in``, without Moodle's context and its word for the root: ``$course$/top/…``."""
    names = names_in(text)
    if names and CONTEXT.match(names[0]):
        names = names[1:]
    return names[1:] if names and names[0] == "top" else names


def text_from(path: tuple[str, ...]) -> str:
    return joined(("$course$", "top", *path))


def _name(name: str) -> str:
    doubled = name.replace("/", "//")
    # A slash at the rim of a name must not run into the one that parts it from the next.
    return f" {doubled} " if doubled.startswith("/") or doubled.endswith("/") else doubled
