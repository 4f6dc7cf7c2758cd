/* The list of customers: keys, selecting, completion of names in the condition. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* ------------------------------------------------------------------ keys */
  const links = () => all("[data-row] a");
  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select");
  const move = (step) => {
    const found = links();
    if (!found.length) return;
    const row = document.activeElement.closest("[data-row]");
    const here = found.findIndex((link) => link.closest("[data-row]") === row);
    const next = here < 0 ? (step > 0 ? 0 : found.length - 1) : here + step;
    found[Math.max(0, Math.min(next, found.length - 1))].focus();
  };
  /* Before the frame's own "/", which opens the palette. */
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const search = one("[data-find]");
    if (event.key === "/" && search) {
      event.preventDefault();
      event.stopImmediatePropagation();
      search.focus();
    } else if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      move(event.key === "j" ? 1 : -1);
    } else if (event.key === "x") {
      const row = document.activeElement.closest("[data-row]");
      const box = row && one("input[type=checkbox]", row);
      if (box) box.click();
    }
  }, true);

  /* ------------------------------------------------------------- selecting */
  const form = one("[data-rows]");
  if (form) {
    const boxes = all("[name=id]", form);
    const page = one("[data-all]", form);
    const everything = one("[data-everything]", form);
    const count = one("[data-count]", form);
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      if (count) count.textContent = chosen && !(everything && everything.checked) ? count.dataset.text.replace("#", chosen) : "";
      if (page) {
        page.checked = chosen === boxes.length && chosen > 0;
        page.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    };
    form.addEventListener("change", (event) => {
      if (event.target === page) for (const box of boxes) box.checked = page.checked;
      if (event.target === everything) for (const box of boxes) box.checked = everything.checked;
      if (event.target.name === "id" && !event.target.checked && everything) everything.checked = false;
      show();
    });
    show();
  }

  /* ------------------------------------------------------------ completion */
  const condition = one("[data-condition]");
  if (condition) {
    const input = one("[name=q]", condition);
    const list = one("#names");
    let names = null;
    let at = -1;
    const load = async () => {
      if (names) return;
      names = [];
      const answer = await fetch(condition.dataset.words, { headers: { Accept: "application/json" } });
      if (answer.ok) names = (await answer.json()).names;
    };
    const word = () => (input.value.slice(0, input.selectionStart).match(/[\p{L}_][\p{L}\p{N}_]*$/u) || [""])[0];
    const inText = () => (input.value.slice(0, input.selectionStart).split("'").length - 1) % 2 === 1;
    const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const take = (key) => {
      const end = input.selectionStart;
      const start = end - word().length;
      input.setRangeText(key, start, end, "end");
      input.focus();
      close();
    };
    const mark = (step) => {
      const items = all("li", list);
      at = (at + step + items.length) % items.length;
      items.forEach((item, index) => { item.classList.toggle("active", index === at); item.setAttribute("aria-selected", String(index === at)); });
      input.setAttribute("aria-activedescendant", items[at].id);
    };
    const offer = () => {
      const typed = word().toLowerCase();
      const found = typed && !inText() ? (names || []).filter((name) => name.key.includes(typed) || name.name.toLowerCase().includes(typed)).slice(0, 8) : [];
      if (!found.length || (found.length === 1 && found[0].key === typed)) return close();
      list.replaceChildren(...found.map((name, index) => {
        const item = document.createElement("li");
        Object.assign(item, { className: "list-group-item list-group-item-action py-1", id: `name-${index}` });
        item.setAttribute("role", "option");
        const key = document.createElement("code");
        key.textContent = name.key;
        item.append(key, ` ${name.name}`);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(name.key); });
        return item;
      }));
      at = -1;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };
    input.addEventListener("focus", load);
    input.addEventListener("input", async () => { await load(); offer(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(event.key === "ArrowDown" ? 1 : -1);
      } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) {
        event.preventDefault();
        take(one("code", all("li", list)[at]).textContent);
      } else if (event.key === "Escape") {
        close();
      }
    });
  }

  /* A menu closes when one clicks elsewhere, and by Escape. */
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of all("details.menu[open]")) menu.open = false;
  });
})();
