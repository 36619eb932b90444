"""Rich text: which marks an author may use, and the sanitiser that holds it to them on every save."""

import nh3
from markdown_it import MarkdownIt

FEATURES = ["bold", "italic", "ol", "ul", "link"]

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "a"}
# linktype and id are how Wagtail stores a link to a page; data-block-key is where a comment hangs.
ATTRIBUTES = {"a": {"href", "linktype", "id"}, "p": {"data-block-key"}, "li": {"data-block-key"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "heading", "lheading", "code", "fence", "hr"])


def sanitised(html: str) -> str:
    """Return ``html`` with only the marks of this module; scripts, styles and foreign attributes are gone."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


def from_markdown(text: str) -> str:
    """Return the sanitised HTML of a content file's text: paragraphs, lists, **bold**, *italic* and links."""
    return sanitised(_markdown.render(text)).strip()
