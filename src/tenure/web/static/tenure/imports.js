/* Imports: files dropped and handed in with progress; rows that are changed tick themselves. */
(() => {
  "use strict";
  const form = document.querySelector("[data-upload]");
  if (form) {
    const input = form.querySelector("input[type=file]");
    const zone = form.querySelector("[data-drop]");
    const shown = form.querySelector("[data-chosen]");
    const problem = form.querySelector("[data-problem]");
    const progress = form.querySelector("[data-progress]");
    const tell = (text) => {
      problem.replaceChildren();
      if (!text) return;
      const alert = document.createElement("div");
      alert.className = "alert alert-danger m-0";
      alert.textContent = text;
      problem.append(alert);
    };
    const choose = () => {
      shown.textContent = [...input.files].map((file) => file.name).join(" · ");
      const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
      tell(size > Number(form.dataset.limit) ? form.dataset.tooLarge : "");
    };
    input.addEventListener("change", choose);
    for (const kind of ["dragenter", "dragover"]) {
      zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("drop-over"); });
    }
    for (const kind of ["dragleave", "drop"]) {
      zone.addEventListener(kind, () => zone.classList.remove("drop-over"));
    }
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      input.files = event.dataTransfer.files;
      choose();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (problem.childElementCount) return;
      const request = new XMLHttpRequest();
      const button = form.querySelector("button.btn-primary");
      const ended = (text) => { button.disabled = false; progress.hidden = true; tell(text); };
      button.disabled = true;
      progress.hidden = false;
      request.upload.addEventListener("progress", (moved) => {
        if (!moved.lengthComputable) return;
        progress.querySelector("progress").value = moved.loaded / moved.total;
        progress.querySelector("[data-share]").textContent = `${Math.round((100 * moved.loaded) / moved.total)}%`;
      });
      request.addEventListener("load", () => {
        if (request.status < 400) { window.location.assign(request.responseURL); return; }
        const answer = new DOMParser().parseFromString(request.responseText, "text/html");
        ended(answer.body.textContent.trim());
      });
      request.addEventListener("error", () => ended(form.dataset.lost));
      request.open("POST", form.getAttribute("action") || window.location.pathname);
      request.setRequestHeader("HX-Request", "true");
      request.send(new FormData(form));
    });
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-mending] .mended-cell")) return;
    const row = event.target.closest("tr");
    row.querySelector("[name=row]").checked = true;
    event.target.classList.toggle("changed", event.target.value !== event.target.defaultValue);
  });
})();
