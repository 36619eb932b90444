/* Saves each answer as it is given and keeps it on the phone until the server acknowledges it (TRUST.md §3).
   A page may hold several forms; those with data-position are questions. */
(() => {
  "use strict";
  const forms = [...document.querySelectorAll("form[data-attempt]")];
  if (!forms[0]) return;
  const { attempt, seconds, submit } = forms[0].dataset;
  const questions = forms.filter((form) => form.dataset.position);
  const page = forms.find((form) => !form.dataset.position);
  const formOf = (position) => questions.find((form) => form.dataset.position === position) || page;
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

  const show = (form, words, icon, tone = "") => {
    const line = form?.querySelector(".saved");
    if (!line) return;
    line.className = "saved " + tone;
    line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${line.dataset.icons}#${icon}"></use></svg>`;
    line.append(words);
  };

  // What is sent of an answer: the fields as the form would send them; the fields are put back the same way.
  const OURS = ["csrfmiddlewaretoken", "epoch", "sequence"];
  const fields = (form) => [...new FormData(form)].filter(([field]) => !OURS.includes(field));
  const inputs = (form) => [...form.elements].filter((input) => input.name && !OURS.includes(input.name));
  const restore = (form, answer) => {
    const sent = new URLSearchParams(answer);
    form.querySelectorAll(".order").forEach((list) => sent.getAll("urutan").forEach((uuid) => {
      list.append(...[...list.children].filter((step) => step.firstElementChild.value === uuid));
    }));
    inputs(form).forEach((input) => {
      if (/radio|checkbox/.test(input.type)) input.checked = sent.getAll(input.name).includes(input.value);
      else if (/text|select/.test(input.type)) input.value = sent.get(input.name) || "";
    });
    dress(form, sent.get("langkah"));
  };
  // What the fields themselves cannot say: the ends of an order, the words counted, the choice under way.
  const dress = (form, chosen) => {
    form.querySelectorAll(".order > li").forEach((step, place, steps) => {
      const [up, down] = step.querySelectorAll("button");
      up.disabled = !place;
      down.disabled = place === steps.length - 1;
    });
    form.querySelectorAll("[data-words]").forEach((line) => {
      const words = form.querySelector("textarea").value.split(/\s+/).filter(Boolean).length;
      const over = words > (+line.dataset.words || Infinity);
      line.textContent = words + " kata" + (over ? `, lebih dari ${line.dataset.words}. Ringkaslah.` : "");
      line.classList.toggle("warn", over);
    });
    if (chosen) form.querySelectorAll("[name=langkah]").forEach((button) => {
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
        show(formOf(next[0]), "Mengirim…", "sync", "now");
        await deliver(...next);
      }
      pause = 1000;
    } catch (problem) {
      waiting().forEach(([number]) => show(formOf(number), problem.words || "Tersimpan di ponsel, dikirim saat ada sinyal", "phone"));
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
      headers: { Accept: "application/json", "X-CSRFToken": forms[0].elements.csrfmiddlewaretoken.value },
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
      show(formOf(number), said.label, saved ? "check" : "info", saved ? "good" : "now");
      // Another device was newer, or the next scene has opened: the server's page is the right one.
      if (formOf(number) !== page && (said.state === "superseded" || new Map(answer.fields).has("langkah"))) {
        location.hash = formOf(number).querySelector("[data-scene]")?.id || "";
        location.reload();
      }
    }
    if (said.seconds != null) setClock(said.seconds);
  };
  const keep = (form, answer = fields(form)) => {
    const { position, epoch, sequence } = form.dataset;
    clearTimeout(typed.get(form));
    typed.delete(form);
    const queue = read();
    queue.sequence = Math.max(queue.sequence, +sequence) + 1;
    queue.waiting[position] = { epoch, sequence: queue.sequence, fields: answer };
    write(queue);
    form.elements.sequence.value = queue.sequence;
    show(form, "Di ponsel", "phone");
    mark();
    return flush();
  };
  // What is typed is kept two seconds after the last key, and every ten while one goes on.
  const typed = new Map();
  const since = new Map();
  const keepTyped = () => [...typed.keys()].forEach((form) => keep(form));

  questions.forEach((form) => {
    form.addEventListener("change", () => keep(form));
    form.addEventListener("input", (event) => {
      if (!/text/.test(event.target.type)) return;
      dress(form);
      if (!typed.has(form)) since.set(form, Date.now());
      clearTimeout(typed.get(form));
      typed.set(form, setTimeout(keep, Math.min(2000, since.get(form) + 10000 - Date.now()), form));
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[name=geser]");
      if (!button) return;
      event.preventDefault();
      const step = button.closest("li");
      if (button.value.endsWith("-1")) step.previousElementSibling?.before(step);
      else step.nextElementSibling?.after(step);
      dress(form);
      (button.disabled ? step.querySelector("button:enabled") : button).focus();
      const steps = [...step.parentNode.children];
      form.querySelector("[data-said]").textContent = `Langkah ${steps.indexOf(step) + 1} dari ${steps.length}`;
      keep(form);
    });
  });

  // Turning the page sends no form, the queue does; before a form is sent (explanation, submit) the queue goes first.
  let leaving = false;
  forms.forEach((form) => form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    const to = submitter?.dataset.to;
    if (submitter?.name === "langkah") {
      // The next scene comes from the server; without signal the choice waits on the phone.
      event.preventDefault();
      dress(form, submitter.value);
      return keep(form, [...fields(form), ["langkah", submitter.value]]);
    }
    keepTyped();
    if (leaving || (!to && !waiting().length)) return;
    event.preventDefault();
    if (to && navigator.onLine) return location.assign(to);
    if (!(await flush())) return show(form, `${waiting().length} jawaban masih di ponsel. Tunggu sinyal, lalu tekan lagi.`, "phone");
    if (to) return location.assign(to);
    leaving = true;
    form.requestSubmit(submitter);
  }));

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
    questions.flatMap(inputs).forEach((input) => { input.disabled = true; });
    if (!(await flush())) return setTimeout(tick, 3000);
    leaving = true;
    forms[0].action = submit;
    forms[0].submit();
  };
  const ticking = timer && setInterval(tick, 1000);
  if (timer) setClock(+seconds);

  // What a reload or a lost signal left behind: show it, send it.
  questions.forEach((form) => {
    const left = read().waiting[form.dataset.position];
    form.elements.sequence.value = left ? left.sequence : form.dataset.stored;
    if (left) restore(form, left.fields);
    else dress(form);
  });
  mark();
  document.getElementById(location.hash.slice(1))?.focus();
  if (waiting().length) flush().then((done) => { if (done && !questions[0]) location.reload(); });
  addEventListener("online", flush);
  addEventListener("pagehide", keepTyped);
  addEventListener("pagehide", flush);
  addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => { keepTyped(); flush(); });
})();
