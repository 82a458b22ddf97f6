// Short news at the edge of the page: event "toast" with {text, kind, href, action, press}.
(() => {
  const place = document.getElementById("toasts");
  if (!place) return;
  const SHOWN_MS = 6000;

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${place.dataset.sprite}#i-${name}`);
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    svg.append(use);
    return svg;
  }

  function action({ href, action, press }, toast) {
    const element = document.createElement(href ? "a" : "button");
    if (href) element.href = href;
    else element.type = "button";
    element.textContent = action;
    element.addEventListener("click", () => { toast.remove(); press?.(); });
    return element;
  }

  function close(toast) {
    const button = action({}, toast);
    button.setAttribute("aria-label", place.dataset.close);
    button.append(icon("x"));
    return button;
  }

  document.addEventListener("toast", ({ detail }) => {
    const toast = document.createElement("div");
    const words = document.createElement("p");
    const kind = detail.kind ?? "ok";
    toast.className = `toast toast--${kind}`;
    words.textContent = detail.text ?? place.dataset[detail.word];
    toast.append(icon({ ok: "ok", err: "alert", offline: "offline", news: "refresh" }[kind] ?? "info"), words);
    toast.append(detail.action ? action(detail, toast) : close(toast));
    // Two are enough; the same news isn't told twice.
    for (const old of [...place.children].slice(0, -1)) old.remove();
    if (place.lastElementChild?.textContent === toast.textContent) place.lastElementChild.remove();
    // A modal dialog makes the rest of the page silent: speak from inside it.
    (document.querySelector("dialog[open]") ?? document.body).append(place);
    place.append(toast);
    if (detail.press) return;
    let timer = setTimeout(() => toast.remove(), SHOWN_MS);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), SHOWN_MS); });
  });
})();
