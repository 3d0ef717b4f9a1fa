// Narrows and sorts a list of transcripts in place; what was chosen stands in the address.
(() => {
  const finder = document.querySelector(".finder");
  const listed = document.querySelector(".listed");
  const results = document.querySelector(".results");
  const pager = document.querySelector(".pager");
  if (!finder || !listed || !results) return;
  const { rows, root, size, within, slug, found, every, none, failed, others } = finder.dataset;
  const fields = [...finder.querySelectorAll("select")];
  const status = finder.querySelector("[role=status]");
  const reset = finder.querySelector(".reset");
  const more = results.querySelector(".show-more");
  const list = results.querySelector("ul");
  const words = (text) => text ? text.split(" ") : [];
  const make = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // All transcripts of the list, newest first: the cards of this page, or, where there are
  // several pages, rows of a file that is loaded when it is first asked for.
  const cards = [...listed.querySelectorAll(".card")].map((card) => ({
    card,
    home: card.parentNode,
    title: card.querySelector(".card-title")?.textContent.trim() || "",
    participant: words(card.dataset.participant),
    tag: words(card.dataset.tag),
    label: words(card.dataset.label),
    year: [card.dataset.year],
    length: [card.dataset.length],
    words: Number(card.dataset.words),
  }));
  // A layout of somebody's own may not say what its cards hold.
  if (!rows && (!cards.length || cards.some((item) => !item.length[0]))) {
    finder.hidden = true;
    return;
  }

  const anchor = (address, text) => {
    const made = make("a", "", text);
    made.setAttribute("href", root + address);
    return made;
  };
  const draw = (data, [address, title, lang, facts, , , , people, tags, labels]) => {
    const card = make("li", "card brief");
    const heading = make("h3", "card-title");
    if (lang) {
      heading.lang = lang;
      heading.dir = "auto";
    }
    heading.append(anchor(address, title));
    const voices = make("p", "voices");
    for (const [, name, hue] of people.slice(0, 6).map((n) => data.participants[n])) {
      const voice = make("span", "voice hue-" + hue);
      const glyph = make("span", "glyph");
      glyph.ariaHidden = "true";
      voice.append(glyph, name);
      voices.append(voice, " ");
    }
    if (people.length > 6) voices.append(others.replace("{n}", people.length - 6));
    const about = make("p", "facts dots");
    for (const fact of facts) about.append(make("span", "", fact), " ");
    for (const [, name] of labels.map((n) => data.labels[n])) about.append(make("strong", "label", name), " ");
    const subjects = make("ul", "tags");
    for (const [, name, place] of tags.map((n) => data.tags[n])) {
      const subject = make("li");
      subject.append(anchor(place, name));
      subjects.append(subject);
    }
    card.append(heading, voices, about);
    if (tags.length) card.append(subjects);
    return card;
  };
  const read = (data) => data.rows.map((row) => ({
    get card() { return draw(data, row); },
    title: row[1],
    year: [row[4]],
    length: [row[5]],
    words: row[6],
    participant: row[7].map((n) => data.participants[n][0]),
    tag: row[8].map((n) => data.tags[n][0]),
    label: row[9].map((n) => data.labels[n][0]),
  })).filter((item) => !within || item[within].includes(slug));
  let loading;
  const all = () => loading ||= !rows ? Promise.resolve(cards) : new Promise((done, fail) => {
    const script = make("script");
    script.src = rows;
    script.onload = () => { script.remove(); done(read(globalThis.sitegenTranscripts)); };
    script.onerror = () => { script.remove(); loading = undefined; fail(); };
    document.head.append(script);
  });

  let language;
  try { [language] = Intl.getCanonicalLocales(document.documentElement.lang); } catch { /* Any. */ }
  const collator = new Intl.Collator(language, { numeric: true });
  const dated = (item) => item.year[0] !== "undated";
  const orders = {
    oldest: (a, b) => dated(b.item) - dated(a.item) || b.place - a.place,
    longest: (a, b) => b.item.words - a.item.words || a.place - b.place,
    shortest: (a, b) => a.item.words - b.item.words || a.place - b.place,
    title: (a, b) => collator.compare(a.item.title, b.item.title) || a.place - b.place,
  };
  const select = (items, chosen) => {
    const wanted = Object.entries(chosen).filter(([name, value]) => name !== "sort" && value);
    const kept = items
      .map((item, place) => ({ item, place }))
      .filter(({ item }) => wanted.every(([name, value]) => item[name].includes(value)));
    if (orders[chosen.sort]) kept.sort(orders[chosen.sort]);
    return kept.map(({ item }) => item);
  };

  let rest = [];
  const showMore = () => {
    const part = rest.splice(0, rows ? Number(size) : rest.length).map((item) => item.card);
    list.append(...part);
    more.hidden = !rest.length;
    return part[0];
  };
  let latest = 0;
  const show = async () => {
    const chosen = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    const active = fields.some((field) => field.value);
    const turn = latest += 1;
    let items = [];
    let problem = "";
    if (active) {
      try { items = await all(); } catch { problem = failed; }
      if (turn !== latest) return;
    }
    const matching = select(items, chosen);
    rest = [...matching];
    list.replaceChildren();
    if (active) showMore();
    else for (const item of cards) item.home.append(item.card);
    const narrowed = active && !problem;
    results.hidden = !narrowed;
    listed.hidden = narrowed;
    if (pager) pager.hidden = narrowed;
    reset.hidden = !active;
    // The count stands in one place of the sentence, which is the layout's.
    const said = !matching.length ? none : matching.length === items.length ? every : found;
    const counted = said.replace("{n}", matching.length.toLocaleString(language));
    status.textContent = problem || (active ? counted : "");
  };

  // The address holds what was chosen; other parameters stay as they are.
  const remember = () => {
    const address = new URL(location.href);
    for (const { name, value } of fields) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    if (address.href === location.href) return;
    try { history.pushState(null, "", address); } catch { /* Not from every disk. */ }
  };
  const recall = () => {
    const given = new URLSearchParams(location.search);
    for (const field of fields) {
      const value = given.get(field.name) || "";
      // Of very many values the field names the most frequent alone.
      const known = [...field.options].some((option) => option.value === value);
      if (!known && "more" in field.dataset) field.append(new Option(value, value));
      field.value = known || "more" in field.dataset ? value : "";
    }
    return show();
  };

  for (const field of fields) {
    field.disabled = false;
    field.addEventListener("change", () => { remember(); show(); });
  }
  reset.addEventListener("click", () => {
    for (const field of fields) field.value = "";
    remember();
    show();
    fields[0].focus();
  });
  more.addEventListener("click", () => showMore()?.querySelector("a").focus());
  addEventListener("popstate", recall);
  recall();
})();
