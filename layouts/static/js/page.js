// What a page can do with scripts and does well without: theme, copying, keys, place, ranges.
(() => {
  const script = document.currentScript;
  const site = script.dataset.site;
  const strings = JSON.parse(script.dataset.strings || "{}");
  const t = (text) => strings[text] || text;

  // Kept for each site, though several may be on one host.
  const stored = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(name + ":" + site);
      if (value) localStorage.setItem(name + ":" + site, value);
      else localStorage.removeItem(name + ":" + site);
    } catch { /* Storage may be forbidden; the choice then holds for this page. */ }
    return null;
  };

  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };
  const button = (label, name, act) => {
    const made = element("button", name, label);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  // Theme: automatic, light, dark, and round again.
  const root = document.documentElement;
  const themes = ["", "light", "dark"];
  const names = { "": t("Automatic"), light: t("Light"), dark: t("Dark") };
  const show = (made) => {
    made.title = t("Colours") + ": " + names[root.dataset.theme || ""];
    made.setAttribute("aria-label", made.title);
  };
  const addTheme = () => {
    const theme = button("", "theme", () => {
      const next = themes[(themes.indexOf(root.dataset.theme || "") + 1) % themes.length];
      if (next) root.dataset.theme = next; else delete root.dataset.theme;
      stored("sitegen-theme", next);
      show(theme);
    });
    show(theme);
    document.querySelector(".bar")?.append(theme);
  };

  // A button on each block of code that copies it.
  const addCopying = () => {
    for (const block of document.querySelectorAll(".code")) {
      const copy = button(t("Copy"), "copy", async () => {
        try {
          await navigator.clipboard.writeText(block.querySelector("code").textContent);
          copy.textContent = t("Copied");
        } catch {
          copy.textContent = t("Not allowed");
        }
        setTimeout(() => { copy.textContent = t("Copy"); }, 1500);
      });
      const head = block.querySelector(".code-head");
      if (head) head.after(copy);
      else block.prepend(copy);
    }
  };

  // A message's number copies its address as well as leading to it.
  const copyAddress = async (event) => {
    const link = event.target.closest?.("a.permalink");
    // With a modifier down the browser does something else; without https there is no clipboard.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    try {
      await navigator.clipboard.writeText(link.href);
      link.dataset.copied = "";
      setTimeout(() => { delete link.dataset.copied; }, 1500);
    } catch { /* The address bar has it too. */ }
  };

  // `#m12-m18` marks a span; a click on a number with Shift makes one.
  const numbers = (hash) => /^#m(\d+)(?:-m(\d+))?$/.exec(hash)?.slice(1).map(Number);
  const markRange = () => {
    for (const marked of document.querySelectorAll(".marked")) marked.classList.remove("marked");
    const [first, last] = numbers(location.hash) || [];
    if (!last) return;
    for (let number = first; number <= last; number++) {
      const message = document.getElementById("m" + number);
      if (!message) break;
      message.classList.add("marked");
    }
    document.getElementById("m" + first)?.scrollIntoView();
  };
  const extendRange = (event) => {
    const [end] = numbers(event.target.closest?.(".permalink")?.hash || "") || [];
    const [start] = numbers(location.hash) || [];
    if (!event.shiftKey || !end || !start || start === end) return;
    event.preventDefault();
    location.hash = `m${Math.min(start, end)}-m${Math.max(start, end)}`;
  };

  // "Cite this" is of the message, or the span, to which the address leads.
  const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  const forHtml = (text) => text.replace(/[&<>"']/g, (sign) => escapes[sign]);
  const forMarkdown = (text) => text.replace(/[\\`*_{}[\]<>#|~$&!]/g, "\\$&")
    .replace(/^(\d{1,9})([.)])|^([-+=:])/, "$1\\$2$3");
  const beginning = (message) => {
    const body = message.querySelector(".body").cloneNode(true);
    for (const extra of body.querySelectorAll("button, summary, annotation, .code-head")) extra.remove();
    if (body.querySelector(":scope > .blank")) return "";
    const line = body.textContent.trim().split(/\s+/).join(" ");
    return line.length > 200 ? line.slice(0, 199).replace(/\s\S*$/, "") + "…" : line;
  };
  const wholes = new WeakMap();
  const whole = (shown) => {
    if (!wholes.has(shown)) wholes.set(shown, shown.textContent);
    return wholes.get(shown);
  };
  const citeMessage = () => {
    const section = document.querySelector(".cite");
    const forms = [...section?.querySelectorAll("code") || []];
    for (const form of forms) form.textContent = whole(form);
    const [first] = numbers(location.hash) || [];
    const message = first && document.getElementById("m" + first);
    const summary = section?.querySelector("summary");
    if (!summary) return;
    const cited = whole(summary);
    summary.textContent = message ? t("Cite this message") : cited;
    // Without an address there is nothing by which to tell a message.
    if (!message || forms.length < 4) return;
    const [, , , link, markdown, html] = forms;
    const url = link.textContent;
    for (const form of forms.slice(0, 4)) form.textContent = whole(form).replaceAll(url, url + location.hash);
    const said = beginning(message);
    if (!markdown || !html || !said) return;
    const who = message.querySelector("h3").textContent.trim();
    const title = document.querySelector("h1").textContent.trim();
    const [name, place] = [who && who + ", ", url + location.hash];
    markdown.textContent =
      `> ${forMarkdown(said)}\n>\n> — ${forMarkdown(name)}[${forMarkdown(title)}](${place})`;
    html.textContent = `<blockquote cite="${forHtml(place)}">\n<p>${forHtml(said)}</p>\n`
      + `<footer>— ${forHtml(name)}<cite><a href="${forHtml(place)}">${forHtml(title)}</a></cite></footer>\n`
      + "</blockquote>";
  };

  // Where the reader is, in the bar and in the outline.
  const messages = () => [...document.querySelectorAll(".message")];
  let place = null;
  let waiting = false;
  const atTop = () => {
    for (const top of [96, 72, 128, 160]) {  // Between two messages there is none.
      const message = document.elementFromPoint(innerWidth / 2, top)?.closest(".message");
      if (message) return message;
    }
    return null;
  };
  const sayPlace = () => {
    waiting = false;
    const message = atTop();
    if (!place || !message) return;
    const number = message.id.slice(1);
    const name = message.querySelector("h3").textContent;
    const said = `${number} / ${place.dataset.count} · ${name}`;
    if (place.textContent === said) return;
    place.textContent = said;
    const links = [...document.querySelectorAll(".outline a")];
    const current = links.findLast((link) => numbers(link.hash)[0] <= Number(number));
    for (const link of links) {
      if (link === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  const addPlace = () => {
    const here = document.querySelector(".here");
    const count = document.querySelectorAll(".message").length;
    place = here && count > 1 ? element("span", "here-place", "") : null;
    if (!place) return;
    place.dataset.count = count;
    place.setAttribute("aria-hidden", "true");
    here.append(place);
    // Not before the first frame is drawn: a long page would be laid out twice.
    requestAnimationFrame(() => setTimeout(sayPlace));
  };
  const scrolled = () => {
    if (waiting || !place) return;
    waiting = true;
    requestAnimationFrame(sayPlace);
  };

  // Keys, where no field has the focus and no modifier is down; `?` tells of them.
  const go = (step) => {
    const all = messages();
    const edge = 80;
    const tops = all.map((message) => message.getBoundingClientRect().top);
    const next = step > 0
      ? tops.findIndex((top) => top > edge)
      : tops.findLastIndex((top) => top < edge - 24);
    const message = all[next];
    if (!message) return;
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: "start" });
  };
  const follow = (rel) => document.querySelector(`.neighbours a[rel="${rel}"]`)?.click();
  const keys = {
    j: [t("next message"), () => go(1)],
    k: [t("previous message"), () => go(-1)],
    n: [t("next transcript"), () => follow("next")],
    p: [t("previous transcript"), () => follow("prev")],
    ...(script.dataset.search ? { "/": [t("search"), () => ask()] } : {}),
    "?": [t("this help"), () => help()],
  };
  const ask = () => {
    const here = document.querySelector(".ask input");
    if (here) return here.focus();
    const dialog = element("dialog", "help find-box", "");
    const label = element("label", "", t("Search all messages"));
    const field = document.createElement("input");
    field.type = "search";
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !field.value.trim()) return;
      location.href = script.dataset.search + "?" + new URLSearchParams({ q: field.value });
    });
    label.append(field);
    dialog.append(label);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  const help = () => {
    const dialog = element("dialog", "help", "");
    dialog.setAttribute("aria-label", t("Keys"));
    const list = document.createElement("dl");
    for (const [key, [does]] of Object.entries(keys)) {
      const term = document.createElement("dt");
      term.append(element("kbd", "", key));
      list.append(term, element("dd", "", does));
    }
    const off = stored("sitegen-keys") === "off";
    const toggle = button(off ? t("Turn keys on") : t("Turn keys off"), "plain-button", () => {
      stored("sitegen-keys", off ? "" : "off");
      dialog.close();
    });
    const close = button(t("Close"), "plain-button", () => dialog.close());
    close.autofocus = true;
    dialog.append(list, toggle, close);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
    if (event.key !== "?" && stored("sitegen-keys") === "off") return;
    const known = keys[event.key];
    if (!known) return;
    event.preventDefault();
    known[1]();
  };

  // Words of a search are marked by a script of their own.
  const mark = () => {
    if (!script.dataset.mark || !location.search.includes("mark=")) return;
    const marker = document.createElement("script");
    marker.src = script.dataset.mark;
    document.head.append(marker);
  };
  const enhance = () => {
    addTheme();
    addCopying();
    addPlace();
    markRange();
    citeMessage();
    mark();
  };
  enhance();
  addEventListener("sitegen:content", enhance);  // The development server put a new page in place.
  addEventListener("hashchange", markRange);
  addEventListener("hashchange", citeMessage);
  addEventListener("click", extendRange);
  addEventListener("click", copyAddress);
  addEventListener("scroll", scrolled, { passive: true });
  addEventListener("keydown", pressed);
})();
