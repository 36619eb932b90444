/* Saves each answer as it is given and keeps it on the phone until the server acknowledges it (TRUST.md §3). */
(() => {
  "use strict";
  const form = document.querySelector("form[data-attempt]");
  const page = document.getElementById("tersimpan");
  if (!form) return;
  const { attempt, epoch } = form.dataset;
  // The page of one question is that question; the page of all has a part of the form for each; one has none.
  const parts = form.dataset.position ? [form] : [...form.querySelectorAll("[data-position]")];
  const partAt = (number) => parts.find((part) => part.dataset.position === number);
  const partOf = (node) => node.closest("[data-position]");
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

  const show = (words, icon, tone = "", part = parts[0]) => {
    const line = part ? part.querySelector(".saved[data-icons]") : page;
    if (!line) return;
    line.className = "saved " + tone;
    line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${line.dataset.icons}#${icon}"></use></svg>`;
    line.append(words);
  };
  // What is sent of the answer: the fields as the form would send them; the fields are put back the same way.
  const OURS = ["csrfmiddlewaretoken", "epoch", "sequence", "lama"];
  // Fields of the page of all carry the number of their question in front; the server is sent them without.
  const plain = (part, field) => {
    const prefix = part.dataset.prefix || "";
    return field.startsWith(prefix) && !OURS.includes(field.slice(prefix.length)) ? field.slice(prefix.length) : "";
  };
  const fields = (part) => [...new FormData(form)].map(([field, value]) => [plain(part, field), value]).filter(([field]) => field);
  const inputs = (part) => [...form.elements].filter((input) => plain(part, input.name));
  const restore = (part, answer) => {
    const sent = new URLSearchParams(answer);
    const order = sent.getAll("urutan");
    part.querySelectorAll(".order > li").forEach((step, _index, steps) => {
      steps[0].parentNode.append([...steps].find((other) => other.firstElementChild.value === order[0]) || step);
      order.shift();
    });
    inputs(part).forEach((input) => {
      const field = plain(part, input.name);
      if (/radio|checkbox/.test(input.type)) input.checked = sent.getAll(field).includes(input.value);
      else if (/text|select/.test(input.type)) input.value = sent.get(field) || "";
    });
  };
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
        if (partAt(next[0])) show("Mengirim…", "sync", "now", partAt(next[0]));
        await deliver(...next);
      }
      pause = 1000;
    } catch (problem) {
      const words = problem.words || "Tersimpan di ponsel, dikirim saat ada sinyal";
      for (const number of Object.keys(read().waiting)) show(words, "phone", "", partAt(number));
      retry = setTimeout(flush, pause);
      pause = Math.min(pause * 2, 10000);
    }
    return !waiting();
  };
  const flush = () => (sending ||= send().finally(() => { sending = null; }));

  const deliver = async (number, answer) => {
    const body = new URLSearchParams([["epoch", answer.epoch], ["sequence", answer.sequence], ...answer.fields]);
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
      if (partAt(number) || !parts.length) show(said.label, saved ? "check" : "info", saved ? "good" : "now", partAt(number));
      if (partAt(number) && said.state === "superseded") location.reload();
    }
    if (said.seconds != null) setClock(said.seconds);
  };
  const keep = (part, answer) => {
    const queue = read();
    queue.sequence = Math.max(queue.sequence, +form.dataset.sequence) + 1;
    queue.waiting[part.dataset.position] = {
      epoch, sequence: queue.sequence, fields: answer,
    };
    write(queue);
    form.elements.sequence.value = queue.sequence;
    show("Di ponsel", "phone", "", part);
    mark();
    return flush();
  };
  form.addEventListener("change", (event) => {
    const part = partOf(event.target);
    keep(part, fields(part));
  });
  // What is typed is kept two seconds after the last key, and every ten while one goes on.
  let typed = 0;
  let kept = 0;
  let writing = null;
  form.addEventListener("input", (event) => {
    if (!/text/.test(event.target.type)) return;
    clearTimeout(typed);
    if (Date.now() - kept > 10000) kept = Date.now();
    writing = partOf(event.target);
    typed = setTimeout(() => { kept = 0; typed = 0; keep(writing, fields(writing)); }, Math.min(2000, Math.max(kept + 10000 - Date.now(), 0)));
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name$=geser]");
    if (!button) return;
    event.preventDefault();
    const step = button.closest("li");
    if (button.value.endsWith("-1")) step.previousElementSibling?.before(step);
    else step.nextElementSibling?.after(step);
    [...step.parentNode.children].forEach((other, place, steps) => {
      const [up, down] = other.querySelectorAll("button");
      up.disabled = !place;
      down.disabled = place === steps.length - 1;
    });
    (button.disabled ? step.querySelector("button:enabled") : button).focus();
    keep(partOf(step), fields(partOf(step)));
  });

  // Turning the page sends no form, the queue does; before the form is sent (explanation, submit) the queue goes first.
  let leaving = false;
  form.addEventListener("submit", async (event) => {
    const to = event.submitter?.dataset.to;
    if (event.submitter?.name.endsWith("langkah")) {
      // The next scene comes from the server, so the page waits for it.
      event.preventDefault();
      const part = partOf(event.submitter);
      if (await keep(part, [...fields(part), ["langkah", event.submitter.value]])) location.reload();
      return;
    }
    if (typed) { clearTimeout(typed); typed = 0; keep(writing, fields(writing)); }
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
    parts.forEach((part) => inputs(part).forEach((input) => { input.disabled = true; }));
    if (!(await flush())) return setTimeout(tick, 3000);
    leaving = true;
    form.action = form.dataset.submit;
    form.submit();
  };
  const ticking = timer && setInterval(tick, 1000);
  if (timer) setClock(+form.dataset.seconds);

  // What a reload or a lost signal left behind: show it, send it.
  parts.forEach((part) => {
    const left = read().waiting[part.dataset.position];
    if (left) restore(part, left.fields);
    if (left || part === form) form.elements.sequence.value = left ? left.sequence : form.dataset.stored;
  });
  mark();
  if (waiting()) flush().then((done) => { if (done && !parts.length) location.reload(); });
  addEventListener("online", flush);
  addEventListener("pagehide", flush);
  addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", flush);
})();
