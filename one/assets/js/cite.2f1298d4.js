// A message's number copies its address as well as leading to it.
(() => {
  addEventListener("click", async (event) => {
    const link = event.target.closest?.("a.permalink");
    // With a modifier down the browser does something else; without https there is no clipboard.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    try {
      await navigator.clipboard.writeText(link.href);
      link.dataset.copied = "";
      setTimeout(() => { delete link.dataset.copied; }, 1500);
    } catch { /* The address bar has it too. */ }
  });
})();
