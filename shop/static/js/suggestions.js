// A field with a list of suggestions (data-suggest names it): arrows walk, Enter goes, Escape closes.
(() => {
  const listOf = (field) => document.getElementById(field.dataset.suggest);
  const optionsOf = (field) => [...listOf(field).querySelectorAll("[role=option]")];

  for (const field of document.querySelectorAll("[data-suggest]")) {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", field.dataset.suggest);
    field.setAttribute("aria-expanded", "false");
  }

  function show(field, yes) {
    listOf(field).hidden = !yes;
    field.setAttribute("aria-expanded", yes);
    if (!yes) choose(field, -1);
  }

  function choose(field, index) {
    const options = optionsOf(field);
    options.forEach((option, at) => {
      option.id ||= `${field.dataset.suggest}-${at}`;
      option.setAttribute("aria-selected", at === index);
    });
    const chosen = options[index];
    if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
    else field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const field = ctx.sourceElement?.querySelector?.("[data-suggest]");
    if (!field || ctx.target !== listOf(field)) return;
    show(field, document.activeElement === field && field.value.trim() !== "" && optionsOf(field).length > 0);
  });

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-suggest]")) return;
    const options = optionsOf(field);
    const open = !listOf(field).hidden;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      show(field, true);
      // One place before the first and after the last is the field itself.
      choose(field, ((at + 1 + step + options.length + 1) % (options.length + 1)) - 1);
    } else if (event.key === "Enter" && open && options[at]) {
      event.preventDefault();
      options[at].click();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      show(field, false);
    }
  });

  // The field keeps the focus while one presses a suggestion, else the list would be gone first.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[role=option]")) event.preventDefault();
  });
  document.addEventListener("focusout", ({ target }) => { if (target.matches("[data-suggest]")) show(target, false); });
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-suggest]") && optionsOf(target).length && target.value.trim()) show(target, true);
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-suggest]") && !target.value.trim()) show(target, false);
  });
})();
