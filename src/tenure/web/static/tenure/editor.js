/* The editor: dragging stages, moving them by buttons without leaving the page, showing the
   fields of the chosen form. The form saves itself (htmx) whenever something was rearranged. */
(() => {
  "use strict";
  const form = () => document.getElementById("draft-form");
  const sortable = () => {
    for (const list of document.querySelectorAll("[data-sortable]")) {
      Sortable.create(list, {
        handle: ".grip", animation: 120, ghostClass: "dragged",
        onEnd: (event) => { if (event.oldIndex !== event.newIndex) htmx.trigger(form(), "rearranged"); },
      });
    }
  };
  /* Buttons that rearrange are real buttons of the form: with scripts only the editor is replaced. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-rearranges]");
    if (!button) return;
    event.preventDefault();
    const body = new FormData(form());
    body.append(button.name, button.value);
    const answer = await fetch(form().action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("editor");
    if (!answer.ok || !fresh) { window.location.reload(); return; }
    document.getElementById("editor").replaceWith(fresh);
    htmx.process(fresh);
    begin();
    document.dispatchEvent(new Event("htmx:afterSettle"));
    const again = [...document.querySelectorAll("[data-rearranges]")]
      .find((one) => one.getAttribute("aria-label") === button.getAttribute("aria-label") && !one.disabled);
    (again || form().querySelector("input:not([type=hidden])")).focus();
  });
  const reveal = () => {
    const chosen = document.querySelector("[data-reveals]:checked");
    if (!chosen) return;
    for (const part of document.querySelectorAll("[data-revealed]")) {
      part.hidden = part.dataset.revealed !== chosen.dataset.reveals;
    }
  };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-reveals]")) reveal(); });
  document.addEventListener("draft-saved", () => {
    for (const part of document.querySelectorAll("[data-once-saved]")) part.hidden = false;
  });
  const begin = () => { sortable(); reveal(); };
  document.addEventListener("DOMContentLoaded", begin);
})();
