/* The page of one customer: keys of the profile form, panels that close, focus after a swap. */
(() => {
  "use strict";
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable=true]");
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = target.closest("form[method=post]");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.key === "Escape") {
      const panel = target.closest("details.dropdown-lite[open]");
      if (panel) {
        panel.open = false;
        panel.querySelector("summary").focus();
        return;
      }
      const form = target.closest("form");
      const cancel = form && form.querySelector("[data-cancel]");
      if (cancel) cancel.click();
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(target);
    if (plain && event.key === "e" && !document.querySelector(".modal.show, .offcanvas.show")) {
      const edit = document.querySelector("[data-edit-profile]");
      if (edit) {
        event.preventDefault();
        edit.click();
      }
    }
  });
  document.addEventListener("click", (event) => {
    for (const panel of document.querySelectorAll("details.dropdown-lite[open]")) {
      if (!panel.contains(event.target)) panel.open = false;
    }
  });
  const showStage = () => {
    const here = document.querySelector(".stage-steps [aria-current]");
    const strip = here && here.closest(".stage-strip");
    if (strip) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
  };
  document.addEventListener("DOMContentLoaded", showStage);
  document.addEventListener("htmx:afterSettle", showStage);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "profile" && !document.getElementById("profile")) return;
    const card = document.getElementById("profile");
    const wanted = card.querySelector("[data-conflict], .is-invalid, .editing input:not([type=hidden]), .editing textarea, .editing select");
    if (wanted && !card.contains(document.activeElement)) wanted.focus();
  });
})();
