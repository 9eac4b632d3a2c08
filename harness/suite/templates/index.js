"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  const body = document.querySelector("tbody");
  const rows = [...body.rows];
  const filter = document.querySelector("#filter");
  const shown = document.querySelector("#shown");
  const chips = [...document.querySelectorAll(".chip")];
  const sorts = [...document.querySelectorAll("[data-sort]")];

  const pressed = (kind) =>
    chips
      .filter((chip) => chip.getAttribute("aria-pressed") === "true" && kind in chip.dataset)
      .map((chip) => chip.dataset[kind]);

  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = pressed("verdict");
    const tags = pressed("tag");
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const own = row.dataset.tags.split(" ");
      const fits =
        words.every((word) => text.includes(word)) &&
        (!verdicts.length || verdicts.includes(row.dataset.verdict)) &&
        (!tags.length || tags.some((tag) => own.includes(tag)));
      row.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} of ${rows.length} scenarios shown`;
  };

  const keys = {
    rank: (row) => [Number(row.dataset.rank), -Number(row.dataset.latency), row.dataset.name],
    latency: (row) => [-Number(row.dataset.latency), row.dataset.name],
    name: (row) => [row.dataset.name],
  };

  const compare = (a, b) => {
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
  };

  const sort = (button) => {
    const kind = button.dataset.sort;
    for (const other of sorts) other.setAttribute("aria-pressed", String(other === button));
    rows.sort((a, b) => compare(keys[kind](a), keys[kind](b)));
    body.append(...rows);
  };

  for (const button of sorts) button.addEventListener("click", () => sort(button));
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
  filter.addEventListener("input", apply);
  apply();

  const step = (by) => {
    const links = rows.filter((row) => !row.hidden).map((row) => row.querySelector("a"));
    const there = links.filter(Boolean);
    const row = document.activeElement.closest("tbody tr");
    const at = row ? there.findIndex((link) => row.contains(link)) : by > 0 ? -1 : there.length;
    there[Math.min(Math.max(at + by, 0), there.length - 1)]?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === filter) {
      if (event.key === "Escape") filter.blur();
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      filter.focus();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
})();
