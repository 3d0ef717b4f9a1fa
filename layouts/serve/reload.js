// Brings the page up to date as soon as the development server has rebuilt it, and shows
// why a build failed. The query is the number of the build that made the page.
const made = new URL(document.currentScript.src).search;
const kept = "sitegen-scroll:" + location.pathname;
const place = sessionStorage.getItem(kept);
if (place !== null) {
  sessionStorage.removeItem(kept);
  addEventListener("load", () => scrollTo(0, Number(place)), { once: true });
}

const reload = () => {
  sessionStorage.setItem(kept, String(scrollY));
  location.reload();
};

// What a page is made with; where it differs only the page itself can begin anew.
const parts = (page) => [...page.querySelectorAll("head link[rel=stylesheet], script[src]")]
  .map((part) => part.getAttribute("href") || part.getAttribute("src"))
  .filter((address) => !address.startsWith("/.sitegen/")).join(" ");

// Puts a new page in place of the old one, which is several times as fast as a reload.
const replace = async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || parts(page) !== parts(document) || !page.querySelector("main")) return reload();
    page.querySelectorAll("script").forEach((script) => script.remove());
    document.title = page.title;
    for (const { name, value } of page.documentElement.attributes) {
      document.documentElement.setAttribute(name, value);
    }
    const fresh = document.adoptNode(page.body);
    const old = document.body;
    for (const script of old.querySelectorAll("script")) fresh.append(script);
    const [x, y] = [scrollX, scrollY];
    old.replaceWith(fresh);
    scrollTo({ left: x, top: y, behavior: "instant" });
    dispatchEvent(new Event("sitegen:content"));
  } catch {
    reload();
  }
};

// A style sheet has its digest in its name: the new one replaces the old in place.
const swapStyle = (sheet) => {
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
    const fresh = link.cloneNode();
    fresh.href = link.href.replace(/assets\/style\.[^/]*$/, sheet);
    fresh.addEventListener("load", () => link.remove(), { once: true });
    link.after(fresh);
  }
};

let overlay = null;
const show = (problems) => {
  overlay?.remove();
  overlay = document.createElement("div");
  overlay.setAttribute("role", "alert");
  Object.assign(overlay.style, {
    position: "fixed", insetInline: "0", bottom: "0", zIndex: "99", maxHeight: "60vh",
    overflow: "auto", padding: "1rem", background: "#5c1010", color: "#fff",
    font: "14px/1.5 ui-monospace, monospace", whiteSpace: "pre-wrap",
  });
  overlay.textContent = "The build failed; this is the last good page.\n\n" + problems.join("\n");
  document.body.append(overlay);
};

const source = new EventSource("/.sitegen/events" + made);
let lost = false;
source.addEventListener("open", () => { if (lost) reload(); });
source.addEventListener("error", () => { lost = true; });
source.addEventListener("failed", (event) => show(JSON.parse(event.data).problems));
source.addEventListener("built", (event) => {
  const { style } = JSON.parse(event.data);
  overlay?.remove();
  overlay = null;
  if (style) swapStyle(style);
  else replace();
});
