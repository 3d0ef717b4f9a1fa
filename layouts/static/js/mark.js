// Marks the words for which a search led here (`?mark=…`), without touching the text.
(() => {
  const words = new URLSearchParams(location.search).getAll("mark").filter(Boolean).slice(0, 20);
  const where = document.querySelector(".messages");
  if (!words.length || !where || !globalThis.Highlight || !CSS.highlights) return;
  const escaped = words.map((word) => word.slice(0, 100).replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&"));
  const pattern = new RegExp(escaped.join("|"), "giu");
  const inWord = /[\p{L}\p{N}]/u;
  const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
  const found = [];
  const walker = document.createTreeWalker(where, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() && found.length < 2000) {
    const node = walker.currentNode;
    for (const match of node.data.matchAll(pattern)) {
      // Words are found by how they begin; a text without spaces has no such places.
      const before = node.data[match.index - 1] || "";
      if (inWord.test(before) && !unspaced.test(before + match[0])) continue;
      const range = new Range();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      found.push(range);
    }
  }
  CSS.highlights.set("found", new Highlight(...found));
  const target = document.getElementById(location.hash.slice(1));
  const first = target && found.find((range) => target.contains(range.startContainer));
  if (!first) return;
  const element = first.startContainer.parentElement;
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  if (first.getBoundingClientRect().bottom > innerHeight) {
    element.scrollIntoView({ block: "center", behavior: "instant" });
  }
})();
