// The popup: opens when something is swapped into it, gives the focus back when it closes.
(() => {
  const dialog = document.getElementById("dlg");
  if (!dialog) return;
  const body = document.getElementById("dlg-body");
  let opener = null; // Where the focus returns to.
  let refused = null; // A button that was answered with the popup instead of its deed.
  let typed = ""; // The e-mail, so that it need not be typed again in the popup's next form.
  body.addEventListener("input", ({ target }) => { if (target.name === "email") typed = target.value; });

  function open(source) {
    const menu = source?.closest?.("[popover]");
    // The menu itself may be replaced meanwhile; its button keeps its id.
    opener = menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : source;
    refused = source?.matches?.("button[hx-post]") ? source : null;
    if (menu?.matches(":popover-open")) menu.hidePopover();
    dialog.showModal();
  }

  document.addEventListener("htmx:after:swap", (event) => {
    if (!body.firstElementChild) return;
    const email = body.querySelector("[name=email]");
    if (email && !email.value) email.value = typed;
    if (body.querySelector("#dlg-h")) dialog.setAttribute("aria-labelledby", "dlg-h");
    if (!dialog.open) open(event.detail.ctx.sourceElement);
  });

  document.addEventListener("dialog:close", () => {
    body.replaceChildren(); // The browser tells of the closing a frame later: the page fetched meanwhile would open it anew.
    dialog.close();
  });

  // What is swapped in afterwards (the header, the page underneath) takes the focus away with what it
  // replaces: until the person goes elsewhere, it belongs to the element of this id.
  let home = "";
  const bringHome = () => {
    if (home && document.activeElement === document.body) document.getElementById(home)?.focus();
  };
  new MutationObserver(bringHome).observe(document.body, { childList: true, subtree: true });
  for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, () => { home = ""; });

  // Signed in: the page underneath becomes the customer's, without loading anew. What the popup had stood in the way of
  // is done first, or the page would be fetched as it was before.
  let again = null;
  const refresh = () => htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "outerHTML" });
  document.addEventListener("auth:changed", () => {
    again = refused;
    if (!again) refresh();
  });

  function doAgain(button) {
    const done = (event) => {
      if (event.detail.ctx.sourceElement !== button) return;
      document.removeEventListener("htmx:after:request", done);
      refresh();
    };
    document.addEventListener("htmx:after:request", done);
    button.click();
  }

  dialog.addEventListener("close", () => {
    body.replaceChildren(); // Password managers look for the field to be gone.
    dialog.removeAttribute("aria-labelledby");
    const known = opener?.isConnected ? opener : document.getElementById(opener?.id || "my-btn");
    known?.focus();
    home = known?.id || "my-btn";
    if (again) doAgain(again);
    opener = refused = again = null;
    typed = "";
  });
})();
