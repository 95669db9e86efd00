"use strict";
(() => {
  const list = document.getElementById("list");
  if (!list) return;
  const drifts = [...list.children];
  const texts = drifts.map((drift) => drift.textContent.toLowerCase());
  const search = document.getElementById("q");
  const selects = ["severity", "kind", "status"].map((id) => document.getElementById(id));
  const shown = document.getElementById("shown");
  const all = document.getElementById("all");
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    drifts.forEach((drift, at) => {
      const fits =
        selects.every((select) => !select.value || drift.dataset[select.id] === select.value) &&
        words.every((word) => texts[at].includes(word));
      drift.hidden = !fits;
      if (fits) count += 1;
    });
    shown.textContent = `${count} of ${drifts.length} shown`;
  };
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  selects.forEach((select) => select.addEventListener("change", filter));
  all.addEventListener("click", () => {
    const open = all.getAttribute("aria-pressed") !== "true";
    drifts.forEach((drift) => { if (!drift.hidden) drift.open = open; });
    all.setAttribute("aria-pressed", String(open));
    all.textContent = open ? "Fold all" : "Unfold all";
  });
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
  });
  const target = () => {
    const drift = location.hash && document.getElementById(location.hash.slice(1));
    if (drift && drift.tagName === "DETAILS") drift.open = true;
  };
  addEventListener("hashchange", target);
  target();
  filter();
})();
