// One switch for all that is folded: thinking, tools and their results.
(() => {
  const strings = JSON.parse(document.currentScript.dataset.strings || "{}");
  const t = (text) => strings[text] || text;
  const steps = [...document.querySelectorAll("details.step")];
  const messages = document.querySelector(".messages");
  if (!messages || !steps.length) return;
  const made = document.createElement("button");
  made.type = "button";
  made.className = "plain-button switch";
  const show = () => {
    const closed = steps.some((step) => !step.open);
    made.textContent = closed ? t("Open all steps") : t("Close all steps");
    return closed;
  };
  made.addEventListener("click", () => {
    // Keep what is read where it is: what opens above it would push it away.
    const top = made.getBoundingClientRect().top;
    const open = show();
    for (const step of steps) step.open = open;
    show();
    scrollBy({ top: made.getBoundingClientRect().top - top, behavior: "instant" });
  });
  messages.addEventListener("toggle", show, true);
  show();
  messages.before(made);
})();
