"use strict";
/* One screen at a time, moved on by a person; what two people type stays in this page until it is sent once. */
(() => {
  const root = document.documentElement;
  const slides = [...document.querySelectorAll(".slide")];
  const back = document.getElementById("back");
  const forward = document.getElementById("forward");
  const where = document.getElementById("where");
  const PAUSE = 700; // milliseconds between two lines that appear
  let at = 0;
  let timers = [];

  root.classList.add("js");

  const lines = (slide) => [...slide.querySelectorAll(".appearing > *")];
  const unseen = (slide) => lines(slide).filter((line) => !line.classList.contains("seen"));
  const settle = () => { timers.forEach(clearTimeout); timers = []; };

  function show(number) {
    settle();
    at = Math.max(0, Math.min(number, slides.length - 1));
    slides.forEach((slide, n) => {
      slide.classList.toggle("here", n === at);
      slide.toggleAttribute("inert", n !== at);
    });
    timers = unseen(slides[at]).map((line, n) => setTimeout(() => line.classList.add("seen"), PAUSE * (n + 0.5)));
    back.disabled = at === 0;
    forward.disabled = at === slides.length - 1;
    where.textContent = `${at + 1} / ${slides.length}`;
    const field = slides[at].querySelector(".panel:not([hidden]) input");
    if (field) field.focus({ preventScroll: true });
    else if (slides[at].contains(document.activeElement) === false) document.activeElement?.blur?.();
  }

  function next() {
    unseen(slides[at]).forEach((line) => line.classList.add("seen")); // there for whoever goes back
    show(at + 1);
  }

  back.addEventListener("click", () => show(at - 1));
  forward.addEventListener("click", next);
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, button, a") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (["ArrowRight", "PageDown", " "].includes(event.key)) { event.preventDefault(); next(); }
    if (["ArrowLeft", "PageUp"].includes(event.key)) { event.preventDefault(); show(at - 1); }
    if (event.key === "Home") { event.preventDefault(); show(0); }
    if (event.key === "End") { event.preventDefault(); show(slides.length - 1); }
  });

  const entry = document.getElementById("entry");
  if (entry) takeValues(entry);
  const begins = (slide) => slide.hasAttribute("data-start") || (slide.id && `#${slide.id}` === location.hash);
  show(Math.max(0, slides.findIndex(begins)));

  function takeValues(entry) {
    const panels = Object.fromEntries([...entry.querySelectorAll("[data-panel]")].map((one) => [one.dataset.panel, one]));
    const given = { chains: {}, typists: {} };

    function open(name) {
      for (const [key, panel] of Object.entries(panels)) panel.hidden = key !== name;
      panels[name].querySelector("input, button")?.focus({ preventScroll: true });
    }
    const problem = (panel, text) => { panel.querySelector(".problem").textContent = text; };
    const hex = (text) => text.normalize("NFKC").replace(/[\s-]+/g, "").toLowerCase();
    /* What two people mean alike is written alike: with or without name and issue, blanks for commas, 1 for 01. */
    function values(field) {
      let text = field.value.normalize("NFKC").trim();
      if (text.startsWith(`${field.dataset.source}/`)) text = text.slice(field.dataset.source.length + 1);
      text = text.replace(/\s*\+\s*/g, "+").replace(/[\s,、]+/g, ",").replace(/^,|,$/g, "");
      return "rising" in field.dataset ? text.replace(/\b[0-9]\b/g, "0$&") : text;
    }
    function misread(field) {
      const text = values(field);
      if (text.includes("/")) return `承诺的是 ${field.dataset.source}，录入的名称或期号不同，请核对期号后只录数值。`;
      const numbers = text.split("+")[0].split(",");
      const rises = numbers.every((one, n) => n === 0 || numbers[n - 1] < one);
      const fits = new RegExp(`^(?:${field.dataset.pattern})$`).test(text) && (rises || !("rising" in field.dataset));
      return fits ? "" : `写法不对，应为${field.dataset.how}。按“显示”可以看到录入的内容，请对照${field.dataset.source.startsWith("dice.") ? "骰子" : "公布结果"}改正。`;
    }

    function clear(panel) {
      panel.reset();
      problem(panel, "");
      panel.querySelectorAll("[data-unmask]").forEach((button) => mask(button, true));
      panel.querySelectorAll(".count").forEach((one) => { one.textContent = "numbers" in one.dataset ? "已录入 0 个数" : "已录入 0 位"; });
    }
    function mask(button, hidden) {
      button.previousElementSibling.type = hidden ? "password" : "text";
      button.setAttribute("aria-pressed", String(!hidden));
      button.textContent = hidden ? "显示" : "隐藏";
    }
    entry.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if ("unmask" in button.dataset) mask(button, button.previousElementSibling.type === "text");
      if ("reload" in button.dataset) location.reload();
      if (button.dataset.again) restart(button.dataset.again);
    });
    entry.addEventListener("input", (event) => {
      const field = event.target;
      if (field.name === "witness") field.form.querySelector("[data-count]").textContent = `已录入 ${hex(field.value).length} 位`;
      if (field.dataset.source) {
        const count = values(field).split(/[,+]/).filter(Boolean).length;
        field.closest("label").nextElementSibling.textContent = `已录入 ${count} 个数`;
      }
    });

    panels.witness?.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = panels.witness.elements;
      const value = hex(form.witness.value);
      if (!/^[0-9a-f]{64}$/.test(value)) return problem(panels.witness, "应为 64 位十六进制（0 至 9、a 至 f），请核对后重新录入。");
      given.chains = {
        witness: value,
        authority: form.authority ? hex(form.authority.value) : "",
        authority_passphrase: form.authority_passphrase ? form.authority_passphrase.value : "",
      };
      problem(panels.witness, "");
      return open("first");
    });
    for (const name of ["first", "second"]) {
      panels[name].addEventListener("submit", (event) => {
        event.preventDefault();
        const form = panels[name].elements;
        const login = form.login.value.trim();
        if (name === "second" && login.toLowerCase() === given.typists.first.login.toLowerCase()) {
          return problem(panels[name], "两次录入须由两名不同人员完成，请另一人用本人账号录入。");
        }
        const fields = [...panels[name].querySelectorAll("[data-source]")];
        const wrong = fields.find(misread);
        if (wrong) return problem(panels[name], misread(wrong));
        given.typists[name] = {
          login,
          password: form.password.value,
          code: form.code.value.trim(),
          values: fields.map((one) => `${one.dataset.source}/${values(one)}`),
        };
        clear(panels[name]); // nothing of it stays on the screen for the next one to see
        return open(name === "first" ? "second" : "confirm");
      });
    }
    panels.confirm.addEventListener("submit", async (event) => {
      event.preventDefault();
      open("working");
      back.disabled = forward.disabled = true;
      const { first, second } = given.typists;
      const body = { ...given.chains, typists: [first, second] };
      given.typists = {};
      let answer;
      try {
        answer = await fetch(entry.dataset.post, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRF-Token": document.body.dataset.csrf },
          body: JSON.stringify(body),
        });
      } catch {
        return open("unknown");
      }
      if (answer.ok) {
        location.hash = entry.dataset.then || "";
        return location.reload();
      }
      if (answer.status === 401) return location.assign(document.body.dataset.login);
      const told = await answer.json().catch(() => null);
      if (!told || told.code === "draw.already_revealed") return told ? location.reload() : open("unknown");
      const panel = told.code === "draw.no_teams" ? "hopeless" : "refused";
      panels[panel].querySelector("[data-reason]").textContent = told.detail || Object.values(told.errors || {}).flat().join(" ");
      back.disabled = false;
      return open(panel);
    });

    function restart(from) {
      given.typists = {};
      for (const name of from === "witness" ? ["witness", "first", "second"] : ["first", "second"]) clear(panels[name]);
      open(from);
    }
  }
})();
