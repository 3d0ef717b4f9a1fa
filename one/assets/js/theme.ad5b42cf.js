// Runs before the page is painted, so that a chosen scheme does not flash.
(() => {
  const store = "sitegen-theme:" + document.currentScript.dataset.site;
  let theme = null;
  try { theme = localStorage.getItem(store); } catch { /* Storage may be forbidden. */ }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
