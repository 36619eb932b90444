"""Fixtures that drive the real Chromium: ``phone`` and ``desk`` are pages that watch themselves."""

import gzip
import os
import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults

from scripts.ground import CHROMIUM

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def chromium():
    """The browser. Missing: skipped, or failed where CI=true."""
    if not shutil.which(CHROMIUM):
        if os.environ.get("CI") == "true":
            pytest.fail(f"Chromium is missing at {CHROMIUM}.")
        pytest.skip(f"Chromium is missing at {CHROMIUM}.")
    from playwright.sync_api import sync_playwright

    # Playwright runs its event loop in this thread; Django would otherwise refuse the factories.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Notes what a page must never do: ask a foreign host, break the content policy, log an error."""

    def __init__(self, page):
        self.page = page
        self.complaints: list[str] = []
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error on {page.url}: {error}"))

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in ("localhost", "127.0.0.1"):
            self.complaints.append(f"foreign request from {self.page.url}: {request.url}")

    def _console(self, message) -> None:
        # The browser logs an error for a page that answers 404, which a test may well ask for.
        refused_page = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type == "error" and not refused_page:
            self.complaints.append(f"console error on {self.page.url}: {message.text}")


@pytest.fixture
def visit(chromium, live_server, transactional_db):
    """Open a watched page: ``visit(PHONE)`` or ``visit(DESK, color_scheme="dark")``; paths start at the server."""
    opened: list[tuple] = []

    def open_page(viewport: dict, **options):
        # Colours that glide, from day to night or under a finger, would be measured half way.
        options = {"locale": "id-ID", "timezone_id": "Asia/Jakarta", "reduced_motion": "reduce", **options}
        context = chromium.new_context(viewport=viewport, base_url=live_server.url, **options)
        # A machine that is busy with other tests may take long over one click.
        context.set_default_timeout(60_000)
        page = context.new_page()
        opened.append((context, Watch(page)))
        return page

    yield open_page
    complaints = [complaint for _context, watch in opened for complaint in watch.complaints]
    for context, _watch in opened:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def phone(visit):
    """A page on a phone of 360 × 800."""
    return visit(PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def desk(visit):
    """A page on a desk screen of 1280 × 800."""
    return visit(DESK)


COLOURS = "color-contrast"
# An element with a drawn ::before or ::after would not be measured but set aside for a person to look at; finding that
# out is half of axe's work.
AXE = f"""{AXE_SCRIPT};
axe.configure({{checks: [{{id: "color-contrast", options: {{ignorePseudo: true}}}}]}});
"""
RUN_AXE = """async options => typeof axe === "undefined" ? null : {violations: (await axe.run(options)).violations}"""


@pytest.fixture
def axe():
    """``axe(page)`` fails with a report when axe finds anything on the page.

    Colours take three quarters of its time. ``colours="only"`` measures nothing else, where the page was looked at
    in another scheme a moment ago; ``colours="no"`` looks at everything else.
    """

    def check(page, *, colours: str = "too") -> None:
        options: dict = {"resultTypes": ["violations"]}
        if colours == "only":
            options["runOnly"] = [COLOURS]
        elif colours == "no":
            options["rules"] = {COLOURS: {"enabled": False}}
        # A click ends when the next page begins to arrive; half a page has no heading yet, and no end.
        page.wait_for_load_state()
        found = page.evaluate(RUN_AXE, options)
        if found is None:
            # As a script, not as text for eval: the next page that gets the same one need not compile it again.
            session = page.context.new_cdp_session(page)
            session.send("Runtime.evaluate", {"expression": AXE})
            session.detach()
            found = page.evaluate(RUN_AXE, options)
        results = AxeResults(found)
        rules = ", ".join(violation["id"] for violation in results.response["violations"])
        assert not rules, f"{page.url}: {rules}\n{results.generate_report()}"

    return check


@pytest.fixture
def fits(axe):
    """``fits(page)``: by day and by night axe finds nothing, and nothing hangs over the edge.

    ``fits(page, PHONE, DESK)`` says so of the same page at each size.
    """

    def check(page, *sizes) -> None:
        for size in sizes or [page.viewport_size]:
            page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                axe(page, colours="too" if scheme == "light" else "only")
            overhang = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overhang <= 0, f"{page.url} is {overhang} px too wide at {size['width']} px"

    return check


@pytest.fixture
def weigh():
    """``weigh(page, path)`` opens ``path`` with a cold cache and returns its gz bytes without pictures."""
    compressible = ("text/", "application/javascript", "application/json", "application/manifest", "image/svg")

    def weight(page, path: str) -> int:
        # What the page before still asks for is not counted.
        page.goto("about:blank")
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        responses = {}
        session.on("Network.responseReceived", lambda event: responses.update({event["requestId"]: event}))
        page.goto(path, wait_until="networkidle")
        total = 0
        for request_id, event in responses.items():
            response = event["response"]
            if event["type"] == "Image" or response["url"].startswith("data:"):
                continue
            body = session.send("Network.getResponseBody", {"requestId": request_id})
            raw = body["body"].encode() if not body["base64Encoded"] else _decode(body["body"])
            total += len(gzip.compress(raw, 6)) if response["mimeType"].startswith(compressible) else len(raw)
        session.detach()
        return total

    return weight


def _decode(text: str) -> bytes:
    import base64

    return base64.b64decode(text)
