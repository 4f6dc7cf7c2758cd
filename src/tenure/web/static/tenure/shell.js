/* The frame around every page: toasts, the command palette, keys, small conveniences. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* ---------------------------------------------------------------- toasts */
  const showToasts = (root = document) => {
    for (const toast of all(".toast:not(.show):not([data-shown])", root)) {
      toast.dataset.shown = "yes";
      tabler.Toast.getOrCreateInstance(toast).show();
    }
  };
  /* An answer of htmx may carry {"toast": {"text", "level", "undo": {"url", "fields"}}}. */
  document.addEventListener("toast", (event) => {
    const { text, level = "success", undo } = event.detail;
    const copy = one("#toast-model").content.cloneNode(true);
    one("[data-text]", copy).textContent = text;
    one(".toast", copy).dataset.level = level;
    const form = one("form", copy);
    if (undo) {
      form.action = undo.url;
      for (const [name, value] of Object.entries(undo.fields || {})) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        form.append(field);
      }
    } else {
      form.remove();
    }
    one("#toasts").append(copy);
    showToasts(one("#toasts"));
  });

  /* --------------------------------------------------------------- palette */
  const palette = one("#palette");
  const links = () => all("a", palette).filter((link) => !link.closest("[hidden]"));
  const filter = (text) => {
    const words = text.trim().toLowerCase().split(/\s+/);
    for (const item of all("[data-words]", palette)) {
      const known = item.dataset.words.toLowerCase();
      item.hidden = !words.every((word) => known.includes(word));
    }
    for (const group of all("[data-group]", palette)) {
      group.hidden = !all("[data-words]", group).some((item) => !item.hidden);
    }
  };
  const openPalette = () => palette && tabler.Modal.getOrCreateInstance(palette).show();
  if (palette) {
    const input = one("input[type=search]", palette);
    palette.addEventListener("shown.bs.modal", () => { input.focus(); input.select(); });
    input.addEventListener("input", () => filter(input.value));
    palette.addEventListener("keydown", (event) => {
      const found = links();
      const here = found.indexOf(document.activeElement);
      if (event.key === "Enter" && document.activeElement === input && found.length) {
        event.preventDefault();
        found[0].click();
      } else if (event.key === "ArrowDown" && found.length) {
        event.preventDefault();
        found[Math.min(here + 1, found.length - 1)].focus();
      } else if (event.key === "ArrowUp") {
        event.preventDefault();
        (here > 0 ? found[here - 1] : input).focus();
      }
    });
    for (const button of all("[data-open-palette]")) {
      button.addEventListener("click", openPalette);
    }
  }

  /* ------------------------------------------------------------------ keys */
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable=true]");
  document.addEventListener("keydown", (event) => {
    const combined = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    if (combined || (plain && event.key === "/")) {
      event.preventDefault();
      openPalette();
    } else if (plain && event.key === "?") {
      const help = one("#help");
      if (help) tabler.Offcanvas.getOrCreateInstance(help).show();
    }
  });

  /* --------------------------------------------------- small conveniences */
  /* A slider of days moves the date field it belongs to, and the form goes off when let go. */
  document.addEventListener("input", (event) => {
    const slider = event.target.closest("[data-days-from]");
    if (!slider) return;
    const day = new Date(`${slider.dataset.daysFrom}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + Number(slider.value));
    one(`#${slider.dataset.moves}`).value = day.toISOString().slice(0, 10);
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submits]")) event.target.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const copier = event.target.closest("[data-copy]");
    if (copier) navigator.clipboard.writeText(one(copier.dataset.copy).value);
  });

  /* Errors that are told in words are shown where the part would have been. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 400 && event.detail.xhr.status < 500) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => showToasts(event.target));
  document.addEventListener("DOMContentLoaded", () => showToasts());
})();
