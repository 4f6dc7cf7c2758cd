/* The form of an endpoint: event types found by typing, and out of the way where all are chosen. */
(() => {
  "use strict";
  const box = document.querySelector("[data-types]");
  const filter = document.querySelector("[data-filter-types]");
  if (!box || !filter) return;
  filter.hidden = false;
  filter.addEventListener("input", () => {
    const sought = filter.value.trim().toLowerCase();
    for (const label of box.querySelectorAll("label")) label.hidden = !label.textContent.toLowerCase().includes(sought);
  });
  /* Enter in the filter is no wish to save. */
  filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
})();
