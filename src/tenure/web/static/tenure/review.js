/* The queue of suggestions by keys: j and k go on and back, a accepts, d keeps apart. */
(() => {
  "use strict";
  const act = { j: "[data-review=next]", k: "[data-review=back]", a: "[data-review=accept]", d: "[data-review=decline]" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select, [contenteditable=true]")) return;
    if (document.querySelector(".modal.show, .offcanvas.show")) return;
    const wanted = act[event.key] && document.querySelector(act[event.key]);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
})();
