/* A form on its page or within another: counts a beginning, tells the page around it how tall it
   is, takes over what that page knows of the visit, solves the puzzle if there is one, and sends
   once. Without scripts the form works as well. */
(() => {
  "use strict";
  const form = document.querySelector("[data-lead-form]");
  const note = document.getElementById("note");
  if (note) note.focus();
  if (form) {
    const field = (name) => form.elements.namedItem(name);
    form.addEventListener("input", () => {
      const body = new URLSearchParams({ token: field("token").value });
      navigator.sendBeacon(form.dataset.started, body);
    }, { once: true });
    const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
    const solve = async (token) => {
      for (let trial = 0; ; trial += 1) {
        const bytes = new TextEncoder().encode(`${token}:${trial}`);
        if (hex(await crypto.subtle.digest("SHA-256", bytes)).startsWith("0000")) return String(trial);
      }
    };
    const puzzle = "challenge" in form.dataset && window.crypto && crypto.subtle
      ? solve(field("token").value) : null;
    const button = form.querySelector(".send");
    let sent = false;
    form.addEventListener("submit", async (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      button.setAttribute("aria-disabled", "true");
      if (puzzle && !field("proof").value) {
        event.preventDefault();
        field("proof").value = await puzzle;
        form.submit();
      }
    });
    window.addEventListener("pageshow", () => { sent = false; button.removeAttribute("aria-disabled"); });
  }
  if (window.parent === window || !document.documentElement.classList.contains("embedded")) return;
  const tell = (said) => window.parent.postMessage({ tenure: said, height: document.documentElement.offsetHeight }, "*");
  new ResizeObserver(() => tell("height")).observe(document.documentElement);
  let known = false;
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !event.data || event.data.tenure !== "visit") return;
    known = true;
    for (const [name, value] of Object.entries(event.data.visit || {})) {
      const hidden = form && form.querySelector(`input[type="hidden"][name="${CSS.escape(name)}"]`);
      if (hidden && name !== "token" && name !== "proof" && typeof value === "string" && value) hidden.value = value.slice(0, 500);
    }
  });
  for (const wait of [0, 500, 1500, 4000]) setTimeout(() => { if (!known) tell("ready"); }, wait);
})();
