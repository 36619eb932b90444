"""How long the editor of a large quiz takes to open, in Chromium against this machine's own server.

On the data of ``make demo``, whose largest quiz has more than 50 questions, opened by its trainer. Told are the
milliseconds until the page is interactive (loaded and idle), the nodes built, the bytes of HTML, and the
milliseconds until a question's fields stand after a click. The bare list of pages beside it says how fast the
machine is. ``make bench-editor`` runs it.
"""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.demo")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import django

django.setup()

from django.test import Client  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from elearning.demo.loading import accounts, is_loaded  # noqa: E402
from organisation.models import User  # noqa: E402
from quizzes.models import QuizPage  # noqa: E402
from scripts.ground import CHROMIUM  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
RESULT = Path(__file__).parent / "results" / "editor.json"
PORT = int(os.environ.get("BENCH_PORT", "8791"))
ROUNDS = 5
IDLE = "() => new Promise(done => requestIdleCallback(() => requestAnimationFrame(() => done())))"
TOGGLES = "[data-streamfield-child] > section > .w-panel__header > [data-panel-toggle]"


def serve() -> subprocess.Popen:
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "elearning.wsgi", "--bind", f"127.0.0.1:{PORT}", "--threads", "4"],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    for _wait in range(100):
        if subprocess.run(["curl", "-sfo", "/dev/null", f"http://127.0.0.1:{PORT}/healthz"]).returncode == 0:
            return server
        time.sleep(0.2)
    server.terminate()
    raise SystemExit(f"The server did not start on port {PORT}; choose another with BENCH_PORT.")


def session() -> dict:
    """A signed-in session of the demonstration's trainer, without a password."""
    client = Client()
    client.force_login(User.objects.get(login=next(row["login"] for row in accounts() if row["role"] == "trainer")))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"http://127.0.0.1:{PORT}"}


def opened(page: Page, path: str) -> float:
    page.goto("about:blank")
    began = time.perf_counter()
    answer = page.goto(f"http://127.0.0.1:{PORT}{path}")
    page.evaluate(IDLE)
    assert answer is not None, path
    assert answer.status == 200, f"{path} answers {answer.status}"
    return (time.perf_counter() - began) * 1000


def median(values: list[float]) -> int:
    return round(sorted(values)[len(values) // 2])


def measured(page: Page, quiz: QuizPage) -> dict:
    edit = f"/admin/pages/{quiz.pk}/edit/"
    opened(page, edit)
    # Side by side, so that a busy moment slows both.
    pairs = [(opened(page, edit), opened(page, f"/admin/pages/{quiz.get_parent().pk}/")) for _ in range(ROUNDS)]
    opened(page, edit)
    nodes, size = page.evaluate("[document.querySelectorAll('*').length, document.documentElement.outerHTML.length]")
    began = time.perf_counter()
    page.locator(TOGGLES).first.click()
    page.wait_for_selector("[name='questions-0-value-topic']", state="attached")
    clicked = (time.perf_counter() - began) * 1000
    return {
        "questions": len(quiz.questions),
        "interactive_ms": median([pair[0] for pair in pairs]),
        "list_of_pages_ms": median([pair[1] for pair in pairs]),
        "nodes": nodes,
        "html_bytes": size,
        "open_a_question_ms": round(clicked),
    }


def main() -> int:
    if not is_loaded():
        print("No demonstration data here. Run “make demo” once, then “make bench-editor”.")
        return 1
    quiz = max(QuizPage.objects.all(), key=lambda page: len(page.questions))
    server = serve()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="id-ID")
            context.add_cookies([session()])
            context.set_default_timeout(120_000)
            figures = measured(context.new_page(), quiz)
            browser.close()
    finally:
        server.terminate()
        server.wait()
    for name, value in figures.items():
        print(f"{name:24}{value:>12}")
    cores = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip()
    machine = {"python": platform.python_version(), "cores": cores, "load": os.getloadavg()[0]}
    RESULT.write_text(json.dumps({"machine": machine, **figures}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
