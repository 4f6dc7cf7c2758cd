/* Expression fields: completion of names (Ctrl+Space, or while typing) and their words beneath.
   <textarea data-expression="ADDRESS OF NAMES" data-place="when">, with [data-said] near it. */
(() => {
  "use strict";
  const known = new Map();
  const MOST = 12;
  let serial = 0;

  const fieldsOf = (field) => {
    if (field.dataset.place !== "where") return [];
    return [...(field.form?.querySelectorAll("[name=of] option:checked") || [])].map((one) => one.value);
  };
  const namesFor = async (field) => {
    const query = new URLSearchParams({ place: field.dataset.place || "when" });
    for (const one of fieldsOf(field)) query.append("of", one);
    const address = `${field.dataset.expression}?${query}`;
    if (!known.has(address)) {
      known.set(address, fetch(address, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : { names: [] })).then((found) => found.names));
    }
    return known.get(address);
  };
  const wordAt = (field) => {
    const before = field.value.slice(0, field.selectionStart);
    const found = before.match(/[A-Za-z_][A-Za-z0-9_.]*$/);
    return found ? found[0] : "";
  };

  class Completion {
    constructor(field) {
      this.field = field;
      this.list = document.createElement("ul");
      this.list.className = "completion list-unstyled";
      this.list.id = `completion-${serial += 1}`;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", document.documentElement.lang.startsWith("en") ? "Names" : "可用名称");
      this.list.hidden = true;
      field.after(this.list);
      field.setAttribute("aria-autocomplete", "list");
      field.setAttribute("aria-controls", this.list.id);
      if (field.matches("input")) field.setAttribute("role", "combobox");
      this.tell(false);
      this.at = 0;
      this.found = [];
      field.addEventListener("input", () => this.look(false));
      field.addEventListener("keydown", (event) => this.key(event));
      field.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    }
    async look(asked) {
      const word = wordAt(this.field).toLowerCase();
      if (!asked && word.length < 2) return this.close();
      const names = await namesFor(this.field);
      const rank = (one) => (one.key.startsWith(word) ? 0 : 1);
      this.found = names
        .filter((one) => one.key !== word && (one.key.includes(word) || one.name.toLowerCase().includes(word)))
        .sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
      this.at = 0;
      if (!this.found.length || document.activeElement !== this.field) return this.close();
      this.list.replaceChildren(...this.found.map((one, index) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${index}`;
        item.setAttribute("role", "option");
        const key = document.createElement("code");
        key.textContent = one.key;
        const name = document.createElement("span");
        name.className = "text-secondary";
        name.textContent = one.name;
        item.append(key, name);
        item.addEventListener("pointerdown", (event) => { event.preventDefault(); this.take(index); });
        return item;
      }));
      this.list.hidden = false;
      this.tell(true);
      this.mark();
      this.list.scrollIntoView({ block: "nearest" });
    }
    /* a field of several lines is no combobox: only the others say whether their list is open */
    tell(open) {
      if (this.field.matches("input")) this.field.setAttribute("aria-expanded", String(open));
    }
    mark() {
      [...this.list.children].forEach((item, index) => {
        item.setAttribute("aria-selected", String(index === this.at));
        if (index === this.at) item.scrollIntoView({ block: "nearest" });
      });
      this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    }
    key(event) {
      if (event.ctrlKey && event.code === "Space") {
        event.preventDefault();
        this.look(true);
        return;
      }
      if (this.list.hidden) return;
      const moves = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in moves) {
        event.preventDefault();
        this.at = (this.at + moves[event.key] + this.found.length) % this.found.length;
        this.mark();
      } else if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        this.take(this.at);
      } else if (event.key === "Escape") {
        event.stopPropagation();
        this.close();
      }
    }
    take(index) {
      const { field } = this, chosen = this.found[index], word = wordAt(field);
      const end = field.selectionStart, start = end - word.length;
      const added = chosen.sort === "function" ? `${chosen.key}(` : chosen.key;
      field.setRangeText(added, start, end, "end");
      this.close();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close() {
      this.list.hidden = true;
      this.tell(false);
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  const csrf = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const tell = (field, target) => {
    let waiting = null, asked = 0;
    const ask = async () => {
      const number = asked += 1;
      const body = new URLSearchParams({ expression: field.value, place: field.dataset.place || "when" });
      for (const one of fieldsOf(field)) body.append("of", one);
      const answer = await fetch(target.dataset.said, {
        method: "POST", body, headers: { "X-CSRFToken": csrf(), "HX-Request": "true" },
      });
      const text = answer.ok ? await answer.text() : "";
      if (number !== asked) return;
      target.innerHTML = text;
      field.toggleAttribute("aria-invalid", Boolean(target.querySelector(".text-danger")));
    };
    field.addEventListener("input", () => { window.clearTimeout(waiting); waiting = window.setTimeout(ask, 350); });
    if (field.value.trim()) ask();
  };
  const begin = (root) => {
    for (const field of root.querySelectorAll("[data-expression]:not([data-completes])")) {
      field.dataset.completes = "yes";
      new Completion(field);
      const target = field.parentElement.querySelector("[data-said]");
      if (target) tell(field, target);
    }
  };
  document.addEventListener("DOMContentLoaded", () => begin(document));
  document.addEventListener("htmx:afterSettle", () => begin(document));
})();
