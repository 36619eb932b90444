/* Saves each answer as it is given and keeps it on the phone until the server acknowledges it (TRUST.md §3).
   The page of one question is a form with data-position; the page of all has a part with data-position for each. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-attempt]");
  if (!form) return;
  const { attempt, epoch, seconds, submit } = form.dataset;
  const parts = form.dataset.position ? [form] : [...form.querySelectorAll("[data-position]")];
  const partAt = (position) => parts.find((part) => part.dataset.position === position);
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
  // What was refused stays until it is changed, so that its words are not lost; it is not sent again.
  const waiting = () => Object.entries(read().waiting).filter(([, answer]) => !answer.refused);

  const show = (part, words, icon, tone = "") => {
    const line = (part || form).querySelector(".saved");
    if (!line) return;
    line.className = "saved " + tone;
    line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${line.dataset.icons}#${icon}"></use></svg>`;
    line.append(words);
  };

  // What is sent of an answer: the fields as the form would send them; the fields are put back the same way.
  const OURS = ["csrfmiddlewaretoken", "epoch", "sequence", "lama"];
  // On the page of all, a field carries the number of its question in front; the server is sent it without.
  const plain = (part, field) => {
    const { prefix = "" } = part.dataset;
    const rest = field.startsWith(prefix) ? field.slice(prefix.length) : "";
    return OURS.includes(rest) ? "" : rest;
  };
  const fields = (part) => [...new FormData(form)].map(([field, value]) => [plain(part, field), value]).filter(([field]) => field);
  const inputs = (part) => [...part.querySelectorAll("[name]")].filter((input) => plain(part, input.name));
  const restore = (part, answer) => {
    const sent = new URLSearchParams(answer);
    part.querySelectorAll(".order").forEach((list) => sent.getAll("urutan").forEach((uuid) => {
      list.append(...[...list.children].filter((step) => step.firstElementChild.value === uuid));
    }));
    inputs(part).forEach((input) => {
      const field = plain(part, input.name);
      if (/radio|checkbox/.test(input.type)) input.checked = sent.getAll(field).includes(input.value);
      else if (/text|select/.test(input.type)) input.value = sent.get(field) || "";
    });
    dress(part, sent.get("langkah"));
  };
  // What the fields themselves cannot say: the ends of an order, the words counted, the choice under way.
  const dress = (part, chosen) => {
    part.querySelectorAll(".order > li").forEach((step, place, steps) => {
      const [up, down] = step.querySelectorAll("button");
      up.disabled = !place;
      down.disabled = place === steps.length - 1;
    });
    part.querySelectorAll("[data-words]").forEach((line) => {
      const words = part.querySelector("textarea").value.split(/\s+/).filter(Boolean).length;
      const over = words > (+line.dataset.words || Infinity);
      line.textContent = words + " kata" + (over ? `, lebih dari ${line.dataset.words}. Ringkaslah.` : "");
      line.classList.toggle("warn", over);
    });
    if (chosen) part.querySelectorAll("[name$=langkah]").forEach((button) => {
      button.disabled = true;
      button.classList.toggle("on", button.value === chosen);
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
      for (let next; (next = waiting()[0]);) {
        show(partAt(next[0]), "Mengirim…", "sync", "now");
        await deliver(...next);
      }
      pause = 1000;
    } catch (problem) {
      waiting().forEach(([number]) => show(partAt(number), problem.words || "Tersimpan di ponsel, dikirim saat ada sinyal", "phone"));
      retry = setTimeout(flush, pause);
      pause = Math.min(pause * 2, 10000);
    }
    return !waiting().length;
  };
  const flush = () => (sending ||= send().finally(() => { sending = null; }));

  const deliver = async (number, answer) => {
    const body = new URLSearchParams([["epoch", answer.epoch], ["sequence", answer.sequence], ...answer.fields]);
    const reply = await fetch(`/kuis/${attempt}/${number}/`, {
      method: "POST", body, keepalive: body.toString().length < 60000, redirect: "manual",
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
      if (said.state === "refused") newest.refused = true;
      else delete queue.waiting[number];
      write(queue);
      const saved = said.state === "saved";
      // On the page of another question the line must not seem to speak of that one.
      const words = partAt(number) || !parts[0] ? said.label : `Soal ${number}: ${said.label}`;
      show(partAt(number), words, saved ? "check" : "info", saved ? "good" : "now");
      // Another device was newer, or the next scene has opened: the server's page is the right one.
      if (partAt(number) && (said.state === "superseded" || new Map(answer.fields).has("langkah"))) {
        location.hash = partAt(number).querySelector("[data-scene]")?.id || "";
        location.reload();
      }
    }
    if (said.seconds != null) setClock(said.seconds);
  };
  const keep = (part, answer = fields(part)) => {
    clearTimeout(typed.get(part));
    typed.delete(part);
    const queue = read();
    queue.sequence = Math.max(queue.sequence, +form.dataset.sequence) + 1;
    queue.waiting[part.dataset.position] = { epoch, sequence: queue.sequence, fields: answer };
    write(queue);
    form.elements.sequence.value = queue.sequence;
    show(part, "Di ponsel", "phone");
    mark();
    return flush();
  };
  // What is typed is kept two seconds after the last key, and every ten while one goes on.
  const typed = new Map();
  const since = new Map();
  const keepTyped = () => [...typed.keys()].forEach((part) => keep(part));

  parts.forEach((part) => {
    part.addEventListener("change", () => keep(part));
    part.addEventListener("input", (event) => {
      if (!/text/.test(event.target.type)) return;
      dress(part);
      if (!typed.has(part)) since.set(part, Date.now());
      clearTimeout(typed.get(part));
      typed.set(part, setTimeout(keep, Math.min(2000, since.get(part) + 10000 - Date.now()), part));
    });
    part.addEventListener("click", (event) => {
      const button = event.target.closest("[name$=geser]");
      if (!button) return;
      event.preventDefault();
      const step = button.closest("li");
      if (button.value.endsWith("-1")) step.previousElementSibling?.before(step);
      else step.nextElementSibling?.after(step);
      dress(part);
      (button.disabled ? step.querySelector("button:enabled") : button).focus();
      const steps = [...step.parentNode.children];
      part.querySelector("[data-said]").textContent = `Langkah ${steps.indexOf(step) + 1} dari ${steps.length}`;
      keep(part);
    });
  });

  // Turning the page sends no form, the queue does; before a form is sent (explanation, submit) the queue goes first.
  let leaving = false;
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    const to = submitter?.dataset.to;
    if (submitter?.name.endsWith("langkah")) {
      // The next scene comes from the server; without signal the choice waits on the phone.
      event.preventDefault();
      const part = submitter.closest("[data-position]");
      dress(part, submitter.value);
      return keep(part, [...fields(part), ["langkah", submitter.value]]);
    }
    keepTyped();
    if (leaving || (!to && !waiting().length)) return;
    event.preventDefault();
    if (to && navigator.onLine) {
      // The list of all must not be written before the last answer has arrived; a weak signal waits three seconds.
      if (to.endsWith("/periksa/")) await Promise.race([flush(), new Promise((go) => setTimeout(go, 3000))]);
      return location.assign(to);
    }
    if (!(await flush())) return show(parts[0], `${waiting().length} jawaban masih di ponsel. Tunggu sinyal, lalu tekan lagi.`, "phone");
    if (to) return location.assign(to);
    leaving = true;
    form.requestSubmit(submitter);
  });

  const timer = document.querySelector("[role=timer]");
  let ends = 0;
  const setClock = (left) => { ends = Date.now() + left * 1000; };
  const tick = async () => {
    const left = Math.round((ends - Date.now()) / 1000);
    timer.lastElementChild.textContent = left > 59 ? `Sisa ${Math.ceil(left / 60)} menit` : left > 0 ? `Sisa ${left} detik` : "Waktu habis";
    timer.classList.toggle("late", left < 300);
    if (left > 0) return;
    clearInterval(ticking);
    keepTyped();
    parts.flatMap(inputs).forEach((input) => { input.disabled = true; });
    if (!(await flush())) return setTimeout(tick, 3000);
    leaving = true;
    form.action = submit;
    form.submit();
  };
  const ticking = timer && setInterval(tick, 1000);
  if (timer) setClock(+seconds);

  // What a reload or a lost signal left behind: show it, send it.
  parts.forEach((part) => {
    const left = read().waiting[part.dataset.position];
    if (left || part === form) form.elements.sequence.value = left ? left.sequence : form.dataset.stored;
    if (left) restore(part, left.fields);
    else dress(part);
  });
  mark();
  document.getElementById(location.hash.slice(1))?.focus();
  if (waiting().length) flush().then((done) => { if (done && !parts[0]) location.reload(); });
  addEventListener("online", flush);
  addEventListener("pagehide", keepTyped);
  addEventListener("pagehide", flush);
  addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => { keepTyped(); flush(); });
})();
