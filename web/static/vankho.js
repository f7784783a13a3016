// Keys and small comforts; everything on the site works without this file.
const rows = () => [...document.querySelectorAll("[data-row]")];
let at = -1;

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function move(step) {
  const all = rows();
  if (!all.length) return;
  all[at]?.classList.remove("at");
  at = Math.min(Math.max(at + step, 0), all.length - 1);
  all[at].classList.add("at");
  const link = all[at].querySelector("[data-open]") ?? all[at].querySelector("a");
  link?.focus({ preventScroll: true });
  all[at].scrollIntoView({ block: "nearest" });
}

function go(selector) {
  document.querySelector(selector)?.click();
}

const keys = {
  "/": () => {
    const box = document.querySelector("[data-search]");
    box?.focus();
    box?.select();
  },
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  "[": () => go("[data-prev]"),
  "]": () => go("[data-next]"),
  "?": () => location.assign("/keys"),
};
// Digits and z belong to buttons that carry them: Telex and VNI rewrite letters after vowels, never a lone digit.
for (const key of ["1", "2", "3", "4", "z"]) keys[key] = () => go(`[data-key="${key}"]`);

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.defaultPrevented) return;
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const arrow = event.key.startsWith("Arrow");
  // Arrows scroll a page without rows, and text or tables that have the focus.
  if (arrow && (!rows().length || event.target.closest(".scroll, .image"))) return;
  const action = keys[event.key] ?? keys[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Links that only change one part of the page fetch that part; the address is the same either way.
async function swap(part, link) {
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!answer.ok || !fresh) return location.assign(link.href);
  part.replaceWith(document.adoptNode(fresh));
  history.pushState(null, "", link.href);
  const place = link.hash ? document.getElementById(decodeURIComponent(link.hash.slice(1))) : null;
  (place?.querySelector("a, [tabindex]") ?? fresh.querySelector("a"))?.focus({ preventScroll: true });
  place?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-swap] a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const here = location.pathname === link.pathname && link.origin === location.origin;
  if (!here || link.search === location.search) return;
  event.preventDefault();
  const part = link.closest("[data-swap]");
  swap(part, link).catch(() => location.assign(link.href));
});
addEventListener("popstate", () => location.reload());

// Upload: dropping files, and sending them as soon as they are chosen.
const drop = document.querySelector("[data-drop]");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  const words = drop.querySelector("[data-drop-words]");
  const choose = drop.querySelector("[data-choose]");
  words.textContent = words.dataset.dropWords;
  choose.hidden = false;
  input.hidden = drop.querySelector("[type=submit]").hidden = true;
  choose.addEventListener("click", () => input.click());
  input.addEventListener("change", () => input.files.length && drop.requestSubmit());
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    drop.requestSubmit();
  });
}

// Where the reader is: the section tree follows the text.
const outline = document.querySelector(".outline");
if (outline && "IntersectionObserver" in window) {
  const links = new Map([...outline.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const seen = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target.id);
    const current = [...links.keys()].find((id) => seen.has(id));
    if (!current) return;
    for (const [id, link] of links) {
      if (id === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "0px 0px -60% 0px" });
  for (const id of links.keys()) {
    const place = document.getElementById(id);
    if (place && id !== "mo-dau") watcher.observe(place);
  }
}

// Suggestions while typing; without this file the box is a plain form.
for (const box of document.querySelectorAll("[data-suggest]")) {
  const list = document.createElement("ul");
  const kinds = { number: "số", body: "cơ quan", phrase: "cụm từ" };
  let wait = 0;
  let last = "";
  let chosen = -1;
  list.id = "goi-y";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Gợi ý");
  list.hidden = true;
  box.form.append(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) box.removeAttribute("aria-activedescendant");
    chosen = open ? chosen : -1;
  };
  const choose = (step) => {
    const all = [...list.children];
    all[chosen]?.setAttribute("aria-selected", "false");
    chosen = (chosen + step + all.length) % all.length;
    all[chosen].setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", all[chosen].id);
  };
  const take = (line) => {
    box.value = line.dataset.query;
    show(false);
    box.form.requestSubmit();
  };
  const line = (one, i) => {
    const made = document.createElement("li");
    made.id = `goi-y-${i}`;
    made.dataset.query = one.query;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    for (const [name, words] of [["b", one.shown], ["span", one.kind === "phrase" ? "" : one.note], ["i", kinds[one.kind]]]) {
      const part = document.createElement(name);
      part.textContent = words;
      made.append(part);
    }
    made.addEventListener("mousedown", (event) => { event.preventDefault(); take(made); });
    return made;
  };
  const ask = async () => {
    const typed = box.value.trim();
    if (typed === last) return;
    last = typed;
    const answer = typed ? await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`).catch(() => null) : null;
    if (typed !== last) return;
    const found = answer?.ok ? await answer.json() : [];
    chosen = -1;
    list.replaceChildren(...found.map(line));
    show(found.length > 0 && document.activeElement === box);
  };
  box.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, 120); });
  box.addEventListener("blur", () => show(false));
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(list.children[chosen]); }
    else if (event.key === "Escape") { event.preventDefault(); show(false); }
  });
}
