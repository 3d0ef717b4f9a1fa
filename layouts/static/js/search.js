// Searches all messages. Pagefind is loaded with the first search; it answers with numbers of
// words, and all that is shown is made here, as text.
(() => {
  const script = document.currentScript;
  const { index, root, joiner, breaks } = script.dataset;
  const strings = JSON.parse(script.dataset.strings || "{}");
  const t = (text) => strings[text] || text;
  const page = document.querySelector(".find");
  const ask = page?.querySelector(".ask");
  if (!ask) return;
  if (location.protocol === "file:") {
    page.querySelector(".no-search").hidden = false;
    return;
  }
  const SHOWN = 4;  // Transcripts at a time: each is loaded whole.
  const MOST = 3;  // Messages of one transcript.
  const BEFORE = 8, LENGTH = 32;  // Words of an excerpt.
  const field = ask.querySelector("input");
  const selects = [...ask.querySelectorAll("select")];
  const status = page.querySelector("[role=status]");
  const hits = page.querySelector(".hits");
  const more = page.querySelector(".show-more");
  const parted = new RegExp(breaks, "gu");
  const added = new RegExp(joiner + " ", "g");
  const make = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  let loading;
  const load = () => loading ||= (async () => {
    const pagefind = await import(new URL(index, location.href));
    // An answer takes this thread a few milliseconds; a worker is 41 kB more to load first.
    await pagefind.options({ basePath: new URL(".", new URL(index, location.href)).pathname, baseUrl: "/", noWorker: true });
    const [answer] = await Promise.all([fetch(new URL("facets.json", new URL(index, location.href))), pagefind.init()]);
    read(await answer.json());
    return pagefind;
  })().catch((error) => { loading = undefined; throw error; });

  // What each transcript is of, by the name that the index has for it.
  const about = new Map();
  const read = ({ pages, values: kinds }) => {
    for (const [id, date] of pages) about.set(id, { date, participant: [], tag: [], label: [], year: [], format: [] });
    for (const select of selects) {
      const values = kinds[select.name] || [];
      for (const [value, places] of values) {
        for (const place of places) about.get(pages[place][0])[select.name].push(value);
      }
      if (select.name !== "year") values.sort(([a, n], [b, m]) => m.length - n.length || (a < b ? -1 : 1));
      for (const [value, places] of values) {
        const label = `${value} (${places.length})`;
        const known = [...select.options].find((option) => option.value === value);
        if (known) known.textContent = label;
        else select.append(new Option(label, value));
      }
      select.parentNode.hidden = values.length < 2 && !select.value;
    }
  };

  // Words are looked for one by one, a phrase and a text without spaces as they stand.
  const plan = (query) => {
    const phrases = [];
    const rest = query.replace(/["“”„](.+?)["“”„]/gu, (_, phrase) => { phrases.push(phrase); return " "; });
    const words = [];
    for (const word of rest.split(/\s+/u).filter(Boolean)) {
      if (word.replace(parted, " ") !== word) phrases.push(word);
      else words.push(word);
    }
    const asked = phrases.map((phrase) => `"${phrase.replace(parted, " ")}"`);
    if (words.length) asked.push(words.join(" "));
    return { asked, marks: [...phrases, ...words] };
  };
  const search = async (pagefind, asked, filters) => {
    const answers = await Promise.all(asked.map((term) => pagefind.search(term)));
    const [first, ...others] = answers.map((answer) => answer.results);
    const wanted = ({ id }) => filters.every(({ name, value }) => about.get(id)?.[name].includes(value));
    return first.filter(wanted).map((result) => {
      const same = others.map((results) => results.find(({ id }) => id === result.id));
      return { all: [result, ...same], score: same.every(Boolean) ? same.reduce((sum, r) => sum + r.score, result.score) : -1 };
    }).filter(({ score }) => score >= 0).sort((a, b) => b.score - a.score);
  };

  const unpart = (text) => text.replace(added, "").replaceAll(joiner, "");
  const excerpt = (words, places, from, to) => {
    const start = Math.max(from, Math.min(places[0] - BEFORE, to - LENGTH));
    const end = Math.min(to, start + LENGTH);
    const shown = make("span", "words");
    let text = start > from ? "… " : "";
    let marked = "";
    const flush = () => {
      if (marked) shown.append(make("mark", "", unpart(marked)));
      marked = "";
    };
    for (let place = start; place < end; place++) {
      const word = words[place] + " ";
      if (places.includes(place)) {
        if (text) shown.append(unpart(text));
        text = "";
        marked += word;
        continue;
      }
      if (marked) {
        const spaced = !marked.endsWith(joiner + " ");
        marked = marked.slice(0, -1);
        flush();
        text = spaced ? " " : "";
      }
      text += word;
    }
    marked = marked.replace(/ $/, "");
    flush();
    shown.append(unpart(text).trimEnd(), end < to ? " …" : "");
    return shown;
  };

  const draw = (found, marks, facts) => {
    const [data] = found;
    const places = [...new Set(found.flatMap((part) => part.locations))].sort((a, b) => a - b);
    const words = data.content.split(/[\r\n\s]+/g);
    const anchors = data.anchors.filter(({ id }) => /^m\d+$/.test(id)).sort((a, b) => a.location - b.location);
    const names = new Map(data.anchors.map(({ id, text }) => [id, unpart(text || "")]));
    const messages = new Map();
    for (const place of places) {
      const at = anchors.findLastIndex(({ location }) => location <= place);
      if (!messages.has(at)) messages.set(at, []);
      messages.get(at).push(place);
    }
    const address = (hash) => {
      const given = new URLSearchParams(marks.map((word) => ["mark", word]));
      return `${root}${data.raw_url}?${given}${hash}`;
    };
    const anchor = (href, className, ...content) => {
      const made = make("a", className, ...content);
      made.setAttribute("href", href);
      return made;
    };
    const hit = make("li", "hit", make("h2", "", anchor(`${root}${data.raw_url}`, "", unpart(data.meta.title || data.raw_url))));
    const told = [facts?.date, facts?.participant.slice(0, 6).join(", "), facts?.label.join(", ")];
    hit.append(make("p", "facts", told.filter(Boolean).join(" · ")));
    const said = [...messages].filter(([at]) => at >= 0);
    // The messages that hold most of what was asked for, then in their order.
    const best = [...said].sort(([, a], [, b]) => b.length - a.length).slice(0, MOST).sort(([a], [b]) => a - b);
    const list = make("ol");
    for (const [at, matches] of best) {
      const { id, location } = anchors[at];
      const number = id.slice(1);
      const name = names.get("s" + number) || "";
      // What comes first is the speaker's name, which stands above.
      const skip = name && words.slice(location).join(" ").startsWith(name) ? name.split(/\s+/).length : 0;
      const inside = matches.filter((place) => place >= location + skip);
      const who = make("span", "who", name.replace(/\.$/, ""), name ? " · " : "", number);
      const shown = excerpt(words, inside.length ? inside : [location + skip], location + skip,
        anchors[at + 1]?.location ?? words.length);
      list.append(make("li", "", anchor(address("#" + id), "", who, shown)));
    }
    if (best.length) hit.append(list);
    if (said.length > best.length) {
      const other = t("and {n} more messages").replace("{n}", said.length - best.length);
      hit.append(make("p", "about", anchor(address(""), "", other)));
    }
    return hit;
  };

  let turn = 0;
  let rest = [];
  let marks = [];
  const showMore = async () => {
    const mine = turn;
    const part = rest.splice(0, SHOWN);
    const loaded = await Promise.all(part.map(({ all }) => Promise.all(all.map((result) => result.data()))));
    if (mine !== turn) return null;
    const drawn = loaded.map((found, n) => draw(found, marks, about.get(part[n].all[0].id)));
    hits.append(...drawn);
    more.hidden = !rest.length;
    return drawn[0];
  };
  const run = async () => {
    const mine = turn += 1;
    const query = field.value.trim();
    const chosen = selects.filter(({ value }) => value);
    const { asked, marks: words } = plan(query);
    hits.setAttribute("aria-busy", "true");
    if (!asked.length && !chosen.length) {
      rest = [];
      hits.replaceChildren();
      more.hidden = true;
      status.textContent = "";
      hits.setAttribute("aria-busy", "false");
      return;
    }
    try {
      const pagefind = await load();
      const results = await search(pagefind, asked.length ? asked : [null], chosen);
      if (mine !== turn) return;
      rest = results;
      marks = words;
      hits.replaceChildren();
      const count = results.length === 1 ? t("1 transcript") : t("{n} transcripts").replace("{n}", results.length);
      status.textContent = results.length ? count : t("Nothing was found.");
      await showMore();
    } catch (error) {
      if (mine !== turn) return;
      status.textContent = t("The index could not be loaded.");
      console.warn(error);
    }
    if (mine === turn) hits.setAttribute("aria-busy", "false");
  };

  // The address holds what was asked; it changes in place while one types.
  const remember = () => {
    const address = new URL(location.href);
    for (const { name, value } of [field, ...selects]) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    try { history.replaceState(null, "", address); } catch { /* Not everywhere allowed. */ }
  };
  let waiting;
  const soon = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { remember(); run(); }, delay);
  };
  ask.hidden = false;
  const given = new URLSearchParams(location.search);
  field.value = given.get("q") || "";
  for (const select of selects) {
    const value = given.get(select.name);
    if (value) {
      select.append(new Option(value, value));
      select.value = value;
    }
    select.addEventListener("change", () => soon(0));
  }
  field.addEventListener("input", () => soon(150));
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") soon(0); });
  field.addEventListener("focus", () => { load().catch(() => {}); }, { once: true });
  more.addEventListener("click", async () => (await showMore())?.querySelector("a").focus());
  field.focus({ preventScroll: true });
  run();
})();
