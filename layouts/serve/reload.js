// Reloads the page when the development server has rebuilt it; shows why a build failed.
// The query is the number of the build that made the page: the server tells of later ones.
const made = new URL(document.currentScript.src).search;
const here = location.pathname;
const kept = "sitegen-scroll:" + here;
const place = sessionStorage.getItem(kept);
if (place !== null) {
  sessionStorage.removeItem(kept);
  addEventListener("load", () => scrollTo(0, Number(place)), { once: true });
}

const reload = () => {
  sessionStorage.setItem(kept, String(scrollY));
  location.reload();
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
  else reload();
});
