/* Saves each answer as it is given and keeps it on the phone until the server acknowledges it (TRUST.md §3). */
(() => {
  "use strict";
  const form = document.querySelector("form[data-attempt]");
  const line = document.getElementById("tersimpan");
  if (!form || !line) return;
  const { attempt, position, epoch } = form.dataset;
  const name = "jawaban:" + attempt;
  let memory = "";

  // The queue: per question the newest answer not yet acknowledged. Tabs share it, so it is read anew each time.
  const read = () => {
    try { memory = localStorage.getItem(name) || memory; } catch { /* private mode: this page only */ }
    return memory ? JSON.parse(memory) : { sequence: 0, waiting: {} };
  };
  const write = (queue) => {
    memory = JSON.stringify(queue);
    try { localStorage.setItem(name, memory); } catch { /* as above */ }
  };
  const waiting = () => Object.keys(read().waiting).length;

  const show = (words, icon, tone = "") => {
    line.className = "saved " + tone;
    line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${line.dataset.icons}#${icon}"></use></svg>`;
    line.append(words);
  };
  const inputs = () => [...form.querySelectorAll("[name=pilihan]")];
  const choose = (chosen) => inputs().forEach((input) => { input.checked = chosen.includes(input.value); });
  const mark = () => {
    for (const number of Object.keys(read().waiting)) {
      document.querySelectorAll(".dots i, .map a")[number - 1]?.classList.add("d");
    }
  };

  let sending = null;
  let retry = 0;
  let pause = 1000;
  const send = async () => {
    clearTimeout(retry);
    try {
      // An acknowledged answer leaves the queue; one that changed on the way is met again.
      for (let next; (next = Object.entries(read().waiting)[0]);) {
        if (next[0] === position) show("Mengirim…", "sync", "now");
        await deliver(...next);
      }
      pause = 1000;
    } catch (problem) {
      show(problem.words || "Tersimpan di ponsel, dikirim saat ada sinyal", "phone");
      retry = setTimeout(flush, pause);
      pause = Math.min(pause * 2, 10000);
    }
    return !waiting();
  };
  const flush = () => (sending ||= send().finally(() => { sending = null; }));

  const deliver = async (number, answer) => {
    const body = new URLSearchParams({ epoch: answer.epoch, sequence: answer.sequence });
    answer.chosen.forEach((option) => body.append("pilihan", option));
    const reply = await fetch(`/kuis/${attempt}/${number}/`, {
      method: "POST", body, keepalive: true, redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    });
    if (reply.type === "opaqueredirect" || reply.status === 403 || reply.status === 404) {
      throw { words: "Sesi berakhir. Jawaban aman di ponsel; masuk lagi untuk mengirimnya." };
    }
    if (!reply.ok && reply.status !== 409) throw {};
    const said = await reply.json();
    const queue = read();
    const newest = queue.waiting[number];
    if (newest && newest.epoch === answer.epoch && newest.sequence === answer.sequence) {
      delete queue.waiting[number];
      write(queue);
      const saved = said.state === "saved";
      if (number === position || !position) show(said.label, saved ? "check" : "info", saved ? "good" : "now");
      if (number === position && said.state === "superseded") choose(said.chosen);
    }
    if (said.seconds != null) setClock(said.seconds);
  };
  form.addEventListener("change", () => {
    const queue = read();
    queue.sequence = Math.max(queue.sequence, +form.dataset.sequence) + 1;
    queue.waiting[position] = {
      epoch, sequence: queue.sequence, chosen: inputs().filter((input) => input.checked).map((input) => input.value),
    };
    write(queue);
    form.elements.sequence.value = queue.sequence;
    show("Di ponsel", "phone");
    mark();
    flush();
  });

  // Turning the page sends no form, the queue does; before the form is sent (explanation, submit) the queue goes first.
  let leaving = false;
  form.addEventListener("submit", async (event) => {
    const to = event.submitter?.dataset.to;
    if (leaving || (!to && !waiting())) return;
    event.preventDefault();
    if (to && navigator.onLine) return location.assign(to);
    if (!(await flush())) return show(`${waiting()} jawaban masih di ponsel. Tunggu sinyal, lalu tekan lagi.`, "phone");
    if (to) return location.assign(to);
    leaving = true;
    form.requestSubmit(event.submitter);
  });

  const timer = document.querySelector("[role=timer]");
  let ends = 0;
  const setClock = (seconds) => { ends = Date.now() + seconds * 1000; };
  const tick = async () => {
    const left = Math.round((ends - Date.now()) / 1000);
    timer.lastElementChild.textContent = left > 59 ? `Sisa ${Math.ceil(left / 60)} menit` : left > 0 ? `Sisa ${left} detik` : "Waktu habis";
    timer.classList.toggle("late", left < 300);
    if (left > 0) return;
    clearInterval(ticking);
    inputs().forEach((input) => { input.disabled = true; });
    if (!(await flush())) return setTimeout(tick, 3000);
    leaving = true;
    form.action = form.dataset.submit;
    form.submit();
  };
  const ticking = timer && setInterval(tick, 1000);
  if (timer) setClock(+form.dataset.seconds);

  // What a reload or a lost signal left behind: show it, send it.
  const left = read().waiting[position];
  if (left) {
    choose(left.chosen);
    form.elements.sequence.value = left.sequence;
  } else if (position) form.elements.sequence.value = form.dataset.stored;
  mark();
  if (waiting()) flush().then((done) => { if (done && !position) location.reload(); });
  addEventListener("online", flush);
  addEventListener("pagehide", flush);
  addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", flush);
})();
