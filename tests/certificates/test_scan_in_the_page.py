"""On the public pages a code is scanned with the camera where the browser can, and a PDF is dropped anywhere."""

import base64

import pytest
from django.core.files.storage import storages

from tests.browser import DESK, PHONE
from tests.factories.certificates import issued

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KILOBYTE = 1024
# A browser that can read codes, and a camera that shows nothing until ``seen`` is set.
CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.seen ? [{ rawValue: window.seen }] : []; }
};
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => {
  if (window.refused) throw new DOMException("no", "NotAllowedError");
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  return window.stream = canvas.captureStream(5);
} } });
"""
DROP = """(content) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], "unduhan.pdf", { type: "application/pdf" }));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def camera(phone):
    phone.add_init_script(CAMERA)
    return phone


def test_scanning_the_code_opens_the_certificate_and_turns_the_camera_off(camera):
    certificate = issued(rendered=True)
    camera.goto("/verifikasi/")
    camera.get_by_role("button", name="Nyalakan kamera").click()
    camera.locator("video:visible").wait_for()

    camera.evaluate(f"window.seen = location.origin + '/verifikasi/{certificate.shown_id}/'")

    camera.wait_for_url(f"**/verifikasi/{certificate.shown_id}/")
    assert certificate.number in camera.content()


def test_a_code_that_opens_another_address_is_told_and_looked_up_here(camera):
    certificate = issued(rendered=True)
    camera.goto("/verifikasi/")
    camera.get_by_role("button", name="Nyalakan kamera").click()

    camera.evaluate(f"window.seen = 'https://palsu.example/verifikasi/{certificate.shown_id}/'")

    camera.get_by_text("membuka alamat lain (palsu.example)").wait_for()
    assert camera.evaluate("window.stream.getTracks().every((track) => track.readyState === 'ended')")
    camera.get_by_role("button", name="Periksa kode").click()
    camera.wait_for_url(f"**/verifikasi/{certificate.shown_id}/")


def test_a_camera_that_is_refused_leaves_the_other_ways(camera):
    camera.goto("/verifikasi/")
    camera.evaluate("window.refused = true")

    camera.get_by_role("button", name="Nyalakan kamera").click()

    camera.get_by_text("Kamera tidak dapat dibuka").wait_for()


def test_a_browser_that_cannot_scan_is_told_what_to_do(phone):
    phone.add_init_script("delete window.BarcodeDetector")
    phone.goto("/verifikasi/")

    assert phone.get_by_text("Buka aplikasi kamera ponsel").is_visible()
    assert not phone.get_by_role("button", name="Nyalakan kamera").is_visible()


def test_a_file_dropped_anywhere_on_the_page_is_checked(desk):
    certificate = issued(rendered=True)
    with storages["private"].open(certificate.files.get().storage_name) as stored:
        content = base64.b64encode(stored.read()).decode()
    desk.goto("/verifikasi/")

    desk.evaluate(DROP, content)

    desk.get_by_text("Berkas asli", exact=True).wait_for()


def test_the_public_pages_are_light_and_fit_by_day_and_by_night(phone, fits, weigh, record_property):
    certificate = issued(rendered=True)
    paths = [f"/verifikasi/{certificate.shown_id}/", "/verifikasi/", "/verifikasi/luring/"]
    weights = {path: weigh(phone, path) for path in paths}
    record_property("gz bytes", weights)

    assert max(weights.values()) <= 40 * KILOBYTE, weights
    for path in paths:
        phone.goto(path)
        fits(phone, PHONE, DESK)
