/* The marking form keeps itself as it is filled in, and digits choose points. Without it the buttons do the same. */
(() => {
  "use strict";
  const form = document.getElementById("penilaian");
  const line = document.getElementById("draf-tersimpan");
  if (!form || !line) return;
  const WAIT = 2000;
  let timer = 0;
  let leaving = false;

  const keep = async () => {
    clearTimeout(timer);
    if (leaving) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("apa", "draf");
    line.className = "saved now";
    line.textContent = "Menyimpan draf…";
    try {
      const reply = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      if (reply.type === "opaqueredirect" || reply.status === 403) throw { words: "Sesi berakhir. Masuk lagi di tab lain, lalu simpan." };
      if (!reply.ok && reply.status !== 409) throw {};
      line.textContent = (await reply.json()).label;
      line.className = "saved " + (reply.ok ? "good" : "late");
    } catch (problem) {
      line.textContent = problem.words || "Draf belum tersimpan. Dicoba lagi.";
      line.className = "saved late";
      timer = setTimeout(keep, 5000);
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, WAIT); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  addEventListener("pageshow", () => { leaving = false; });

  // A digit chooses points in the criterion that has the focus, else in the first without points, and goes on.
  const criteria = [...form.querySelectorAll(".criterion")];
  const typed = (element) => element.matches("textarea, input:not([type=radio])");
  const given = (criterion) => criterion.querySelector(":checked") || criterion.querySelector("[type=number]")?.value;
  const enter = (criterion, options) => {
    (criterion?.querySelector(":checked, [type=radio], [type=number]") || form.querySelector("[value=simpan]")).focus(options);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typed(event.target) || !/^[0-9]$/.test(event.key)) return;
    const here = event.target.closest(".criterion") || criteria.find((criterion) => !given(criterion));
    const radio = here?.querySelector(`[type=radio][value="${event.key}"]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    enter(criteria[criteria.indexOf(here) + 1]);
  });
  // The answer is read first: the focus waits at the rubric without pulling the page to it.
  if (criteria.length) enter(criteria.find((criterion) => !given(criterion)) || criteria[0], { preventScroll: true });
})();
