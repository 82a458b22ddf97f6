// Plain forms: sent once however often one presses; choices that send themselves; passwords shown on demand.
(() => {
  document.documentElement.classList.add("js");

  function release() {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll(".is-busy")) {
      button.classList.remove("is-busy");
      button.removeAttribute("aria-disabled");
    }
  }

  function hide(button) {
    const field = document.getElementById(button.dataset.show);
    if (field?.type === "text") button.click();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    form.querySelectorAll("[data-show]").forEach(hide);
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.classList.add("is-busy");
    event.submitter?.setAttribute("aria-disabled", "true");
    setTimeout(release, 15000); // The network may have eaten it.
  });
  // The page comes back alive from the back button: so must its forms.
  addEventListener("pageshow", release);

  // A form that waited until its sender had signed in, or leads on; whoever goes back has had enough of it.
  addEventListener("DOMContentLoaded", () => {
    if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") return;
    document.querySelector("form[data-send-now]")?.requestSubmit();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (!button) return;
    const field = document.getElementById(button.dataset.show);
    const shown = field.type === "password";
    const word = button.querySelector("span");
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
    [word.textContent, button.dataset.hide] = [button.dataset.hide, word.textContent];
  });
})();
