// What a page can do with scripts and does well without: theme, copying, keys.
(() => {
  const script = document.currentScript;
  const site = script.dataset.site;

  // Kept for each site, though several may be on one host.
  const stored = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(name + ":" + site);
      if (value) localStorage.setItem(name + ":" + site, value);
      else localStorage.removeItem(name + ":" + site);
    } catch { /* Storage may be forbidden; the choice then holds for this page. */ }
    return null;
  };

  const button = (label, name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  };

  // Theme: automatic, light, dark, and round again.
  const root = document.documentElement;
  const themes = ["", "light", "dark"];
  const names = { "": "Automatic", light: "Light", dark: "Dark" };
  const show = (made) => {
    made.textContent = names[root.dataset.theme || ""];
    made.setAttribute("aria-label", "Colours: " + made.textContent.toLowerCase());
  };
  const theme = button("", "theme", () => {
    const next = themes[(themes.indexOf(root.dataset.theme || "") + 1) % themes.length];
    if (next) root.dataset.theme = next; else delete root.dataset.theme;
    stored("sitegen-theme", next);
    show(theme);
  });
  show(theme);
  document.querySelector(".bar")?.append(theme);

  // A button on each block of code that copies it.
  for (const block of document.querySelectorAll(".code")) {
    const copy = button("Copy", "copy", async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector("code").textContent);
        copy.textContent = "Copied";
      } catch {
        copy.textContent = "Not allowed";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 1500);
    });
    block.prepend(copy);
  }

  // Keys, where no field has the focus and no modifier is down; `?` tells of them.
  const messages = [...document.querySelectorAll(".message")];
  const go = (step) => {
    const edge = 80;
    const tops = messages.map((message) => message.getBoundingClientRect().top);
    const next = step > 0
      ? tops.findIndex((top) => top > edge)
      : tops.findLastIndex((top) => top < edge - 24);
    const message = messages[next];
    if (!message) return;
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: "start" });
  };
  const follow = (rel) => document.querySelector(`.neighbours a[rel="${rel}"]`)?.click();
  const keys = {
    j: ["next message", () => go(1)],
    k: ["previous message", () => go(-1)],
    n: ["next transcript", () => follow("next")],
    p: ["previous transcript", () => follow("prev")],
    "?": ["this help", () => help()],
  };
  const help = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "help";
    dialog.setAttribute("aria-label", "Keys");
    const list = document.createElement("dl");
    for (const [key, [does]] of Object.entries(keys)) {
      const term = document.createElement("dt");
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      term.append(kbd);
      const what = document.createElement("dd");
      what.textContent = does;
      list.append(term, what);
    }
    const off = stored("sitegen-keys") === "off";
    const toggle = button(off ? "Turn keys on" : "Turn keys off", "plain-button", () => {
      stored("sitegen-keys", off ? "" : "off");
      dialog.close();
    });
    const close = button("Close", "plain-button", () => dialog.close());
    dialog.append(list, toggle, close);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
    if (event.key !== "?" && stored("sitegen-keys") === "off") return;
    const known = keys[event.key];
    if (!known) return;
    event.preventDefault();
    known[1]();
  });
})();
