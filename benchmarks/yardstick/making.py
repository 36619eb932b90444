"""The yardstick's pages: a small site of five sections, the one article that is measured, and who reads it."""

import io

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.images import ImageFile
from PIL import Image as Pillow
from wagtail.images.models import Image
from wagtail.models import Page, Site

from organisation.models import User

from .models import ArticlePage

SECTIONS = 5
WORDS = "Petugas mendengarkan pelapor sampai selesai, mencatat, lalu menjelaskan langkah berikutnya. "


def make_article() -> str:
    """Return the path of a live article with six blocks."""
    site = Site.objects.get(is_default_site=True)
    home = Page.objects.get(pk=site.root_page_id)
    sections = [
        home.add_child(instance=Page(title=f"Bagian {n}", slug=f"bagian-{n}", show_in_menus=True))
        for n in range(1, SECTIONS + 1)
    ]
    content = io.BytesIO()
    Pillow.new("RGB", (1200, 800), "navy").save(content, "PNG")
    picture = Image.objects.create(title="Loket", file=ImageFile(content, name="loket.png"))
    article = ArticlePage(title="Melayani di loket", slug="melayani-di-loket")
    article.body = [
        {"type": "heading", "value": "Mendengarkan"},
        {"type": "text", "value": f"<p>{WORDS * 4}</p><p><b>{WORDS}</b></p>"},
        {"type": "picture", "value": picture.pk},
        {"type": "quotation", "value": WORDS},
        {"type": "steps", "value": WORDS.split()[:5]},
        {"type": "more", "value": sections[2].pk},
    ]
    article.body = ArticlePage.body.field.stream_block.to_python(article.body)
    sections[0].add_child(instance=article)
    return article.get_url()


def make_reader() -> str:
    """Return the session key of somebody who is signed in."""
    reader = User.objects.create(login="pembaca", name="Pembaca")
    session = SessionStore()
    session[SESSION_KEY] = str(reader.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    session.create()
    return session.session_key
