"use strict";
(() => {
  const list = document.getElementById("list");
  if (!list) return;
  const AT_ONCE = 200;
  // A drift is an element from the start, or text from which one is made when it is needed.
  const first = [...list.children];
  const block = document.getElementById("later");
  const later = block ? block.textContent.split("<hr>").slice(0, -1) : [];
  const total = first.length + later.length;
  const made = new Map(first.entries());
  const maker = document.createElement("template");
  const element = (at) => {
    if (!made.has(at)) {
      maker.innerHTML = later[at - first.length];
      made.set(at, document.importNode(maker.content, true).firstElementChild);
    }
    return made.get(at);
  };
  const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&amp;": "&" };
  const plain = (markup) =>
    markup.replace(/<[^>]*>/g, " ").replace(/&(lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity]);
  // What is looked through, made at the first look.
  const looks = new Map();
  const look = (at) => {
    if (!looks.has(at)) {
      const markup = at < first.length ? first[at].outerHTML : later[at - first.length];
      const tag = markup.slice(0, markup.indexOf(">"));
      const data = (name) => plain((tag.match(new RegExp(`data-${name}="([^"]*)"`)) || ["", ""])[1]);
      looks.set(at, {
        id: plain((tag.match(/ id="([^"]*)"/) || ["", ""])[1]),
        severity: data("severity"), kind: data("kind"), status: data("status"),
        hazard: data("hazard"),
        text: plain(markup).replace(/\s+/g, " ").toLowerCase(),
      });
    }
    return looks.get(at);
  };
  const search = document.getElementById("q");
  const selects = ["severity", "kind", "status", "hazard"]
    .map((id) => document.getElementById(id)).filter(Boolean);
  const shown = document.getElementById("shown");
  const all = document.getElementById("all");
  const more = document.getElementById("more");
  let fitting = [...Array(total).keys()];
  let placed = first.length;
  let unfolded = false;
  const place = (count) => {
    const next = fitting.slice(placed, placed + count).map(element);
    if (unfolded) next.forEach((drift) => { drift.open = true; });
    list.append(...next);
    placed += next.length;
    if (more) more.hidden = placed >= fitting.length;
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = selects.filter((select) => select.value);
    const fits = (at) => {
      const drift = look(at);
      // A drift has one of each, but several hazards.
      const has = (select) => select.id === "hazard" ?
        drift.hazard.split(", ").includes(select.value) : drift[select.id] === select.value;
      return chosen.every(has) &&
        words.every((word) => drift.text.includes(word));
    };
    fitting = [...Array(total).keys()];
    if (words.length || chosen.length) fitting = fitting.filter(fits);
    list.replaceChildren();
    placed = 0;
    place(AT_ONCE);
    shown.textContent = fitting.length === total ? `${total} drifts` : `${fitting.length} of ${total} drifts`;
  };
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  selects.forEach((select) => select.addEventListener("change", filter));
  if (more) {
    more.firstElementChild.addEventListener("click", () => place(AT_ONCE));
    new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) place(AT_ONCE);
    }, { rootMargin: "1200px" }).observe(more);
  }
  all.addEventListener("click", () => {
    unfolded = !unfolded;
    all.textContent = unfolded ? "Fold all" : "Unfold all";
    made.forEach((drift) => { drift.open = unfolded; });
  });
  // Paper shows everything that the filter leaves, unfolded.
  addEventListener("beforeprint", () => {
    place(fitting.length);
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
  });
  addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      filter();
    }
  });
  const target = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!id.startsWith("SCHEMA-DRIFT-")) return;
    const at = fitting.find((one) => look(one).id === id);
    if (at === undefined || !element(at).isConnected) {
      selects.forEach((select) => { select.value = ""; });
      search.value = id;
      filter();
    }
    const drift = document.getElementById(id);
    if (!drift) return;
    drift.open = true;
    drift.scrollIntoView();
    drift.firstElementChild.focus({ preventScroll: true });
  };
  addEventListener("hashchange", target);
  filter();
  target();
})();
