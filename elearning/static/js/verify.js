/* A PDF may be dropped anywhere on the page; the camera reads the code where the browser can. Without it the forms do the same. */
(() => {
  "use strict";
  const form = document.querySelector("[data-drop]");
  if (form) {
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      form.querySelector("[type=file]").files = event.dataTransfer.files;
      form.requestSubmit();
    });
  }

  const part = document.getElementById("pindai");
  if (!part || !window.BarcodeDetector || !navigator.mediaDevices) return;
  const [words, button, video] = ["[role=status]", "button", "video"].map((name) => part.querySelector(name));
  const field = document.getElementById("id_kode");
  let timer = 0;

  const stop = () => {
    clearInterval(timer);
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    video.hidden = true;
    button.textContent = "Nyalakan kamera";
  };
  const read = (text) => {
    // Only the code counts, and it is looked up here, wherever the picture would lead.
    const [, code] = /verifikasi\/([0-9A-Za-z-]{17,24})\/?$/.exec(text) || [];
    if (!code) { words.textContent = "Kode QR ini bukan kode sertifikat kami."; return; }
    stop();
    const host = URL.canParse(text) ? new URL(text).host : "";
    field.value = code;
    if (host === location.host) { field.form.requestSubmit(); return; }
    words.textContent = `Hati-hati: kode QR ini membuka alamat lain (${host || text}), bukan alamat ini. Kodenya sudah diisikan di atas; tekan “Periksa kode” untuk memeriksanya di sini.`;
    field.focus();
  };
  const start = async () => {
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      button.textContent = "Matikan kamera";
      words.textContent = "Arahkan kamera ke kode QR di kiri bawah sertifikat.";
      await video.play();
      timer = setInterval(async () => {
        const [found] = await detector.detect(video).catch(() => []);
        if (found && video.srcObject) read(found.rawValue);
      }, 250);
    } catch {
      stop();
      words.textContent = "Kamera tidak dapat dibuka. Izinkan kamera untuk halaman ini, pakai aplikasi kamera ponsel, atau ketik kodenya.";
    }
  };
  BarcodeDetector.getSupportedFormats().then((formats) => {
    if (!formats.includes("qr_code")) return;
    button.hidden = false;
    button.addEventListener("click", () => (video.srcObject ? stop() : start()));
    addEventListener("pagehide", stop);
  });
})();
